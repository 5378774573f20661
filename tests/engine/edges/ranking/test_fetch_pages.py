"""Found pages are read where their hosts may be fetched."""

from __future__ import annotations

from typing import Any

from registry_tool.core.values import Object, Value
from tests.engine.edges.called import call
from tests.engine.edges.searching import CATS, DOGS, ScriptedSearch, services
from tests.engine.loopback import Answer, loopback

PAGE = "<head><title>x</title></head><nav>Menu</nav><main><p>Cats <b>purr</b>.</p></main>"


def read(strict: bool = False) -> Value:
    google = ScriptedSearch("google", CATS, DOGS)
    config: Object = {"read_pages": True, "filter_unreachable_pages": strict}
    with loopback(lambda _: Answer(PAGE), frozenset({"dogs.example"})) as fetcher:
        return call("search", config, services(google, fetcher=fetcher), q="pets")


def test_found_pages_are_read_where_their_hosts_may_be_fetched() -> None:
    found: Any = read()
    assert [item["content"] for item in found] == ["Cats purr.", "All about dogs."]
    strict: Any = read(strict=True)
    assert [item["title"] for item in strict] == ["Cats"]
