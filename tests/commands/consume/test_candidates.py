"""Names that a shell may complete."""

from __future__ import annotations

from pathlib import Path

from registry_tool.commands.author.init import init
from registry_tool.commands.consume.candidates import (
    environment_names,
    test_names,
    version_numbers,
    workflow_names,
)
from registry_tool.sources.configuration.choice import as_choice
from tests.commands.deploying import Make

test_names.__test__ = False  # type: ignore[attr-defined]


def test_what_a_registry_has(make_registry: Make, tmp_path: Path) -> None:
    made = make_registry()
    for version in ("1.0.0", "1.10.0", "1.9.0"):
        made.add("hello", version)
    choice = as_choice(str(made.root))
    assert workflow_names(choice) == ["hello"]
    assert version_numbers(choice, "hello") == ["1.10.0", "1.9.0", "1.0.0"]
    assert version_numbers(choice, "nothing") == []
    assert test_names(choice, str(init("base", "text", tmp_path / "base").folder)) == ["greets"]
    assert environment_names(as_choice("https://host.invalid")) == []
