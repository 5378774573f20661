"""Documents over HTTP: asked whether they changed, kept by whoever asked, and offline as they were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registry_tool.core.clock import FixedClock
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.http_cache import CachedDocument, HttpCache
from registry_tool.sources.base import NotFetchedError
from registry_tool.sources.documents import Documents
from tests.etag_server import EtagServer, etag_server

START = datetime(2024, 1, 20, 15, 30, tzinfo=UTC)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EtagServer]:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/x").write_text("one")
    with etag_server(tmp_path / "site") as found:
        yield found


def documents(tmp_path: Path, *, offline: bool = False, minutes: int = 0) -> Documents:
    """One command's, so many minutes after the start."""
    clock = FixedClock(START + timedelta(minutes=minutes))
    return Documents("the registry", HttpCache(tmp_path / "cache"), offline, clock=clock)


def test_what_has_not_changed_is_not_sent_again(tmp_path: Path, server: EtagServer) -> None:
    for _ in range(2):
        assert documents(tmp_path).get(f"{server.address}/x", 100) == b"one"
    assert server.asked == [("/x", 200), ("/x", 304)]
    (server.folder / "x").write_text("two")
    assert documents(tmp_path).get(f"{server.address}/x", 100) == b"two"


def test_a_time_of_change_is_asked_by_where_it_tells_documents_apart(
    tmp_path: Path, server: EtagServer
) -> None:
    server.answer = lambda path, given: (200, "", b"one")  # type: ignore[method-assign]
    for modified, validators in (("Sat, 01 Jan 2000 00:00:00 GMT", 1), ("nonsense", 0)):
        server.headers = {"Last-Modified": modified}
        for _ in range(2):
            documents(tmp_path / modified[:3]).get(f"{server.address}/x", 100)
        asked = [given.get("if-modified-since") for given in server.sent[-2:]]
        assert asked == [None, modified if validators else None]


@pytest.mark.parametrize("etag", ['"\xe9\x9f"', '"' + "x" * 5000 + '"', '"a\tb"'])
def test_a_validator_that_cannot_be_sent_back_is_not_kept(
    tmp_path: Path, server: EtagServer, etag: str
) -> None:
    server.answer = lambda path, given: (200, etag, b"one")  # type: ignore[method-assign]
    for _ in range(2):
        assert documents(tmp_path).get(f"{server.address}/x", 100) == b"one"
    assert "if-none-match" not in server.sent[-1]


def test_what_must_not_be_kept_is_not(tmp_path: Path, server: EtagServer) -> None:
    server.headers = {"Cache-Control": "private, no-store"}
    documents(tmp_path).get(f"{server.address}/x", 100)
    assert not (tmp_path / "cache").exists()


def test_an_age_is_believed_only_where_nobody_waits_for_what_is_new(
    tmp_path: Path, server: EtagServer
) -> None:
    server.headers = {"Cache-Control": "public, max-age=600"}
    address = f"{server.address}/x"
    for minutes, asked in ((0, 1), (9, 1), (11, 2)):
        documents(tmp_path, minutes=minutes).get(address, 100, believe_age=True)
        assert len(server.asked) == asked
    documents(tmp_path, minutes=12).get(address, 100)
    assert server.asked[2:] == [("/x", 304)]


def test_offline_it_is_as_it_was(tmp_path: Path, server: EtagServer) -> None:
    documents(tmp_path).get(f"{server.address}/x", 100)
    (server.folder / "x").write_text("two")
    later = documents(tmp_path, offline=True, minutes=90)
    assert later.get(f"{server.address}/x", 100) == b"one"
    assert later.notes.as_of == ("offline: the registry as of 2024-01-20T15:30:00.000Z",)
    with pytest.raises(NotFetchedError, match="was never fetched") as caught:
        later.get(f"{server.address}/y", 100)
    assert caught.value.location == f"{server.address}/y"
    assert server.asked == [("/x", 200)]


def test_without_a_cache_all_is_fetched_and_offline_nothing_is_there(
    server: EtagServer,
) -> None:
    for _ in range(2):
        assert Documents().get(f"{server.address}/x", 100) == b"one"
    assert [status for _, status in server.asked] == [200, 200]
    with pytest.raises(NotFetchedError):
        Documents(offline=True).get(f"{server.address}/x", 100)


def test_what_somebody_may_read_is_kept_for_them_alone(tmp_path: Path, server: EtagServer) -> None:
    server.authorization = "Basic YWRhOnMzY3JldA=="
    with_user = f"{server.address}/x".replace("://", "://ada:s3cret@")
    assert documents(tmp_path).get(with_user, 100) == b"one"
    with pytest.raises(RegistryError, match="answered 401") as caught:
        documents(tmp_path).get(f"{server.address}/x", 100)
    assert "config set" in caught.value.hint
    for words in (f"{server.address}/x", f"{server.address}/x".replace("://", "://evelyn:x@")):
        with pytest.raises(NotFetchedError) as lacks:
            documents(tmp_path, offline=True).get(words, 100)
        assert "evelyn" not in str(lacks.value)
    kept = b"".join(p.read_bytes() for p in (tmp_path / "cache").rglob("*") if p.is_file())
    assert b"one" in kept
    assert b"s3cret" not in kept
    assert b"YWRh" not in kept


def test_what_never_changes_is_asked_once_and_a_damaged_one_again(
    tmp_path: Path, server: EtagServer
) -> None:
    def read(body: bytes) -> bytes:
        if body != b"one":
            raise RegistryError("another digest")
        return body

    def asked(*, offline: bool = False) -> bytes:
        found = documents(tmp_path, offline=offline)
        return found.immutable("sha256:1", f"{server.address}/x", 100, read)

    with pytest.raises(NotFetchedError):
        asked(offline=True)
    assert [asked(), asked(), asked(offline=True)] == [b"one"] * 3
    assert server.asked == [("/x", 200)]
    other = CachedDocument(b"two", "2024-01-20T15:30:00.000Z")
    HttpCache(tmp_path / "cache").keep("sha256:1", other)
    with pytest.raises(NotFetchedError):
        asked(offline=True)
    assert asked() == b"one"
    (server.folder / "x").write_text("two")
    HttpCache(tmp_path / "cache").keep("sha256:1", other)
    with pytest.raises(RegistryError, match="another digest"):
        asked()


def test_what_is_gone_is_not_there(tmp_path: Path, server: EtagServer) -> None:
    for _ in range(2):
        with pytest.raises(NotFoundError):
            documents(tmp_path).get(f"{server.address}/none", 100)
