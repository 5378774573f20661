"""An agent's skill for `puppy-cli`, which the validators of skills take."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from skills_ref import read_properties, validate
from skillsaw.__main__ import main as skillsaw

from registry_tool.cli.puppy import MODULES
from registry_tool.cli.skill import text
from tests.cli.typed import run
from tests.cli.walking import PROGRAMS


def test_every_command_is_in_it_with_its_example() -> None:
    found = text(PROGRAMS["puppy-cli"])
    for name in " ".join(MODULES.values()).split():
        assert f"- `puppy-cli {name} " in found, name
    assert found.count("  Example: `puppy-cli ") == len(" ".join(MODULES.values()).split())
    assert found == text(PROGRAMS["puppy-cli"])


def test_it_is_written_again_and_nothing_else_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "skills/puppy-cli/SKILL.md"
    for _ in range(2):
        done = run(tmp_path, "puppy-cli", "skill", "skills", "--format", "json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == {"written": "skills/puppy-cli/SKILL.md"}
    assert validate(file.parent) == []
    assert read_properties(file.parent).name == "puppy-cli"
    file.write_text("mine")
    done = run(tmp_path, "puppy-cli", "skill", "skills")
    assert done.returncode == 2
    assert "left alone" in done.stderr
    assert file.read_text() == "mine"


def test_skillsaw_finds_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "puppy-cli").mkdir()
    (tmp_path / "puppy-cli/SKILL.md").write_text(text(PROGRAMS["puppy-cli"]), "utf-8")
    words = ["skillsaw", "lint", "--no-color", "--no-progress", str(tmp_path / "puppy-cli")]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as ended:
        skillsaw()
    output = capsys.readouterr().out
    assert ended.value.code == 0, output
    assert "Skills:    1" in output
    assert "Errors:   0" in output
