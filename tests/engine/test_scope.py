"""Names of an edge's templates, looked up in a run."""

from __future__ import annotations

import pytest

from registry_tool.engine.edges.base import EdgeError
from registry_tool.engine.scope import RunNames, RunScope
from registry_tool.manifest.scope import Referent

NAMES = {
    "block": Referent("block", "b"),
    "label": Referent("block", "b"),
    "input": Referent("input", "i"),
    "variable": Referent("variable", "v"),
    "unset": Referent("variable", "w"),
    "later": Referent("block", "not-yet"),
    "item": Referent("item", "item"),
}
KNOWN = RunNames({"b": 1, "i": 2}, {"i": 3}, {"v": 4}, "production")


def test_each_kind_has_its_own_values() -> None:
    scope = RunScope(NAMES, KNOWN, {})
    assert [scope[name] for name in ("block", "label", "input", "variable")] == [1, 1, 3, 4]
    assert scope["later"] is None  # skipped, or an optional input that nobody gave
    assert set(scope) == set(NAMES)
    assert len(scope) == len(NAMES)
    assert "b" not in scope  # only names that this edge may use


def test_an_item_of_a_looped_block_comes_before_the_whole_block() -> None:
    scope = RunScope(NAMES, KNOWN, {"b": "item"})
    assert (scope["block"], scope["input"]) == ("item", 3)


def test_a_variable_that_is_not_set_is_reported_with_where_to_set_it() -> None:
    with pytest.raises(EdgeError, match="the variable w is not set in production") as caught:
        RunScope(NAMES, KNOWN, {})["unset"]
    assert "runtime.environments.production.variables" in caught.value.hint


@pytest.mark.parametrize("name", ["item", "nobody"])
def test_what_no_run_gives_is_no_key(name: str) -> None:
    with pytest.raises(KeyError):
        RunScope(NAMES, KNOWN, {})[name]
