"""A project where no registry is known: what needs none works, and one warning says what was left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.invoked import invoke
from tests.conftest import MANIFEST

ANSWERED = """\
    - { id: ask, source: who, target: greeting, type: workflow, config: { name: helper } }
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that requires `helper`, and calls it only where its test asks for that."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine/docs").mkdir(parents=True)
    (tmp_path / "mine/docs/README.md").write_text("# Mine\n")
    need = "[{ name: helper, version: ^1 }]"
    text = MANIFEST.replace("NAME", "mine").replace("VERSION", "0.1.0").replace("REQUIRES", need)
    (tmp_path / "mine/workflow-resource.yaml").write_text(text)
    return tmp_path / "mine"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("test", "1 passed, 0 failed"),
        ("build", "mine-0.1.0.wfpkg"),
        ("dev", "1 passed, 0 failed"),
    ],
)
def test_what_needs_no_registry_works_and_one_warning_says_what_was_left_out(
    mine: Path, command: str, said: str
) -> None:
    done = invoke(command, "mine/")
    assert said in done.stdout, done.output
    assert done.stderr.count("warning: not checked: ") == 1
    assert "dependencies" in done.stderr
    assert "no registry is known" in done.stderr
    assert "with --registry" in done.stderr


def test_validate_says_in_one_warning_what_it_could_not_look_at(mine: Path) -> None:
    done = invoke("validate", "mine")
    assert done.stderr.count("not checked: ") == 1
    for word in ("name", "bump", "category", "owners", "dependencies", "whether the tests pass"):
        assert word in done.stderr


def test_a_test_that_calls_a_dependency_fails_and_says_why(mine: Path) -> None:
    manifest = mine / "workflow-resource.yaml"
    text = manifest.read_text()
    start = text.index("    - id: greet\n")
    end = text.index("  runtime:")
    manifest.write_text(text[:start] + ANSWERED + text[end:])
    done = invoke("test", "mine/")
    assert done.exit_code == 1
    assert "can't call helper" in done.stdout
    text = manifest.read_text()
    manifest.write_text(text.replace("expected:", 'answers: { ask: "Hello, world!" }, expected:'))
    assert invoke("test", "mine/").exit_code == 0
    assert "by hand" in invoke("test", "mine/").stdout


def test_a_project_without_dependencies_has_nothing_to_leave_out(mine: Path) -> None:
    manifest = mine / "workflow-resource.yaml"
    manifest.write_text(manifest.read_text().replace("[{ name: helper, version: ^1 }]", "[]"))
    for command in ("test", "build"):
        assert invoke(command, "mine/").stderr == ""


def test_dependencies_that_cannot_be_had_are_reported_by_build(mine: Path, tmp_path: Path) -> None:
    (tmp_path / "r/registry").mkdir(parents=True)
    (tmp_path / "r/registry/registry.yaml").write_text("name: R\n")
    done = invoke("build", "mine", "--registry", "r")
    assert "mine-0.1.0.wfpkg" in done.stdout
    assert "warning: the dependencies can't be had: no version of helper fits" in done.stderr
