"""No character that the eye can't see or that turns the reading direction (CVE-2021-42574)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice

from registry_tool.core.finding import Problem
from registry_tool.manifest.positions import Document
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.texts import text_of, texts_in
from registry_tool.security.hidden_text import hidden_in
from registry_tool.store.paths import COMPILED

_JSON_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
MOST_IN_A_FILE = 20


def _check(subject: Subject) -> Iterator[Problem]:
    for path, file in sorted(subject.files.items()):
        yield from _in_name(path)
        if path == COMPILED:
            continue  # it says what the manifest says, or is stale
        text = text_of(path, file.content)
        if text is not None:
            yield from islice(in_text(path, text), MOST_IN_A_FILE)
            if path.endswith(".json"):
                yield from islice(_in_json(path, text), MOST_IN_A_FILE)
    yield from escaped(subject.manifest.document)


def in_text(path: str, text: str) -> Iterator[Problem]:
    """Every hidden character of a file."""
    for position in hidden_in(text):
        name = _name(text[position])
        yield _problem(path, text, position, f"the hidden character {name} stands here")


def escaped(document: Document) -> Iterator[Problem]:
    """Characters that a document spells as escapes: they are as invisible wherever it is shown."""
    if "\\" in document.text:
        plain = {document.text[position] for position in hidden_in(document.text)}
        for route, text in texts_in(document.value):
            found = [text[at] for at in hidden_in(text) if text[at] not in plain]
            if found:
                words = f"this text spells the hidden character {_name(found[0])}"
                yield Problem(route, words, "remove it")


def _in_json(path: str, text: str) -> Iterator[Problem]:
    """Characters that a JSON file spells as escapes."""
    if "\\u" not in text:
        return
    for match in _JSON_STRING.finditer(text):
        if "\\u" not in match[0]:
            continue
        try:
            value = json.loads(match[0])
        except ValueError:
            continue  # not JSON: then nothing reads it as such
        found = [value[at] for at in hidden_in(value) if value[at] not in match[0]]
        if found:
            words = f"this text spells the hidden character {_name(found[0])}"
            yield _problem(path, text, match.start(), words)


def _in_name(path: str) -> Iterator[Problem]:
    for position in islice(hidden_in(path), 1):
        words = f"the file's name holds the hidden character {_name(path[position])}"
        yield Problem((), words, "rename it", path=path, location=(0, 0))


def _name(character: str) -> str:
    return f"U+{ord(character):04X}"


def _problem(path: str, text: str, position: int, words: str) -> Problem:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return Problem((), words, "remove it", path=path, location=(line, column))


RULE = Rule("hidden-characters", "No invisible or direction-changing characters.", _check)
