"""Elasticsearch over a server on this machine."""

from __future__ import annotations

import pytest

from registry_tool.engine.providers.errors import ProviderError
from tests.engine.loopback import Answer, loopback
from tests.engine.providers.web_search.searching import found


def test_elasticsearch_gives_hits_as_they_are() -> None:
    hit = {"_id": "1", "_score": 2.5, "_source": {"content": "cats"}}
    with loopback(lambda _: Answer({"hits": {"hits": [hit]}})) as fetcher:
        pages = found(fetcher, "elasticsearch", options={"index": "pets"})
    assert [page.fields for page in pages] == [hit]
    request = fetcher.asked[0]
    assert (request.host, request.path) == ("search.example.com", "/pets/_search")
    assert request.json == {"size": 3, "query": {"match": {"content": "cats"}}}


@pytest.mark.parametrize("index", ["", "..", ".", "../_all", "a/b", "a,..", "_all", "a?x=y"])
def test_elasticsearch_asks_indexes_and_nothing_else(index: str) -> None:
    with (
        loopback(lambda _: Answer({})) as fetcher,
        pytest.raises(ProviderError, match="name of an index"),
    ):
        found(fetcher, "elasticsearch", options={"index": index})
    assert fetcher.asked == []
