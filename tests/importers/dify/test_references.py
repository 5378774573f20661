"""Selectors and placeholders of Dify."""

from __future__ import annotations

from typing import Any

from registry_tool.importers.dify.references import (
    ValueReference,
    first_of,
    literal,
    pieces,
    selector_of,
    selectors_in,
)


def test_a_text_is_taken_apart() -> None:
    assert pieces("a {{#n.x.y#}}{{b}}") == ["a ", ("n", "x", "y"), "{{b}}"]
    assert selectors_in("{{#a.b#}} {{#a.b#}} {{#c.d#}}") == [("a", "b"), ("c", "d")]


def test_a_selector_is_a_list_or_a_dotted_text() -> None:
    assert selector_of(["a", "b", 0]) == ("a", "b", "0")
    assert selector_of("{{#a.b#}}") == ("a", "b")
    assert selector_of(None) == selector_of("") == ()


def test_references_in_templates_and_in_code() -> None:
    found = ValueReference("block").below(["x", "0"])
    assert (found.placeholder, found.python) == ("{{block.x.0}}", "at(inputs, 'block', 'x', '0')")
    assert ValueReference("block", ("x",), "item").placeholder == "{{item.x}}"


def test_what_would_be_a_placeholder_of_ours_stays_text() -> None:
    assert literal("{{b}} \\") == "\\{{b}} \\ "


def test_the_first_that_is_there() -> None:
    names: Any = {}
    exec(first_of([ValueReference("a", ("x",)), ValueReference("b")]), names)  # noqa: S102 - generated
    assert names["main"]({"a": {"x": None}, "b": 0}) == 0
    assert names["main"]({"a": None, "b": None}) is None
