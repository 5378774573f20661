"""What `doctor --fix` would run, and what it says where that fails."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from registry_tool.commands.author import prerequisites
from registry_tool.commands.author.doctor import Prerequisite, doctor
from registry_tool.commands.author.prerequisites import steps_for
from registry_tool.core.errors import MissingToolError, RegistryError


def missing(name: str, hint: str, *, found: bool = False) -> Prerequisite:
    return Prerequisite(name, "about", found, hint)


PIP = "pip install 'puppyai-workflow-registry[{}]'"


def test_extras_come_in_one_go_then_the_models_and_nothing_that_needs_an_administrator() -> None:
    steps = steps_for(
        [
            missing("git", "install git"),
            missing("search", PIP.format("search")),
            missing("sandbox", PIP.format("sandbox")),
            missing("files", PIP.format("files"), found=True),
            missing("weights", "puppy-cli models install"),
        ]
    )
    pip = f"{sys.executable} -m pip install 'puppyai-workflow-registry[sandbox,search]'"
    assert [(step.words, step.names) for step in steps] == [
        (pip, ("search", "sandbox")),
        ("puppy-cli models install", ("weights",)),
    ]


def test_every_hint_of_the_doctor_that_names_a_command_is_one_that_can_be_run() -> None:
    hinted = [part for part in doctor() if part.hint.startswith(("pip ", "puppy-cli "))]
    steps = steps_for([missing(part.name, part.hint) for part in hinted])
    assert {name for step in steps for name in step.names} == {part.name for part in hinted}


def test_a_failing_pip_and_none_at_all_are_errors_with_a_way_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (step,) = steps_for([missing("x", PIP.format("search"))])
    failing = tmp_path / "python"
    # It stands for a Python whose pip has no network.
    failing.write_text("#!/bin/sh\necho no such index >&2\nexit 3\n")
    failing.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(failing))
    with pytest.raises(RegistryError, match="could not install it: no such index"):
        step.run()
    monkeypatch.setattr(prerequisites, "find_spec", lambda _: None)
    with pytest.raises(MissingToolError) as caught:
        step.run()
    assert "uv pip install" in caught.value.hint
