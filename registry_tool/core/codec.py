"""Stored JSON: frozen structs say what a file holds; whatever else is in it is an error that names file and field.

Written as before: sorted keys, two spaces, a final newline, since hashes and signatures depend on every byte
(docs/adr/0027).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json, pretty_json
from registry_tool.core.records import Record
from registry_tool.core.values import Object, Value

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")
Number = int | float
"""A JSON number as it was spelled: `30` stays `30`, and `30.0` stays `30.0`."""


class Stored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The members of a stored JSON object; those without a default must be there."""


class NewerFormatError(RegistryError):
    """A newer tool wrote it: this one can't read it, and must not write it anew."""


class FileFormat(Record, Generic[T], frozen=True):
    """One kind of stored file: its struct (or a union of them), what errors call it, and what to do about them.

    `format` is the value of the file's member `format`; files of a kind without one have none.
    """

    struct: Any  # type[T]; a union is not a type
    name: str
    format: str = ""
    hint: str = ""
    error: type[RegistryError] = RegistryError

    def read(self, data: bytes, location: str) -> T:
        """What a file holds; the form's error where it isn't that, with place, field and fix."""
        try:
            value = parse_json(data, location=location)
        except RegistryError as error:
            raise self.error(error.reason, location=error.location, hint=self.hint) from None
        return self.of(value, location)

    def of(self, value: Value, location: str) -> T:
        """What a JSON value holds; the same errors."""
        content = self._content(value, location) if self.format else value
        try:
            found: T = msgspec.convert(content, self.struct)
        except msgspec.ValidationError as error:
            raise self.bad(field_error(str(error)), location) from None
        return found

    def value(self, stored: T) -> Object:
        """As JSON."""
        members: Object = msgspec.to_builtins(stored)
        return {"format": self.format, **members} if self.format else members

    def to_bytes(self, stored: T) -> bytes:
        """The file."""
        return pretty_json(self.value(stored)).encode()

    def bad(self, reason: str, location: str) -> RegistryError:
        """An error about a file of this kind."""
        return self.error(f"not a valid {self.name} ({reason})", location=location, hint=self.hint)

    def _content(self, value: Value, location: str) -> Value:
        if not isinstance(value, dict):
            raise self.bad("it is not a JSON object", location)
        found = value.get("format")
        if found != self.format:
            raise self._another_format(found, location)
        return {key: item for key, item in value.items() if key != "format"}

    def _another_format(self, found: Value, location: str) -> RegistryError:
        known = _VERSIONED.fullmatch(self.format)
        newer = _VERSIONED.fullmatch(found) if isinstance(found, str) else None
        if known and newer and known[1] == newer[1] and int(newer[2]) > int(known[2]):
            return NewerFormatError(
                f"its format {found} is newer than this tool, which knows {self.format}",
                location=location,
                hint="update the tool (`pip install --upgrade puppyai-workflow-registry`)",
            )
        return self.bad(f"its format is not {self.format}", location)


def moment(text: str, field: str) -> datetime:
    """The moment in a struct's member; `ValueError`, which the form's error quotes, where there is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{field}: {text[:40]!r} is not a time") from None
    if found.tzinfo is None:
        raise ValueError(f"{field}: {text[:40]!r} names no time zone")
    return found


def members(value: DataclassInstance) -> dict[str, Any]:
    """A dataclass's members by name, as they are: what a struct with the same ones is made of."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def stored_members(stored: Stored) -> dict[str, Any]:
    """A struct's members by name, as they are: what a dataclass with the same ones is made of."""
    return msgspec.structs.asdict(stored)


S = TypeVar("S", bound=Stored)


def filled(struct: type[S], values: Mapping[str, Any]) -> S:
    """A struct of those values that it has members for."""
    return struct(**{name: values[name] for name in struct.__struct_fields__})


_VERSIONED = re.compile(r"(puppyai\.com/[a-z-]+)/v([1-9]\d{0,3})")
_PLACED = re.compile(r"(?s)(.*) - at `\$\.?(.*)`")
_MEMBER = re.compile(r"Object (?:missing required|contains unknown) field `(.*)`")


def field_error(message: str) -> str:
    """The library's message with the field first: `serving[0].weight: expected int, got str`."""
    placed = _PLACED.fullmatch(message)
    what, field = placed.groups() if placed else (message, "")
    if member := _MEMBER.fullmatch(what):
        name = f"{field}.{member[1]}".lstrip(".")
        return f"{name} is {'missing' if 'missing' in what else 'unknown'}"
    what = (what[:1].lower() + what[1:]).replace("`", "")
    return f"{field}: {what}" if field else what
