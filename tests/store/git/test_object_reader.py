"""The long-lived reader of objects: every answer belongs to its own question."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest

from registry_tool.store.git import object_reader
from registry_tool.store.git.environment import BorrowedObjects
from registry_tool.store.git.object_reader import ObjectReader
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder

NOTHING = "0" * 40


@pytest.fixture
def reader(registry: RegistryFolder) -> Iterator[ObjectReader]:
    alone = BorrowedObjects(registry.root / ".git")
    made = ObjectReader(alone.environment)
    yield made
    made.stop()


def blobs(registry: RegistryFolder) -> dict[str, bytes]:
    """Ids and bytes of some blobs: one is empty, the others hold line breaks and zeros."""
    repository = Repository(registry.root)
    contents = [b"\n\0 %d\n" % n * n for n in range(9)]
    tree = repository.tree_with("main", {f"{n}": data for n, data in enumerate(contents)})
    return {registry.git("rev-parse", f"{tree}:{n}"): data for n, data in enumerate(contents)}


def test_type_bytes_and_size(registry: RegistryFolder, reader: ObjectReader) -> None:
    head = registry.git("rev-parse", "HEAD")
    found = reader.read(head)
    assert found is not None
    assert (found[0], found[1][:5]) == ("commit", b"tree ")
    assert reader.size(head) == len(found[1])
    for object_id, data in blobs(registry).items():
        assert reader.read(object_id) == ("blob", data)


def test_a_missing_object_does_not_shift_the_answers(
    registry: RegistryFolder, reader: ObjectReader
) -> None:
    known = blobs(registry)
    assert (reader.read(NOTHING), reader.size(NOTHING)) == (None, None)
    asked = [name for known_id in known for name in (known_id, NOTHING)] * 10
    wanted = [known.get(name) for name in asked]
    assert list(reader.read_many(asked)) == wanted
    assert list(reader.read_many([])) == []


def test_a_small_object_is_asked_for_once(registry: RegistryFolder, reader: ObjectReader) -> None:
    known = blobs(registry)
    for object_id in known:
        reader.read(object_id)
    with mock.patch.object(reader, "_ask", side_effect=AssertionError("git is asked again")):
        for object_id, data in known.items():
            assert reader.read(object_id) == ("blob", data)
            assert (reader.kind(object_id), reader.size(object_id)) == ("blob", len(data))


def test_what_is_kept_is_bounded(
    registry: RegistryFolder, reader: ObjectReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_reader, "_MOST_KEPT", 100)
    for object_id, data in blobs(registry).items():
        assert reader.read(object_id) == ("blob", data)
        assert reader._kept._bytes <= 100


def test_threads_get_their_own_answers(registry: RegistryFolder, reader: ObjectReader) -> None:
    known = blobs(registry)
    asked = list(known) * 30
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(reader.read, asked))
    assert [item and item[1] for item in found] == [known[name] for name in asked]


def test_an_interrupted_question_leaves_no_answer_behind(
    registry: RegistryFolder, reader: ObjectReader
) -> None:
    known = blobs(registry)
    names = list(known)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    for ask in (
        lambda: reader.read(names[1]),
        lambda: reader.size(names[2]),
        lambda: list(reader.read_many(names)),
    ):
        reader._kept = object_reader._Kept()
        process, pipe = reader._process, reader._process.stdout
        process.stdout = mock.Mock(readline=interrupted)
        with pytest.raises(KeyboardInterrupt):
            ask()
        assert pipe is not None
        pipe.close()
        assert reader._process is not process
        assert [reader.read(name) for name in names] == [("blob", data) for data in known.values()]
        assert list(reader.read_many(names)) == list(known.values())
