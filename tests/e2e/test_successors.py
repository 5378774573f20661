"""A move to a successor with a model that really answers, onto a real remote, by the command itself."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.engine.providers.models.weights import find_weights
from tests.conftest import RegistryFolder

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.model,
    pytest.mark.skipif(find_weights() is None, reason="the embedded model is not installed"),
]
ASKS = """\
    - id: greet
      source: who
      target: greeting
      type: llm
      config: { prompt: "Say hello to {{who}}.", model: old-7b, max_tokens: 8, temperature: 0 }
"""


def test_both_versions_are_asked_and_the_branch_passes_the_check(
    make_registry: Callable[..., RegistryFolder], tmp_path: Path
) -> None:
    made = make_registry(git=True)
    file = made.lay("asker", "1.0.0") / "manifest.yaml"
    text = file.read_text()
    text = text[: text.index("    - id: greet")] + ASKS + text[text.index("  runtime:") :]
    asserts = "assert: [{ type: regex, value: . }] }"
    file.write_text(text.replace('expected: { greeting: "Hello, world!" } }', asserts))
    made.compile()
    made.commit("Publish asker 1.0.0")
    made.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    made.git("remote", "add", "origin", str(tmp_path / "bare.git"))
    ends = {"model": "old-7b", "retires": "2026-01-01T00:00:00Z", "replacement": "new-8b"}
    known = {
        "format": "puppyai.com/model-retirements/v1",
        "models": [{**ends, "source": "https://example.com"}],
    }
    (made.root / "registry/model-retirements.json").write_text(json.dumps(known))

    def tool(*words: str) -> str:
        command = [str(Path(sys.executable).with_name("registry-tool")), *words]
        done = subprocess.run(command, cwd=made.root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    asked = ("--propose", "--provider", "local", "--remote", "origin", "--format", "json")
    (one,) = json.loads(tool("retirements", "--now", "2026-02-01", *asked))["proposals"]
    assert (one["state"], one["verdict"]) == ("pushed", "inconclusive")
    made.git("fetch", "--quiet", "origin", "successor/asker")
    assert "1 new version" in tool("check-pr", "--base", "main", "--head", "FETCH_HEAD")
    message = made.git("log", "-1", "--format=%B", "FETCH_HEAD")
    assert "1 pair: 1 pass on both" in message
    assert "answered instead of new" in message
    assert made.git("ls-remote", "origin", "refs/heads/main").split()[0] == made.git(
        "rev-parse", "main"
    )
