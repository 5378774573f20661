"""`completion install` and `completion show`, of both programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.typed import run


@pytest.mark.parametrize("program", ["puppy-cli", "registry-tool"])
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_both_programs_write_each_shells_script(program: str, shell: str, tmp_path: Path) -> None:
    home = {
        "HOME": str(tmp_path),
        "SHELL": f"/usr/bin/{shell}",
        "XDG_DATA_HOME": "",
        "XDG_CONFIG_HOME": "",
    }
    shown = run(tmp_path, program, "completion", "show", **home)
    assert f"{shell}_complete" in shown.stdout
    words = (program, "completion", "install", "--format", "json")
    done = json.loads(run(tmp_path, *words, **home).stdout)
    assert done["shell"] == shell
    assert done["written"] == done["files"]
    assert Path(done["files"][0]).read_text().strip() == shown.stdout.strip()
    assert json.loads(run(tmp_path, *words, **home).stdout)["written"] == []


@pytest.mark.parametrize(("shell", "expected"), [("", "SHELL is not set"), ("/bin/csh", "'csh'")])
def test_a_shell_that_there_is_nothing_for_is_named(
    shell: str, expected: str, tmp_path: Path
) -> None:
    done = run(tmp_path, "puppy-cli", "completion", "install", HOME=str(tmp_path), SHELL=shell)
    assert done.returncode == 2
    assert expected in done.stderr
    assert "--shell bash" in done.stderr
    assert not list(tmp_path.iterdir())
