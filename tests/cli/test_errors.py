"""Whatever goes wrong becomes a sentence and an exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.typed import run

ROOT = Path(__file__).parents[2]


pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (["puppy-cli", "run", "nothing"], 1, "no workflow nothing"),
        (["puppy-cli", "run", "No Name!"], 2, "is not a reference"),
        (["puppy-cli", "run", "keyword-extractor", "--input", "text"], 2, "has no ="),
        (["puppy-cli", "run", "keyword-extractor", "--input", "txt=a"], 2, "did you mean 'text'?"),
        (["puppy-cli", "run", "keyword-extractor", "--input", "top=many"], 2, "of type integer"),
        (["puppy-cli", "info", "sentiment-analisys"], 1, "did you mean sentiment-analysis?"),
        (["puppy-cli", "frobnicate"], 2, "No such command"),
        (["puppy-cli", "logs", "keyword-extractor", "--env", "mars"], 2, "no environment 'mars'"),
        (["puppy-cli", "validate", "/nowhere"], 1, "there is no workflow-resource.yaml"),
        (["puppy-cli", "import", "puppyflow", "/nowhere.json"], 1, "there is no such file"),
        (["puppy-cli", "list", "--registry", "/nowhere"], 1, "no registry here"),
        (["puppy-cli", "init", "Not A Name"], 2, "must be lower-case"),
        (["registry-tool", "check", "--root", "/nowhere"], 1, "this is not a registry"),
        (["registry-tool", "check-pr", "--base", "nowhere"], 1, "no commit 'nowhere'"),
        (["registry-tool", "serve", "/nowhere"], 1, "no built site"),
        (["registry-tool", "deploy", "--env", "x", "--request", "{"], 2, "not JSON"),
        (["registry-tool", "execute", "--env", "x", "--request", "{}"], 2, "has no 'workflow'"),
    ],
)
def test_wrong_words_get_a_reason_and_no_traceback(
    words: list[str], code: int, expected: str
) -> None:
    done = run(ROOT, *words)
    assert done.returncode == code, done.stderr
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bug_becomes_a_file(tmp_path: Path) -> None:
    from registry_tool.cli import errors

    def bug() -> None:
        raise ZeroDivisionError

    assert errors.run(bug) == errors.BUG
