"""The alert rules and the dashboard as files, over nobody's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.monitor.monitoring import FILES, write_monitoring
from registry_tool.core.errors import RegistryError


def test_both_files_are_written_and_again_nothing_is_put_aside(tmp_path: Path) -> None:
    written, kept = write_monitoring(tmp_path)
    assert [path.name for path in written] == list(FILES)
    assert all(path.read_bytes() for path in written)
    assert kept == []
    assert write_monitoring(tmp_path) == (written, [])


def test_a_file_that_somebody_changed_is_kept(tmp_path: Path) -> None:
    write_monitoring(tmp_path)
    (tmp_path / "alerts.yml").write_text("mine")
    _, (kept,) = write_monitoring(tmp_path)
    assert kept.read_text() == "mine"
    assert (tmp_path / "alerts.yml").read_text() != "mine"


def test_nothing_is_written_into_git(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with pytest.raises(RegistryError, match="inside git"):
        write_monitoring(tmp_path / ".git/x")
    assert not (tmp_path / ".git/x").exists()
