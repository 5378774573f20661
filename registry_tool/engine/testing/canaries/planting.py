"""Puts an instruction into a value's free text, as whoever writes that text could."""

from __future__ import annotations

from registry_tool.core.values import Frozen, Value
from registry_tool.engine.testing.canaries.orders import order_of
from registry_tool.manifest.json_schema.misfit import misfit


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
