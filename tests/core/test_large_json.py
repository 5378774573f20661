from __future__ import annotations

from registry_tool.core.files import pretty_json
from registry_tool.core.large_json import joined, members, pretty, spelled

VALUE = {
    "b": [1, 2.5, None, True, 'é\n\u0007"中'],
    "a": {},
    "c": [],
    "d": {"y": {"z": [{}]}, "x": -1},
}


def test_the_form_is_that_of_pretty_json() -> None:
    assert pretty(VALUE).decode() == pretty_json(VALUE)
    assert pretty({}) == b"{}\n"


def test_members_are_put_back_as_they_were() -> None:
    data = pretty(VALUE)
    assert joined(members(data)) + b"\n" == data


def test_a_member_is_exchanged_at_its_depth() -> None:
    parts: dict[str, object] = {**members(pretty(VALUE))}
    parts["d"] = joined({"y": spelled({"z": [{}]}, 2), "x": spelled(-1, 2)}, 1)
    assert joined(parts) + b"\n" == pretty(VALUE)  # type: ignore[arg-type]
