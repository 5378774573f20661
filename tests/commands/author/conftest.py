"""What commands for authors are tried on."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.author.init import init


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return init("base", "text", tmp_path / "base").folder
