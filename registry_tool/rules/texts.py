"""What rules on texts look at: a document's strings, and the text of a file that may have bad bytes."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from registry_tool.core.finding import Problem, Severity, most_severe
from registry_tool.core.values import Route, Value

TextHit = tuple[int, str, Severity]
"""Where in a file's text something was found, what is said about it, and how much it weighs."""
MOST_IN_A_FILE: Final = 20

_TEXT_FILES: Final = (
    ".md",
    ".txt",
    ".json",
    ".yaml",
    ".yml",
    ".csv",
    ".html",
    ".py",
    ".js",
    ".xml",
)
_MOST_BAD = 0.02  # of a text's bytes; a picture has far more
_UTF_16 = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def texts_in(value: Value, route: Route = ()) -> Iterator[tuple[Route, str]]:
    """Every string of a value with its route; keys have that of their value."""
    if isinstance(value, str):
        yield route, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield (*route, key), key
            yield from texts_in(item, (*route, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from texts_in(item, (*route, position))


def text_of(path: str, content: bytes) -> str | None:
    """A file as an editor shows it, bad bytes as U+FFFD; None for what is not text, such as a picture."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        pass
    for mark, encoding in _UTF_16:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    if b"\0" in content[:1000] and content[1::2].count(0) > len(content) // 4:
        return content.decode("utf-16-le", "replace")
    if b"\0" in content[:1000] and content[::2].count(0) > len(content) // 4:
        return content.decode("utf-16-be", "replace")
    text = content.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    if path.lower().endswith(_TEXT_FILES) or (
        b"\0" not in content and bad <= len(text) * _MOST_BAD
    ):
        return text
    return None


def problems_in(path: str, text: str, help_: str, found: Iterable[TextHit]) -> Iterator[Problem]:
    """The weightiest of what was found in a file; only of those are line and column counted."""
    problems = (
        Problem((), words, help_, severity, path=path, location=(0, at))
        for at, words, severity in found
    )
    for problem in most_severe(problems, MOST_IN_A_FILE):
        _, at = problem.location or (0, 0)
        yield replace(problem, location=line_and_column(text, at))


def line_and_column(text: str, at: int) -> tuple[int, int]:
    """A place in a text as editors show it, from 1."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
