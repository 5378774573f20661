"""Commands for consumers, as a user types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.typed import run

pytestmark = pytest.mark.e2e


def test_install_locks_and_a_second_time_writes_nothing(
    make_registry: Callable[..., object], tmp_path: Path
) -> None:
    registry = make_registry()
    registry.add("hello", "1.0.0")  # type: ignore[attr-defined]
    registry.add("caller", "1.0.0", hello="^1.0.0")  # type: ignore[attr-defined]
    location = ["--registry", str(registry.root), "--into", str(tmp_path / "mine")]  # type: ignore[attr-defined]
    first = run(tmp_path, "puppy-cli", "install", "caller@^1", *location)
    assert "2 packages written, 0 kept" in first.stdout, first.stderr
    registry.add("hello", "1.1.0")  # type: ignore[attr-defined]
    again = run(tmp_path, "puppy-cli", "install", "caller", *location)
    assert "0 packages written, 2 kept" in again.stdout, again.stderr
    lock = json.loads((tmp_path / "mine/workflow.lock").read_text())
    assert lock["workflows"]["hello"]["version"] == "1.0.0"


def test_a_diff_tells_what_a_project_asks_for(
    make_registry: Callable[..., object], tmp_path: Path
) -> None:
    registry = make_registry()
    folder = registry.add("hello", "1.0.0")  # type: ignore[attr-defined]
    project = tmp_path / "mine"
    project.mkdir()
    text = (folder / "manifest.yaml").read_text().replace("Hello, {{who}}", "Good day, {{who}}")
    (project / "workflow-resource.yaml").write_text(text)
    location = ["--registry", registry.root]  # type: ignore[attr-defined]
    result = run(tmp_path, "puppy-cli", "diff", "hello:1.0.0", "./mine", *location)
    assert "This asks for a minor release after 1.0.0: 1.1.0 or higher." in result.stdout, (
        result.stderr
    )
    assert "+Good day, {{who}}!" in result.stdout
    value = json.loads(
        run(tmp_path, "puppy-cli", "diff", "hello", "./mine", *location, "--format", "json").stdout
    )
    assert value["suggested_version"] == "1.1.0"


def test_a_lock_keeps_a_yanked_version_with_a_warning(
    make_registry: Callable[..., object], tmp_path: Path
) -> None:
    registry = make_registry()
    root = registry.root  # type: ignore[attr-defined]
    for version in ("1.0.0", "1.1.0"):
        registry.add("hello", version)  # type: ignore[attr-defined]
    registry.add("caller", "1.0.0", hello="^1.0.0")  # type: ignore[attr-defined]
    words = ["puppy-cli", "install", "caller", "--registry", root]
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    run(tmp_path / "old", *words)
    reason = ["--reason", "It leaks.", "--replacement", "1.0.0"]
    assert run(root, "registry-tool", "yank", "hello:1.1.0", *reason).returncode == 0
    kept = run(tmp_path / "old", *words)
    assert "hello:1.1.0  sha256:" in kept.stdout, kept.stderr
    assert "warning: hello:1.1.0 is yanked: It leaks; use 1.0.0 instead" in kept.stderr
    fresh = run(tmp_path / "new", *words)
    assert "hello:1.0.0  sha256:" in fresh.stdout, fresh.stderr
    assert "warning" not in fresh.stderr
    location = ("--registry", root)
    asked = run(tmp_path / "old", "puppy-cli", "install", "hello@~1.1.0", *location)
    assert "hello:1.1.0 is yanked" in asked.stderr, asked.stderr
    ran = run(tmp_path / "old", "puppy-cli", "run", "caller", "--input", "who=you", *location)
    assert "hello:1.1.0 is yanked" in ran.stderr, ran.stderr
    (tmp_path / "none").mkdir()
    refused = run(tmp_path / "none", "puppy-cli", "install", "hello@~1.1.0", *location)
    assert (refused.returncode, "there are 1.0.0, 1.1.0 (yanked)" in refused.stderr) == (1, True)
    exact = run(tmp_path / "none", "puppy-cli", "install", "hello:1.1.0", *location)
    assert (exact.returncode, "hello:1.1.0 is yanked" in exact.stderr) == (0, True)
