"""Puts an instruction into a value's free text, as whoever writes that text could."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final, cast

from registry_tool.core.values import Frozen, Object, Route, Value
from registry_tool.engine.testing.canaries.orders import order_of, orders_of
from registry_tool.manifest.json_schema.misfit import misfit

_MOST_TEXTS: Final = 32


def planted(value: Value, word: str, schema: Frozen) -> Value:
    """The value with the order behind its prose (texts with blanks, else its first text) where it then still fits.

    Unchanged where there is no text, or no room: a closed schema keeps the order out.
    """
    for only_prose in (True, False):
        found = _Plant(word, only_prose=only_prose).into(value)
        if found != value and _fits(found, schema):
            return found
    return value


def _fits(value: Value, schema: Frozen) -> bool:
    try:
        return misfit(value, schema) is None
    except ValueError:
        return False


class _Plant:
    """One walk through a value; without `only_prose` it plants once."""

    def __init__(self, word: str, *, only_prose: bool) -> None:
        self._word, self._only_prose = word, only_prose
        self._done = False

    def into(self, value: Value) -> Value:
        """The value with the order in it."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self.into(item) for item in value]
        if isinstance(value, dict):
            return {key: self.into(item) for key, item in value.items()}
        return value

    def _text(self, text: str) -> str:
        wanted = " " in text.strip() if self._only_prose else not self._done
        if not wanted:
            return text
        self._done = True
        return f"{text} {order_of(self._word)}"


def obeyed(value: Value, words: Collection[str], schema: Frozen) -> Value:
    """An answer as a model gives it that obeys: the orders in place of each text, where the schema lets them."""
    text = orders_of(words)
    for route in list(_texts(value))[:_MOST_TEXTS]:
        changed = _with(value, route, text)
        if _fits(changed, schema):
            value = changed
    return value


def _texts(value: Value, route: Route = ()) -> Iterator[Route]:
    """Where texts stand in a value."""
    if isinstance(value, str):
        yield route
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _texts(item, (*route, position))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, (*route, key))


def _with(value: Value, route: Route, text: str) -> Value:
    """The value with another text at one place."""
    if not route:
        return text
    step, *rest = route
    if isinstance(value, list):
        return [
            _with(item, tuple(rest), text) if position == step else item
            for position, item in enumerate(value)
        ]
    known = cast(Object, value)
    return {**known, str(step): _with(known[str(step)], tuple(rest), text)}
