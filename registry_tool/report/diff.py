"""Differences between two versions, for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from registry_tool.manifest.model import Workflow
from registry_tool.report.prompts import prompt_diffs
from registry_tool.report.text import inert
from registry_tool.resolver.difference import Difference

_COLOURS = {"major": 31, "minor": 33, "patch": 36}


def diff_text(
    old: Workflow, new: Workflow, changes: Sequence[Difference], *, colour: bool = False
) -> str:
    """One line a change, the weightiest first, then every changed text."""
    return "\n".join(_lines(old, new, changes, colour))


def _lines(
    old: Workflow, new: Workflow, changes: Sequence[Difference], colour: bool
) -> Iterator[str]:
    weights = list(_COLOURS)
    for change in sorted(changes, key=lambda c: weights.index(c.bump)):
        word = f"{change.bump:<5}"
        if colour:
            word = f"\x1b[{_COLOURS[change.bump]}m{word}\x1b[0m"
        yield f"{word}  {inert(change.words)}  ({inert(change.field)})"
    for location, lines in prompt_diffs(old, new):
        yield f"\n{inert(location)}"
        yield inert("\n".join(lines))  # at once: a private key has many lines
