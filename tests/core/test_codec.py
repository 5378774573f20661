"""The one codec of stored JSON: nothing but what a file may hold is read, and an error names file and field."""

from __future__ import annotations

import json
from typing import Annotated

import msgspec
import pytest

from registry_tool.core.codec import FileFormat, NewerFormatError, Number, Stored
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object


class Wheel(Stored, frozen=True):
    size: Annotated[int, msgspec.Meta(ge=0)]


class Car(Stored, frozen=True):
    name: str
    wheels: list[Wheel]
    seconds: Number
    more: Object
    note: str | None = None


FORM = FileFormat[Car](Car, "car", "puppyai.com/car/v2", "build it anew")
VALUE: Object = {
    "format": "puppyai.com/car/v2",
    "name": "ü",
    "wheels": [{"size": 1}],
    "seconds": 2,
    "more": {"a": [1, None, {"b": 1.5}]},
    "note": None,
}


def test_what_was_read_is_written_again_with_every_byte() -> None:
    data = FORM.to_bytes(FORM.of(VALUE, "x"))
    assert data.decode() == json.dumps(VALUE, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    assert FORM.to_bytes(FORM.read(data, "x")) == data
    assert b'"seconds": 2,' in data, "an integer stays one"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": 1}, "name: expected str, got int"),
        ({"name": None}, "name: expected str, got null"),
        ({"wheels": [{"size": 1}, {"size": "2"}]}, "wheels[1].size: expected int, got str"),
        ({"wheels": [{"size": True}]}, "wheels[0].size: expected int, got bool"),
        ({"wheels": [{"size": 1.0}]}, "wheels[0].size: expected int, got float"),
        ({"wheels": [{"size": -1}]}, "wheels[0].size: expected int >= 0"),
        ({"wheels": [{"size": 1, "rim": 2}]}, "wheels[0].rim is unknown"),
        ({"wheels": [{}]}, "wheels[0].size is missing"),
        ({"seconds": True}, "seconds: expected int | float, got bool"),
        ({"more": []}, "more: expected object, got array"),
        ({"extra": 1}, "extra is unknown"),
        ({"format": "puppyai.com/car/v1"}, "its format is not puppyai.com/car/v2"),
        ({"format": 7}, "its format is not puppyai.com/car/v2"),
    ],
)
def test_what_a_file_must_not_hold_is_named(change: Object, reason: str) -> None:
    with pytest.raises(RegistryError) as caught:
        FORM.read(json.dumps({**VALUE, **change}).encode(), "cars:production/a.json")
    assert caught.value.reason == f"not a valid car ({reason})"
    assert (caught.value.location, caught.value.hint) == ("cars:production/a.json", "build it anew")


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"[]", "it is not a JSON object"), (b"{}", "its format is not"), (b'{"a": 1', "not JSON")],
)
def test_what_is_no_such_file_at_all(data: bytes, reason: str) -> None:
    with pytest.raises(RegistryError, match=reason) as caught:
        FORM.read(data, "x")
    assert caught.value.hint == "build it anew"
    assert caught.value.location.startswith("x")


def test_a_newer_format_asks_for_a_newer_tool() -> None:
    with pytest.raises(NewerFormatError, match="pip install --upgrade"):
        FORM.of({**VALUE, "format": "puppyai.com/car/v3"}, "x")
    with pytest.raises(RegistryError, match="its format is not"):
        FORM.of({**VALUE, "format": "puppyai.com/boat/v3"}, "x")
