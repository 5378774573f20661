"""`Record`: what a frozen dataclass is, made in a fiftieth of the time (docs/adr/0033).

`@dataclass` writes and compiles source code for each class, about a millisecond a class: a command that knows two
hundred of them would spend most of its start on that. A msgspec struct has the same `__init__`, `__eq__`,
`__hash__` and `__repr__` from C.
"""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any, ClassVar

import msgspec
from msgspec import field

__all__ = ["Record", "field"]


@cache
def _fields(struct: type[msgspec.Struct]) -> dict[str, dataclasses.Field[Any]]:
    """The fields of a struct as the functions of `dataclasses` read them; nothing is compiled for them."""
    like = dataclasses.make_dataclass(
        *(struct.__name__, struct.__struct_fields__),
        namespace={"__doc__": struct.__doc__ or ""},  # else one is made of its signature
        init=False,
        repr=False,
        eq=False,
    )
    return {one.name: one for one in dataclasses.fields(like)}


class _DataclassFields:
    """`__dataclass_fields__`, made when it is first asked for."""

    def __get__(self, _: object, struct: type[msgspec.Struct]) -> dict[str, dataclasses.Field[Any]]:
        return _fields(struct)


class Record(msgspec.Struct, frozen=True):
    """A frozen value with named members: `class Place(Record, frozen=True): name: str`.

    `dataclasses.replace`, `fields` and `asdict` take it like a dataclass. Types are not checked at run time; for
    stored JSON there is `core.codec.Stored`. A default that is made anew is `field(default_factory=…)`.
    """

    __dataclass_fields__: ClassVar[Any] = _DataclassFields()
