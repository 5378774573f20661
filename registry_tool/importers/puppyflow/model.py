"""What the PuppyFlow importer reads into and reports with; nothing in here knows our manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Frozen, Object, Value

ENGINE = "engine"
EDITOR = "editor"
PACKAGE = "package"


class ForeignError(RegistryError):
    """The file can't be imported; `location` is a path below the document's root."""


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that an import doesn't carry over: where it stands, what it is, why."""

    where: str
    what: str
    why: str

    def to_value(self) -> Object:
        """The JSON shape of `not_carried` in SPEC.md §4."""
        return {"where": self.where, "what": self.what, "why": self.why}

    def __str__(self) -> str:
        text = f"{self.where}: {self.what} ({self.why})"
        # The words are a stranger's: no escape sequence reaches a terminal.
        return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)


@dataclass(frozen=True, slots=True)
class ForeignBlock:
    """A block of the engine shape. `extras` are what else its data holds, by our names."""

    id: str
    type: str
    label: str
    content: Value = None
    has_content: bool = False
    looped: bool = False
    extras: Frozen = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ForeignEdge:
    """An edge of the engine shape; `data` is without inputs and outputs."""

    id: str
    type: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    data: Frozen = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Foreign:
    """A whole document; ids are as they stand in the file."""

    blocks: tuple[ForeignBlock, ...]
    edges: tuple[ForeignEdge, ...]
    version: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """A manifest, the resource files that go with it (by path in the project) and the report."""

    manifest: Object
    not_carried: tuple[Loss, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    blocks: int = 0
    edges: int = 0


def as_object(value: Value, location: str) -> Object:
    """`value` as an object; `ForeignError` names the place where it is none."""
    if not isinstance(value, dict):
        raise ForeignError(f"must be an object, not {kind(value)}", location=location)
    return value


def as_list(value: Value, location: str) -> list[Value]:
    """`value` as a list; `ForeignError` names the place where it is none."""
    if not isinstance(value, list):
        raise ForeignError(f"must be a list, not {kind(value)}", location=location)
    return value


def sub_object(parent: Frozen, key: str) -> Object:
    """The object below `key`, or an empty one: the editor leaves out and nulls what it doesn't need."""
    found = parent.get(key)
    return found if isinstance(found, dict) else {}


def text_of(parent: Frozen, key: str, default: str = "") -> str:
    """The string below `key`, or the default where there is none."""
    found = parent.get(key)
    return found if isinstance(found, str) else default


def kind(value: Value) -> str:
    """A value's JSON type, in words."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean"}
    return "null" if value is None else names.get(type(value), "a number")


MAX_DEPTH = 64  # what the strict loader of manifests reads


def refuse_depth(value: Value, location: str, limit: int = MAX_DEPTH) -> None:
    """`ForeignError` for a value that is nested deeper; costs no recursion."""
    level = [value]
    for _ in range(limit):
        below: list[Value] = []
        for item in level:
            if isinstance(item, dict):
                below += item.values()
            elif isinstance(item, list):
                below += item
        level = below
    if any(isinstance(item, dict | list) for item in level):
        raise ForeignError(
            f"is nested more than {limit} deep", location=location, hint="flatten it"
        )
