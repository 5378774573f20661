"""No character that the eye can't see or that turns the reading direction (CVE-2021-42574)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from registry_tool.core.finding import Problem
from registry_tool.core.values import Route, Value
from registry_tool.manifest.positions import Document
from registry_tool.rules.base import Rule, Subject
from registry_tool.store.paths import COMPILED

_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_JOINER = "\u200d"
MOST_IN_A_FILE = 20


def _check(subject: Subject) -> Iterator[Problem]:
    for path, file in sorted(subject.files.items()):
        if path == COMPILED:
            continue  # it says what the manifest says
        try:
            text = file.content.decode()
        except UnicodeDecodeError:
            continue  # a binary file
        yield from islice(in_text(path, text), MOST_IN_A_FILE)
    yield from escaped(subject.manifest.document)


def in_text(path: str, text: str) -> Iterator[Problem]:
    """Every hidden character of a file."""
    for match in _HIDDEN.finditer(text):
        if not _joins_emoji(text, match.start()):
            yield _problem(path, text, match.start())


def escaped(document: Document) -> Iterator[Problem]:
    """Characters that a document spells as escapes: they are as invisible wherever it is shown."""
    if "\\" in document.text:
        for route, text in _strings(document.value, ()):
            match = _HIDDEN.search(text)
            if (
                match
                and not _HIDDEN.search(document.text)
                and not _joins_emoji(text, match.start())
            ):
                name = f"U+{ord(match[0]):04X}"
                yield Problem(route, f"this text spells the hidden character {name}", "remove it")


def _strings(value: Value, route: Route) -> Iterator[tuple[Route, str]]:
    if isinstance(value, str):
        yield route, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(key, (*route, key))
            yield from _strings(item, (*route, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _strings(item, (*route, position))


def _joins_emoji(text: str, position: int) -> bool:
    """A joiner between two pictographs makes one of them (a family, say): that can be seen."""
    if text[position] != _JOINER or not 0 < position < len(text) - 1:
        return False
    return ord(text[position - 1]) > 0x2000 and ord(text[position + 1]) > 0x2000


def _problem(path: str, text: str, position: int) -> Problem:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return Problem(
        (),
        f"the hidden character U+{ord(text[position]):04X} stands here",
        "remove it",
        path=path,
        place=(line, column),
    )


RULE = Rule("hidden-characters", "No invisible or direction-changing characters.", _check)
