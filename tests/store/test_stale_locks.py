from __future__ import annotations

from pathlib import Path

from registry_tool.store.stale_locks import LockWatch


class Hand:
    """A clock that is moved by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_only_a_lock_that_never_changes_is_removed(tmp_path: Path) -> None:
    hand, path = Hand(), tmp_path / "deployments.lock"
    watch = LockWatch(path, 5.0, hand)
    assert not watch.clear()
    path.touch()
    assert not watch.clear()
    hand.now = 4.9
    assert not watch.clear()
    path.unlink()
    (tmp_path / "other").touch()  # takes the inode, so that the next lock is another file
    path.touch()
    hand.now = 6.0
    assert not watch.clear()
    hand.now = 11.0
    assert watch.clear()
    assert not path.exists()
