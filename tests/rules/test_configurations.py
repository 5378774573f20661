"""Edges' configurations as rules look at them: each with its place, inner ones too."""

from __future__ import annotations

from registry_tool.core.values import Object
from registry_tool.manifest.model import Block, Edge, Metadata, Workflow
from registry_tool.rules.configurations import (
    Configuration,
    conditions_of,
    configurations,
    moves_of,
    named,
    near,
)

A, B = Block("a", "text", label="First"), Block("b", "text", label="a")


def flow(type_: str, config: Object) -> Workflow:
    edge = Edge("e", type_, ("a", "gone"), ("b",), config)
    return Workflow(Metadata("hello", "1.0.0"), (A, B), (edge,))


def only(type_: str, config: Object) -> Configuration:
    (found,) = configurations(flow(type_, config), type_)
    return found


def test_a_map_has_the_configuration_of_its_items_below_it() -> None:
    inner: Object = {"type": "llm", "config": {"prompt": "x"}}
    outer, below = configurations(flow("map", {"edge": inner}))
    assert (outer.type, below.type, below.inner) == ("map", "llm", True)
    assert below.route == ("spec", "edges", 0, "config", "edge", "config")
    assert (below.sources, below.targets) == ((A,), (B,))
    assert [found.type for found in configurations(flow("map", {"edge": inner}), "llm")] == ["llm"]
    assert list(configurations(flow("map", {"edge": {"type": 3}}), "llm")) == []
    assert list(configurations(flow("map", {"edge": {"type": "llm", "config": []}}), "llm")) == []


def test_a_field_stands_in_extra_configs_or_directly() -> None:
    found = only("search", {"a": 1, "b": 2, "extra_configs": {"b": 3}})
    assert found.option("a") == (1, ("spec", "edges", 0, "config", "a"))
    assert found.option("b") == (3, ("spec", "edges", 0, "config", "extra_configs", "b"))
    assert found.option("c")[0] is None


def test_a_block_is_named_by_its_id_before_a_label() -> None:
    assert named((B, A), "a") is A
    assert named((B, A), "First") is A
    assert named((A, B), "none") is None
    assert named((Block("x", "text"),), "") is None


def test_the_nearest_name_is_reported_or_all() -> None:
    assert "did you mean 'first'?" in near("frist", ["first", "second"], "known")
    assert near("zzz", ["first"], "known").endswith("known: first")
    assert near("zzz", [], "known").endswith("none")


def test_conditions_of_branches_and_loops() -> None:
    asked: Object = {"block": "a", "condition": "is_empty"}
    branch = only("branch", {"cases": {"one": {"conditions": [asked, "odd"]}, "two": 3}})
    assert [(c, r[4:]) for c, r in conditions_of(branch)] == [
        (asked, ("cases", "one", "conditions", 0))
    ]
    loop = only("loop", {"until": [asked], "while": "odd"})
    assert [r[4:] for _, r in conditions_of(loop)] == [("until", 0)]
    assert list(conditions_of(only("llm", {"while": [asked]}))) == []


def test_moves_of_a_branch_in_every_spelling() -> None:
    move: Object = {"from": "a", "to": "b"}
    found = only(
        "branch",
        {"cases": {"one": {"thens": [move, 3]}, "two": {"then": move}, "odd": 1}, "else": [move]},
    )
    assert [(one.case, one.route[4:]) for one in moves_of(found)] == [
        ("one", ("cases", "one", "thens", 0)),
        ("two", ("cases", "two", "then")),
        ("", ("else", 0)),
    ]
