"""Assertions on text: contains, icontains, starts-with, is-json, levenshtein."""

from __future__ import annotations

import json

from registry_tool.core.values import Frozen
from registry_tool.engine.assertions.base import (
    Assertion,
    AssertionFormError,
    Outcome,
    wanted,
)
from registry_tool.manifest.template import as_text


def _contains(outcome: Outcome, assertion: Frozen) -> str | None:
    part = as_text(wanted(assertion))
    return None if part in as_text(outcome.value) else f"{part!r} is not in it"


def _icontains(outcome: Outcome, assertion: Frozen) -> str | None:
    part = as_text(wanted(assertion))
    found = part.casefold() in as_text(outcome.value).casefold()
    return None if found else f"{part!r} is not in it, in upper or lower case"


def _starts_with(outcome: Outcome, assertion: Frozen) -> str | None:
    part = as_text(wanted(assertion))
    return None if as_text(outcome.value).startswith(part) else f"it does not start with {part!r}"


def _is_json(outcome: Outcome, assertion: Frozen) -> str | None:
    if not isinstance(outcome.value, str):
        return None
    try:
        json.loads(outcome.value)
    except ValueError as error:
        return f"it is not JSON: {error}"
    return None


def _levenshtein(outcome: Outcome, assertion: Frozen) -> str | None:
    most = assertion.get("threshold", 5)
    if not isinstance(most, int | float):
        raise AssertionFormError("the threshold of levenshtein is a number of edits")
    found = distance(as_text(outcome.value), as_text(wanted(assertion)))
    return None if found <= most else f"it is {found} edits away, more than {most:g}"


def distance(one: str, other: str) -> int:
    """Levenshtein's edit distance in characters; `ValueError` beyond 10,000 by 10,000."""
    if max(len(one), len(other)) > 10_000:
        raise ValueError("texts of more than 10,000 characters are not compared by edits")
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]


CONTAINS = Assertion("contains", _contains)
ICONTAINS = Assertion("icontains", _icontains)
STARTS_WITH = Assertion("starts-with", _starts_with)
IS_JSON = Assertion("is-json", _is_json)
LEVENSHTEIN = Assertion("levenshtein", _levenshtein)
