"""An index's files, which a stranger's site may have written."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.site.search.index import search_files
from registry_tool.site.search.query.find import find
from registry_tool.site.search.query.index_files import IndexFiles
from registry_tool.site.search.query.parse import parse
from tests.site.search.made import WORKFLOWS, made


def test_each_file_is_read_once_and_none_that_is_not_there() -> None:
    files = dict(search_files(enumerate(WORKFLOWS)))
    read: list[str] = []

    def reading(paths: Sequence[str]) -> list[bytes]:
        read.extend(paths)
        return [files[path] for path in paths]

    index = IndexFiles(reading)
    for text in ("sumary", "sumary nothing", "tag:nlp score:>2", "块:x sort:name"):
        find(index, parse(text))
        index.cards([0, 1])
    assert len(read) == len(set(read))


def test_columns_and_facets_by_slot() -> None:
    index = made()
    assert index.column("score") == {0: 85, 1: 95, 2: 40}
    assert index.column("rating") == {1: 45}
    assert index.facet("category") == {"text": {0, 2}, "legal": {1}}
    assert index.names() == {0: "key-word", 1: "summary", 2: "words"}
    assert [card.name for card in index.cards([2, 7, 0]).values()] == ["words", "key-word"]


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"0": {"name": 1}}', b'"x"', b"\xff"])
def test_a_file_of_another_form_is_refused_with_its_path(data: bytes) -> None:
    files = dict(search_files(enumerate(WORKFLOWS)))
    for path in files:
        if path.endswith("/name/0.json") and data == b"[]":
            continue
        index = IndexFiles(lambda paths, bad=path: [data if p == bad else files[p] for p in paths])  # type: ignore[misc]
        try:
            found = find(index, parse("summary nothng tag:nlp block:x score:>1 sort:name"))
            index.cards(found.slots)
        except RegistryError as error:
            assert error.location == path
