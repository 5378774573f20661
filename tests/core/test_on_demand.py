"""A mapping made on demand: once, and only when looked into."""

from __future__ import annotations

from registry_tool.core.on_demand import LazyMapping


def test_it_is_made_when_first_looked_into_and_once() -> None:
    made: list[int] = []

    def make() -> dict[str, int]:
        made.append(1)
        return {"a": 1, "b": 2}

    found = LazyMapping(make)
    assert not made
    assert (found["a"], list(found), len(found), found.get("c")) == (1, ["a", "b"], 2, None)
    assert dict(found) == {"a": 1, "b": 2} == found
    assert made == [1]
