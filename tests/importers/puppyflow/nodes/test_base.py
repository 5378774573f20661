"""An operation node as builders see it: its numbers, model, query and ids, however the canvas spells them."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.importers.imported import Loss
from registry_tool.importers.puppyflow.nodes.base import (
    DEFAULT_MODEL,
    Operation,
    base_url,
    ids,
    model,
    number,
    parsed,
    query,
    structured,
)


def operation(*inputs: tuple[str, str], losses: list[Loss] | None = None, **data: Any) -> Operation:
    return Operation("op", data, inputs, (), {}, [] if losses is None else losses)


def test_the_first_input_is_a_template_and_losses_name_the_node() -> None:
    losses: list[Loss] = []
    node = operation(("a", "Label"), losses=losses, extra_configs={"x": 1})
    assert (node.first, node.extra) == ("{{Label}}", {"x": 1})
    assert operation().first == ""
    node.report("a thing", "nobody reads it")
    assert losses == [Loss("blocks.op", "a thing", "nobody reads it")]


@pytest.mark.parametrize(
    ("value", "found"), [(3, 3), (0, 0), (0.5, 0.5), (True, 7), ("3", 7), (None, 7)]
)
def test_a_number_is_one_and_no_boolean(value: Any, found: float) -> None:
    assert number({"n": value}, "n", 7) == found
    assert number({}, "n", 7) == 7


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ('{"a": [1]}', {"a": [1]}),
        ("[1, ", "[1, "),
        ('{"a": 1, "a": 2}', '{"a": 1, "a": 2}'),
        ("plain", "plain"),
        (5, 5),
        ("[" * 2000 + "]" * 2000, "[" * 2000 + "]" * 2000),
    ],
)
def test_only_strict_json_is_read(value: Any, found: Any) -> None:
    assert parsed(value) == found


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ({"modelAndProvider": {"id": "picked"}, "model": "typed"}, "picked"),
        ({"model": "typed"}, "typed"),
        ({"modelAndProvider": {}}, DEFAULT_MODEL),
    ],
)
def test_the_picked_model_goes_before_the_typed_one(data: Any, name: str) -> None:
    assert model(data) == name


def test_an_address_and_a_schema_stand_only_where_they_are_set() -> None:
    assert base_url({"base_url": " https://x "}) == {"base_url": "https://x"}
    assert base_url({"base_url": "  "}) == {}
    assert structured({"type": "object"}) == {"type": "object"}
    assert (structured({}), structured(True), structured(None)) == (False, True, False)


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({"id": "b", "label": "B"}, {"b": "B"}),
        ({"id": "b"}, {"b": "b"}),
        ({"b": "B"}, {"b": "B"}),
        ({}, {"a": "A"}),
        (None, {"a": "A"}),
    ],
)
def test_the_query_is_the_chosen_block_else_the_first_input(chosen: Any, found: Any) -> None:
    assert query(operation(("a", "A"), query_id=chosen)) == found
    assert query(operation()) == {}


@pytest.mark.parametrize(
    ("value", "found"),
    [("a", ["a"]), ({"id": "a"}, ["a"]), (["a", {"id": "b"}, 5, {}, ""], ["a", "b"]), (None, [])],
)
def test_ids_are_found_in_every_spelling(value: Any, found: list[str]) -> None:
    assert ids(value) == found
