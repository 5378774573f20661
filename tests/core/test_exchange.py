from __future__ import annotations

import errno
from pathlib import Path

import pytest

from registry_tool.core import exchange as module
from registry_tool.core.exchange import can_exchange, exchange, exchange_or_busy


def test_two_folders_are_exchanged(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    done = exchange(tmp_path / "a", tmp_path / "b")
    assert done == can_exchange()
    assert (tmp_path / "a/b").exists() == done
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "a", tmp_path / "none")


def test_what_is_mounted_is_reported_to_who_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_try_exchange", lambda one, other: errno.EBUSY)
    assert not exchange(tmp_path, tmp_path)
    with pytest.raises(OSError, match="busy"):
        exchange_or_busy(tmp_path, tmp_path)


def test_elsewhere_than_on_linux_nothing_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    assert not can_exchange()
    assert not exchange(tmp_path, tmp_path)
