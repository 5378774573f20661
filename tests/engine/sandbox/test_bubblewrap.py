"""How bubblewrap is told to build the native sandbox."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from registry_tool.core.errors import MissingToolError
from registry_tool.engine.sandbox import bubblewrap

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the native sandbox needs Linux")


def test_elsewhere_than_on_linux_no_code_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap.sys, "platform", "win32")
    with pytest.raises(MissingToolError, match="needs Linux"):
        bubblewrap.command(3, "")


def test_an_ordinary_user_gets_a_user_namespace_and_root_gives_up_everything(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bwrap").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(bubblewrap, "is_root", lambda: False)
    assert "--unshare-user" in bubblewrap.command(3, "")
    monkeypatch.setattr(bubblewrap, "is_root", lambda: True)
    words = bubblewrap.command(3, "")
    assert words[words.index("--cap-drop") + 1] == "ALL"
    for name in ("ipc", "pid", "net", "uts"):
        assert f"--unshare-{name}" in words
