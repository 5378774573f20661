"""`metadata.created` and `updated`, filled into a manifest's text as it is published; nothing else changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import yaml

from registry_tool.core.errors import RegistryError
from registry_tool.manifest.source import LOADER

EARLIEST: Final = datetime(1, 1, 1, tzinfo=UTC)
"""What a manifest without a date means, or with one that no calendar has."""


@dataclass(frozen=True, slots=True)
class DatedManifest:
    """A manifest's bytes with its dates. `lines` new ones stand after line `after` (from 1)."""

    data: bytes
    filled: tuple[str, ...] = ()
    after: int = 0
    lines: int = 0

    def before_filling(self, line: int) -> int:
        """The line of the author's own text that a line of the filled one is."""
        return (
            line - self.lines if line > self.after + self.lines else min(line, self.after or line)
        )


def moment(now: datetime) -> str:
    """RFC 3339 in UTC, in whole seconds: `2024-01-20T15:30:00Z`."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def at(written: str) -> datetime:
    """The moment that a manifest's date means, in UTC where it names no zone; the earliest of all for none."""
    text = written.strip().upper().replace(" ", "T").replace("Z", "+00:00")
    try:
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):  # no date, or one whose zone leads out of the calendar
        return EARLIEST


def with_dates(data: bytes, created: str, updated: str) -> DatedManifest:
    """The manifest with the dates that it lacks, written after its `version`; what its author wrote stays.

    Where they wrote one of them, the other is no later (or no earlier) than that. `data` is a manifest that the
    strict loader has accepted.
    """
    text = data.decode()
    mapping = _metadata(text)
    written = {key.value: value for key, value in mapping.value}
    own = {key: node.value for key, node in written.items() if at(str(node.value)) > at("")}
    created = min(created, own.get("updated", created), key=at)
    updated = max(updated, own.get("created", updated), key=at)
    lacking = [
        (key, value)
        for key, value in (("created", created), ("updated", updated))
        if key not in written
    ]
    if not lacking:
        return DatedManifest(data)
    mark = written["version"].end_mark
    names = tuple(key for key, _ in lacking)
    if mapping.flow_style:
        new = "".join(f', {key}: "{value}"' for key, value in lacking)
        return DatedManifest((text[: mark.index] + new + text[mark.index :]).encode(), names)
    end = text.find("\n", mark.index)
    end = len(text) if end == -1 else end
    line_break = "\r\n" if text[end - 1 : end] == "\r" else "\n"
    end -= len(line_break) - 1
    indent = " " * mapping.value[0][0].start_mark.column
    new = "".join(f'{line_break}{indent}{key}: "{value}"' for key, value in lacking)
    return DatedManifest(
        (text[:end] + new + text[end:]).encode(), names, mark.line + 1, len(lacking)
    )


def _metadata(text: str) -> yaml.MappingNode:
    root = yaml.compose(text, Loader=LOADER)
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.value == "metadata" and isinstance(value, yaml.MappingNode):
            return value
    raise RegistryError("the manifest has no metadata")
