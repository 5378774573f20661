"""The editor's `{{label}}` → our templates, and back.

There, a placeholder names exactly the label of one of the edge's input blocks; everything else in braces is
text. Here, source ids come before labels and braces that are text are escaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from registry_tool.core.values import Value
from registry_tool.manifest.template import escape, placeholders

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


def to_ours(value: Value, sources: Sources) -> Value:
    """A foreign template (a string, or any value with strings inside) in our spelling."""
    return each_text(value, lambda text: _ours(text, sources))


def each_text(value: Value, change: Callable[[str], str]) -> Value:
    """A value with every string inside it changed; keys are left alone."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [each_text(item, change) for item in value]
    if isinstance(value, dict):
        return {key: each_text(item, change) for key, item in value.items()}
    return value


def texts(value: Value) -> Iterator[str]:
    """Every string inside a value."""
    found: list[str] = []

    def keep(text: str) -> str:
        found.append(text)
        return text

    each_text(value, keep)
    yield from found


def _ours(text: str, sources: Sources) -> str:
    if "{{" not in text:
        return text
    result = ""
    for part, is_block in pieces(text, sources.by_label()):
        if not is_block:
            result += escape(part)
            continue
        # A backslash right before a placeholder would escape it; `escaped_by_accident` reports the blank.
        result += " " if result.endswith("\\") else ""
        result += f"{{{{{_name(part, sources)}}}}}"
    return result


def escaped_by_accident(text: str, sources: Sources) -> bool:
    """True where a backslash stands right before a placeholder, which our templates can't say."""
    parts = list(pieces(text, sources.by_label()))
    return any(
        not before[1] and before[0].endswith("\\") and after[1] for before, after in pairwise(parts)
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
