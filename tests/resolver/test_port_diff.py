"""Differences of ports: where they stand, what they are called and what they require."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.manifest.model import Port
from registry_tool.resolver.port_diff import Side, port_differences

PORT = Port("x", "string")
SIDES = get_args(Side)


def found(side: Any, old: Port, new: Port) -> list[tuple[str, str, tuple[str | int, ...]]]:
    changes = port_differences(side, [old], [new])
    return [(change.field, change.bump, change.route[3:]) for change in changes]


@pytest.mark.parametrize(
    ("change", "input_bump", "output_bump", "field", "route"),
    [
        ({"required": True}, "major", "minor", "required", ("required",)),
        ({"type": "any"}, "minor", "major", "type", ("type",)),
        ({"enum": ("a",)}, "major", "minor", "enum", ("enum",)),
        ({"schema": {"maxLength": 5}}, "major", "minor", "maxLength", ("schema", "maxLength")),
        ({"type": "file"}, "major", "major", "type", ("type",)),
        ({"block": "b"}, "minor", "minor", "block", ("block",)),
        ({"pii": True}, "minor", "minor", "pii", ("pii",)),
        ({"description": "d"}, "patch", "patch", "description", ("description",)),
        ({"default": None, "has_default": True}, "minor", "minor", "default", ("default",)),
    ],
)
def test_one_change(
    change: dict[str, Any], input_bump: str, output_bump: str, field: str, route: tuple[str, ...]
) -> None:
    new = replace(PORT, **change)
    assert (f"inputs.x.{field}", input_bump, (0, *route)) in found("inputs", PORT, new)
    assert (f"outputs.x.{field}", output_bump, (0, *route)) in found("outputs", PORT, new)


@pytest.mark.parametrize("side", SIDES)
def test_what_is_gone_is_pointed_at_where_it_stood(side: Any) -> None:
    (gone, new) = port_differences(side, [PORT], [replace(PORT, name="y")])
    assert (gone.field, gone.bump, gone.route) == (
        f"{side}.x",
        "major",
        ("spec", "interface", side),
    )
    assert (new.field, new.bump, new.route[3:]) == (f"{side}.y", "minor", (0, "name"))


def test_a_required_input_that_has_a_default_asks_nothing_of_callers() -> None:
    demanded = replace(PORT, required=True)
    eased = replace(demanded, default="a", has_default=True)
    assert ("inputs.x.required", "minor", (0, "default")) in found("inputs", demanded, eased)
    assert ("inputs.x.required", "major", (0, "default")) in found("inputs", eased, demanded)
    (new,) = port_differences("inputs", [], [eased])
    assert (new.bump, "required" in new.words) == ("minor", False)
    (new,) = port_differences("inputs", [], [demanded])
    assert (new.bump, "required" in new.words) == ("major", True)


def test_true_is_no_one() -> None:
    one, true = (replace(PORT, default=value, has_default=True) for value in (1, True))
    assert found("inputs", one, true) == [("inputs.x.default", "minor", (0, "default"))]


PORTS = st.lists(
    st.builds(
        Port,
        st.sampled_from("abc"),
        st.sampled_from(["any", "string", "file"]),
        st.booleans(),
        st.sampled_from([None, 1]),
        st.booleans(),
    ),
    max_size=3,
    unique_by=lambda port: port.name,
)


@given(st.sampled_from(SIDES), PORTS)
def test_the_order_of_ports_does_not_matter(side: Any, ports: list[Port]) -> None:
    assert list(port_differences(side, ports, ports[::-1])) == []


@given(st.sampled_from(SIDES), PORTS, PORTS)
def test_other_ports_differ_both_ways(side: Any, old: list[Port], new: list[Port]) -> None:
    def names(one: list[Port], other: list[Port]) -> set[str]:
        return {change.field.split(".")[1] for change in port_differences(side, one, other)}

    assert names(old, new) == names(new, old)
