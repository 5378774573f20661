"""The editor's `{{label}}` → our templates, and back.

There, a placeholder names exactly the label of one of the edge's input blocks; everything else in braces is
text. Here, source ids come before labels and braces that are text are escaped.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from registry_tool.core.values import Frozen, Object, at
from registry_tool.manifest.model import Edge
from registry_tool.manifest.scope import templates_of
from registry_tool.manifest.template import escape, placeholders

_WOULD_ESCAPE = ("\\", "\\{")  # before `{{`, these read as the start of an escape

Piece = tuple[str, bool]
"""(text, False) for literal text, (block id, True) for a reference."""


@dataclass(frozen=True, slots=True)
class Sources:
    """An edge's input blocks in declared order: their ids in our manifest, and labels by id."""

    ids: tuple[str, ...]
    labels: Mapping[str, str]

    def by_label(self) -> dict[str, str]:
        """The block that each label names: the first that bears it."""
        found: dict[str, str] = {}
        for block in self.ids:
            found.setdefault(self.labels[block], block)
        return found


def pieces(text: str, by_label: Mapping[str, str]) -> Iterator[Piece]:
    """A foreign template's parts, given the block that each label names."""
    longest_first = sorted(by_label, key=len, reverse=True)
    pattern = "|".join(re.escape(f"{{{{{label}}}}}") for label in longest_first)
    start = 0
    for match in re.finditer(pattern, text) if pattern else ():
        if match.start() > start:
            yield text[start : match.start()], False
        yield by_label[match[0][2:-2]], True
        start = match.end()
    if start < len(text):
        yield text[start:], False


def changed(config: Frozen, type_: str, change: Callable[[str], str]) -> Object:
    """The configuration of an edge of a type, with every template in it changed."""
    result = copy.deepcopy(dict(config))
    for route, text in templates_of(Edge("", type_, (), (), config)):
        holder = at(result, route[:-1])
        if isinstance(holder, dict | list):
            holder[route[-1]] = change(text)  # type: ignore[index]
    return result


def to_ours(text: str, sources: Sources) -> str:
    """A foreign template in our spelling."""
    result = ""
    for part, is_block in pieces(text, sources.by_label()):
        if not is_block:
            result += escape(part)
            continue
        # A backslash right before a placeholder would escape it; `escaped_by_accident` reports the blank.
        result += " " if result.endswith(_WOULD_ESCAPE) else ""
        result += f"{{{{{_name(part, sources)}}}}}"
    return result


def escaped_by_accident(text: str, sources: Sources) -> bool:
    """True where a backslash stands right before a placeholder, which our templates can't say."""
    parts = list(pieces(text, sources.by_label()))
    return any(
        not before[1] and before[0].endswith(_WOULD_ESCAPE) and after[1]
        for before, after in pairwise(parts)
    )


def _name(block: str, sources: Sources) -> str:
    """The block's label where that means it here too, else its id."""
    label = sources.labels[block]
    found = [placeholder.text for placeholder in placeholders(f"{{{{{label}}}}}")]
    if label == block or (
        found == [label] and label not in sources.ids and sources.by_label()[label] == block
    ):
        return label
    return block
