"""What every importer gives: a manifest, files beside it, and a report of each node and of what stayed behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object

_SHOWN: Final = 64  # characters of a title


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
        return _printable(f"{self.where}: {self.what} ({self.why})")


class NodeStatus(StrEnum):
    """What became of a node of the foreign graph."""

    RUNS = "runs"
    NEEDS = "needs"  # runs after somebody has set or given something
    CARRIED = "carried"  # declared, not run


@dataclass(frozen=True, slots=True)
class NodeReport:
    """One node of the foreign graph: its id and type there, what became of it, and why where it isn't plain.

    `title` is what the foreign editor shows of it, where its id is for machines.
    """

    id: str
    type: str
    status: NodeStatus
    why: str = ""
    title: str = ""

    def to_value(self) -> Object:
        """The JSON shape of `nodes` in docs/importers.md."""
        return {"id": self.id, "type": self.type, "status": self.status.value, "why": self.why}

    def __str__(self) -> str:
        about = f"{self.type}, {self.title[:_SHOWN]}" if self.title else self.type
        why = f", {self.why}" if self.why else ""
        return _printable(f"{self.id} ({about}): {self.status.value}{why}")


class NotRunnableError(Exception):
    """A node that no edge of ours does; its words say why, and what would."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A manifest, the resource files that go with it (by path in the project) and the report."""

    manifest: Object
    not_carried: tuple[Loss, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    blocks: int = 0
    edges: int = 0
    nodes: tuple[NodeReport, ...] = ()
    format: str = ""


def _printable(text: str) -> str:
    """The words are a stranger's: no escape sequence reaches a terminal."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)
