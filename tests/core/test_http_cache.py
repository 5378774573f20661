"""Documents that are kept: whole or not at all, bounded, by several processes at once."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from registry_tool.core.http_cache import CachedDocument, HttpCache

TIME = "2024-01-20T15:30:00.000Z"


def document(body: bytes, **rest: str) -> CachedDocument:
    return CachedDocument(body, TIME, **rest)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_what_is_kept_is_found(tmp_path: Path) -> None:
    cache = HttpCache(tmp_path)
    assert cache.find("https://a.example/x") is None
    cache.keep("https://a.example/x", document(b"one", etag='"1"', modified="then"))
    cache.keep("https://a.example/y", document(b"\n\x00two\n"))
    again = HttpCache(tmp_path)
    assert again.find("https://a.example/x") == document(b"one", etag='"1"', modified="then")
    assert again.find("https://a.example/y") == document(b"\n\x00two\n")
    cache.keep("https://a.example/x", document(b"new"))
    assert again.find("https://a.example/x") == document(b"new")
    assert {path.stat().st_mode & 0o777 for path in files(tmp_path)} == {0o600}


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data + b"x",
        lambda data: data[:-1] + b"X",
        lambda data: b"{}\n" + data.partition(b"\n")[2],
        lambda data: b"\xff" * 20_000,
        lambda data: data.replace(b"a.example", b"b.example"),
        lambda data: data.replace(b'"size":3', b'"size":"3"'),
    ],
)
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, damage: object) -> None:
    cache = HttpCache(tmp_path)
    cache.keep("https://a.example/x", document(b"one"))
    (file,) = files(tmp_path)
    file.write_bytes(damage(file.read_bytes()))  # type: ignore[operator]
    assert cache.find("https://a.example/x") is None
    assert files(tmp_path) == []


def test_a_file_under_another_s_name_is_not_taken_for_it(tmp_path: Path) -> None:
    cache = HttpCache(tmp_path)
    cache.keep("a", document(b"one"))
    (one,) = files(tmp_path)
    cache.keep("b", document(b"two"))
    (other,) = (path for path in files(tmp_path) if path != one)
    one.replace(other)
    assert cache.find("b") is None


def test_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    HttpCache(tmp_path).keep("old", document(b"x" * 1000))
    (old,) = files(tmp_path)
    HttpCache(tmp_path).keep("used", document(b"x" * 1000))
    (used,) = (path for path in files(tmp_path) if path != old)
    os.utime(old, ns=(1, 1))
    os.utime(used, ns=(0, 0))
    cache = HttpCache(tmp_path, limit=3500)
    assert cache.find("used") is not None  # which counts as a use
    cache.keep("new", document(b"x" * 1000))
    assert [cache.find(key) is not None for key in ("old", "used", "new")] == [False, True, True]
    assert sum(path.stat().st_size for path in files(tmp_path)) <= 3500


def test_the_folder_stays_bounded_while_it_is_written(tmp_path: Path) -> None:
    cache = HttpCache(tmp_path, limit=20_000)
    for number in range(100):
        cache.keep(str(number), document(b"x" * 500))
        assert sum(path.stat().st_size for path in files(tmp_path)) <= 20_000
    assert cache.find("99") is not None
    cache.keep("large", document(b"x" * 20_000))
    assert cache.find("large") is None
    assert cache.find("99") is not None
    HttpCache(tmp_path / "none", limit=0).keep("x", document(b""))
    assert not (tmp_path / "none").exists()


def test_a_folder_that_cannot_be_used_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = HttpCache(tmp_path / "file")
    cache.keep("x", document(b"one"))
    assert cache.find("x") is None


def test_several_write_and_read_at_once(tmp_path: Path) -> None:
    """Each has its own notion of the size, as processes have; a reader finds a whole document or none."""
    caches = [HttpCache(tmp_path, limit=30_000) for _ in range(4)]

    def work(number: int) -> list[bytes]:
        cache = caches[number % 4]
        cache.keep(f"k{number % 7}", document(bytes([number % 7]) * 4000))
        found = (cache.find(f"k{key}") for key in range(7))
        return [one.body for one in found if one is not None]

    with ThreadPoolExecutor(4) as pool:
        bodies = [body for found in pool.map(work, range(80)) for body in found]
    assert bodies
    assert {(len(body), len(set(body))) for body in bodies} == {(4000, 1)}
