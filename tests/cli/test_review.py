"""Commands that judge, as a job and a maintainer type them."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.cli.typed import run

pytestmark = pytest.mark.e2e


def test_a_held_request_has_its_own_exit_code_and_label(
    make_registry: Callable[..., object],
) -> None:
    registry = make_registry(git=True)
    registry.git("checkout", "--quiet", "-b", "tool")  # type: ignore[attr-defined]
    (registry.root / "tool.txt").write_text("new")  # type: ignore[attr-defined]
    registry.commit("Change the tool")  # type: ignore[attr-defined]
    words = ["registry-tool", "check-pr", "--base", "main", "--format", "json"]
    held = run(registry.root, *words)  # type: ignore[attr-defined]
    document = json.loads(held.stdout)
    assert (held.returncode, document["verdict"]) == (4, "held")
    accepted = run(registry.root, *words, "--accept", json.dumps(["bug", document["label"]]))  # type: ignore[attr-defined]
    assert (accepted.returncode, json.loads(accepted.stdout)["verdict"]) == (0, "passed")
    (registry.root / "tool.txt").write_text("newer")  # type: ignore[attr-defined]
    registry.commit("Change it again")  # type: ignore[attr-defined]
    assert run(registry.root, *words, "--accept", document["label"]).returncode == 4  # type: ignore[attr-defined]


def test_a_yank_is_written_said_and_taken_back(make_registry: Callable[..., object]) -> None:
    registry = make_registry()
    root = registry.root  # type: ignore[attr-defined]
    for version in ("1.0.0", "1.1.0"):
        registry.add("hello", version)  # type: ignore[attr-defined]
    alone = run(root, "registry-tool", "yank", "hello:1.1.0", "--reason", "It leaks.")
    assert (alone.returncode, "nothing is named in its place" in alone.stderr) == (1, True)
    words = ["--reason", "It leaks.", "--replacement", "1.0.0"]
    done = run(root, "registry-tool", "yank", "hello:1.1.0", *words)
    assert done.returncode == 0, done.stderr
    assert (
        run(root, "puppy-cli", "run", "hello", "--input", "who=you").stdout
        == "greeting: Hello, you!\n"
    )
    pinned = run(root, "puppy-cli", "run", "hello:1.1.0", "--input", "who=you")
    assert "warning: hello:1.1.0 is yanked: It leaks; use 1.0.0 instead" in pinned.stderr
    assert "yanked: It leaks." in run(root, "puppy-cli", "versions", "hello").stdout
    assert run(root, "registry-tool", "yank", "hello:1.1.0", "--undo").returncode == 0
    assert run(root, "registry-tool", "yank", "hello:1.1.0", "--undo").returncode == 1
    assert run(root, "registry-tool", "yank", "hello:9.0.0", *words).returncode == 1
    gone = run(root, "registry-tool", "remove", "hello:1.0.0", "--reason", "A court asked.")
    assert gone.returncode == 0, gone.stderr
    assert not (root / "registry/workflows/hello/1.0.0").exists()
