"""The script goes where the shell looks for it, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.cli.completion.install import install


@pytest.mark.parametrize(
    ("shell", "script", "start_up"),
    [
        ("bash", ".local/share/bash-completion/completions/puppy-cli", ".bashrc"),
        ("zsh", ".local/share/puppyai-workflows/puppy-cli.zsh", ".zshrc"),
        ("fish", ".config/fish/completions/puppy-cli.fish", None),
    ],
)
def test_a_second_time_changes_nothing(
    shell: str, script: str, start_up: str | None, tmp_path: Path
) -> None:
    if start_up:
        (tmp_path / "dotfiles").write_text("export A=1")  # without a line's end, behind a link
        (tmp_path / start_up).symlink_to(tmp_path / "dotfiles")
    done = install("puppy-cli", shell, "the script", tmp_path, {"XDG_DATA_HOME": "relative"})
    assert done.written == done.files
    assert done.files[0] == tmp_path / script
    assert (tmp_path / script).read_text() == "the script\n"
    if start_up:
        assert (tmp_path / start_up).is_symlink()
        first, line = (tmp_path / start_up).read_text().splitlines()
        assert first == "export A=1"
        assert str(tmp_path / script) in line
    again = install("puppy-cli", shell, "the script", tmp_path, {})
    assert (again.files, again.written) == (done.files, ())


def test_the_folders_are_those_of_the_variables(tmp_path: Path) -> None:
    named = {"XDG_DATA_HOME": str(tmp_path / "da ta"), "ZDOTDIR": str(tmp_path / "zsh")}
    done = install("registry-tool", "zsh", "x", tmp_path / "home", named)
    assert done.files == (
        tmp_path / "da ta/puppyai-workflows/registry-tool.zsh",
        tmp_path / "zsh/.zshrc",
    )
    assert f"'{done.files[0]}'" in done.files[1].read_text()
