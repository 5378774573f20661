from __future__ import annotations

from pathlib import Path

from registry_tool.core.put_aside import back_up


def test_every_edition_is_kept_once(tmp_path: Path) -> None:
    file = tmp_path / "file"
    assert back_up(file, b"new") is None
    kept = []
    for text in (b"one", b"two", b"one", b"new"):
        file.write_bytes(text)
        kept.append(back_up(file, b"new"))
    first, second = tmp_path / ".file.before", tmp_path / ".file.before-2"
    assert kept == [first, second, first, None]
    assert (first.read_bytes(), second.read_bytes()) == (b"one", b"two")
