"""Quotes of a known text in another: as it is, as JSON and Python write it, and cut short."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cached_property

from registry_tool.security.literals import Longest

_PIECE = 12  # an error may quote only the beginning of a longer one


def spellings(text: str) -> set[str]:
    """A text as it is, as JSON and Python quote it, and as they quote that."""
    forms = {text, text.strip()}
    for _ in range(2):
        forms |= {form for known in forms for form in _quoted(known)}
    return forms


def _quoted(text: str) -> set[str]:
    quoted = {json.dumps(text), json.dumps(text, ensure_ascii=False), repr(text)}
    return {form[1:-1] for form in quoted}


class Quotes:
    """Quotes of known texts in another: whole, or only their beginning. In time linear in what is read."""

    def __init__(self, known: Iterable[str]) -> None:
        self._forms: dict[str, list[str]] = {}
        for form in known:
            self._forms.setdefault(form[:_PIECE], []).append(form)
        self._sizes = sorted({len(head) for head in self._forms})

    def without(self, text: str, replacement: str) -> str:
        """The text with every quote of a known one replaced."""
        if not self._forms:
            return text
        parts: list[str] = []
        at = 0
        for start, _ in self._heads.spans(text):
            if start >= at:
                parts += (text[at:start], replacement)
                at = start + max(_same(text, start, form) for form in self._beginning(text, start))
        return "".join((*parts, text[at:]))

    @cached_property
    def _heads(self) -> Longest:
        return Longest(self._forms)

    def _beginning(self, text: str, at: int) -> Iterator[str]:
        """The forms whose first piece stands at a place of a text."""
        for size in self._sizes:
            yield from self._forms.get(text[at : at + size], ())


def _same(text: str, at: int, form: str) -> int:
    """How much of a form, at least its first piece, stands at a place of a text; else 0."""
    if not text.startswith(form[:_PIECE], at):
        return 0
    if text.startswith(form, at):
        return len(form)
    other = text[at : at + len(form)]
    return next(
        (i for i, pair in enumerate(zip(form, other, strict=False)) if pair[0] != pair[1]),
        len(other),
    )
