"""Braces in templates are whole: `{{name}}`, with something between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from registry_tool.core.finding import Problem, Severity
from registry_tool.core.values import Route
from registry_tool.manifest.scope import Referent, Scopes, texts_of
from registry_tool.manifest.template import split
from registry_tool.rules.base import Rule, Subject

_WHOLE = re.compile(r"\\\{\{|\{\{[^{}\n]{1,256}\}\}")
_EMPTY = re.compile(r"(?<!\\)\{\{\s*\}\}")
_OPEN = re.compile(r"\{\{+([^{}\n]{0,256})(\}?)")
_CLOSED = re.compile(r"\{([^{}\n\"':,]{1,256})\}\}")
_MOST = 20
"""Problems that are reported of one text: to find the place of each takes another look at all of it."""
_TEXT = "write \\{{ for braces that are meant as text"


def _check(subject: Subject) -> Iterator[Problem]:
    scopes = Scopes(subject.workflow)
    for position, edge in enumerate(subject.workflow.edges):
        names = scopes.names(edge)
        for route, text in texts_of(edge):
            if "{{" in text or "}}" in text:
                location = ("spec", "edges", position, "config", *route)
                yield from islice(_braces(text, location, names), _MOST)


def _braces(text: str, route: Route, names: Mapping[str, Referent]) -> Iterator[Problem]:
    for match in _EMPTY.finditer(text):
        yield _problem(text, route, match, "names nothing between its braces", _TEXT)
    rest = _WHOLE.sub(lambda match: " " * len(match[0]), text)
    for match in _OPEN.finditer(_EMPTY.sub(lambda match: " " * len(match[0]), rest)):
        inner = match[1].strip()
        wanted = f"write {{{{{inner}}}}}; " if inner and split(inner, names) else ""
        yield _problem(text, route, match, "is not closed by }}", wanted + _TEXT)
    for match in _CLOSED.finditer(rest):
        inner = match[1].strip()
        if inner and split(inner, names):
            reason = "is closed by two braces and opened by one"
            yield _problem(text, route, match, reason, f"write {{{{{inner}}}}}")


def _problem(text: str, route: Route, match: re.Match[str], reason: str, help_: str) -> Problem:
    token = text[match.start() : match.end()]
    shown = token if len(token) <= 60 else f"{token[:57]}…"
    nth = text[: match.start()].count(token)
    message = f"the template's {shown} {reason}"
    return Problem(route, message, help_, Severity.ERROR, token=token, nth=nth)


RULE = Rule("template-braces", "Braces in templates are whole.", _check)
