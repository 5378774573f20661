"""Where every value of a document stands: the one place that knows line and column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from registry_tool.core.finding import Finding, Problem
from registry_tool.core.records import Record
from registry_tool.core.values import Route, Value

StateLocation = tuple[int, int]
"""Line and column, from 1."""


class Document(Record, frozen=True):
    """A parsed YAML file: its value, and the places of values and keys by route."""

    path: str
    text: str
    value: Value
    values: Mapping[Route, StateLocation]
    keys: Mapping[Route, StateLocation]

    @property
    def folder(self) -> str:
        """The path's folder with its final slash, or nothing."""
        return self.path[: self.path.rfind("/") + 1]

    def location(self, route: Route, *, on_key: bool = False) -> StateLocation:
        """Line and column of a route; of the nearest one above it that is written down."""
        if on_key and route in self.keys:
            return self.keys[route]
        for length in range(len(route), -1, -1):
            if (location := self.values.get(route[:length])) is not None:
                return location
        return (1, 1)

    def place_of_token(self, route: Route, token: str, nth: int) -> StateLocation:
        """Where a text stands inside a value; the value's own place where it is spelled with escapes."""
        start = self.location(route)
        following = [
            location
            for location in (*self.values.values(), *self.keys.values())
            if location > start
        ]
        begin = self._offset(start)
        end = self._offset(min(following)) if following else len(self.text)
        found = _occurrences(self.text, token, begin, end)
        if nth >= len(found):
            return start
        at = found[nth]
        return (self.text.count("\n", 0, at) + 1, at - self.text.rfind("\n", 0, at))

    def place_inside(self, route: Route, line: int, column: int) -> StateLocation:
        """Where a line and column of a literal block (`|`) stand; of another text, the text's own place."""
        start = self.location(route)
        lines = self.text.split("\n")
        if not self.text[self._offset(start) :].startswith("|") or start[0] + line > len(lines):
            return start
        body = lines[start[0] :]
        first = next((text for text in body if text.strip()), "")
        indent = len(first) - len(first.lstrip(" "))
        return (start[0] + line, indent + column)

    def _offset(self, location: StateLocation) -> int:
        line, column = location
        at = 0
        for _ in range(line - 1):
            at = self.text.find("\n", at) + 1
        return at + column - 1


@lru_cache(maxsize=8)  # a rule's problems follow each other: thousands can be of one token
def _occurrences(text: str, token: str, begin: int, end: int) -> tuple[int, ...]:
    """Where a token begins in a part of a text; they may overlap."""
    found, at = [], text.find(token, begin, end)
    while at != -1:
        found.append(at)
        at = text.find(token, at + 1, end)
    return tuple(found)


def locate(problems: Iterable[Problem], rule: str, document: Document) -> list[Finding]:
    """A rule's problems as findings."""
    return [_located(problem, rule, document) for problem in problems]


def _located(problem: Problem, rule: str, document: Document) -> Finding:
    if problem.location:
        line, column = problem.location
    elif problem.token:
        line, column = document.place_of_token(problem.route, problem.token, problem.nth)
    else:
        line, column = document.location(problem.route, on_key=problem.on_key)
    path = f"{document.folder}{problem.path}" if problem.path else document.path
    return Finding(path, line, column, rule, problem.severity, problem.message, problem.help)
