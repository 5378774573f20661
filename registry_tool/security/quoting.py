"""Quotes of a known text in another: as it is, as JSON and Python write it, and cut short."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

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


def without_quotes(text: str, known: Sequence[str], replacement: str) -> str:
    """The text with every quote of a known one, whole or only its beginning, replaced."""
    if not known:
        return text
    heads = "|".join(re.escape(head) for head in dict.fromkeys(form[:_PIECE] for form in known))
    parts: list[str] = []
    at = 0
    for match in re.finditer(heads, text):
        if match.start() >= at:
            parts += (text[at : match.start()], replacement)
            at = match.start() + max(_same(text, match.start(), form) for form in known)
    return "".join((*parts, text[at:]))


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
