"""Assertions on text: parts, beginnings and ends, words, edits, patterns, refusals."""

from __future__ import annotations

import re
from collections.abc import Callable

from registry_tool.core.values import Frozen, Value
from registry_tool.engine.assertions.base import (
    Assertion,
    AssertionContext,
    AssertionFormError,
    AssertionResult,
    fails,
    holds,
    number,
    options,
    plain,
    short,
    unjudged,
    wanted,
    wanted_texts,
)
from registry_tool.manifest.json_schema.misfit import misfit
from registry_tool.manifest.template import as_text

LONGEST = 10_000
"""Texts longer than so many characters are not compared edit by edit."""


def _parts(type_: str, wanted_parts: Callable[[list[bool]], bool], *, any_case: bool) -> Assertion:
    def check(value: Value, form: Frozen) -> str | None:
        text = _folded(as_text(value), any_case)
        parts = wanted_texts(form)
        found = [_folded(part, any_case) in text for part in parts]
        if wanted_parts(found):
            return None
        missing = [part for part, there in zip(parts, found, strict=True) if not there]
        listed = ", ".join(repr(short(part)) for part in missing[:5])
        return f"{listed} {'is' if len(missing) == 1 else 'are'} not in it"

    return plain(type_, check)


def _folded(text: str, any_case: bool) -> str:
    return text.casefold() if any_case else text


def _starts_with(value: Value, form: Frozen) -> str | None:
    part = as_text(wanted(form))
    return None if as_text(value).startswith(part) else f"it does not start with {part!r}"


def _ends_with(value: Value, form: Frozen) -> str | None:
    part = as_text(wanted(form))
    return None if as_text(value).endswith(part) else f"it does not end with {part!r}"


def _regex(value: Value, form: Frozen) -> str | None:
    pattern = as_text(wanted(form))
    try:
        found = matches(pattern, as_text(value))
    except ValueError:
        raise AssertionFormError(
            f"{short(pattern)!r} is not a regular expression that can be matched in linear time",
            hint="leave out look-around, back-references and huge repeats",
        ) from None
    return None if found else f"{short(pattern)!r} matches nothing in it"


def matches(pattern: str, text: str) -> bool:
    """True where a pattern matches somewhere in a text, in linear time; `ValueError` where it is not a pattern."""
    return misfit(text, {"type": "string", "pattern": pattern}) is None


def _word_count(value: Value, form: Frozen) -> str | None:
    found = len(as_text(value).split())
    if isinstance(wanted(form), dict):
        bounds = options(form, "min", "max")
        least = number(bounds, "min", 0)
        most = number(bounds, "max", float("inf"))
    else:
        least = most = number(form, "value")
    if least <= found <= most:
        return None
    return f"it has {found} words, {'fewer' if found < least else 'more'} than wanted"


def _levenshtein(look: AssertionContext, form: Frozen) -> AssertionResult:
    most = number(form, "threshold", 5)
    expected = as_text(wanted(form))
    longer = max(len(look.text), len(expected))
    if longer > LONGEST:
        return unjudged(f"texts of more than {LONGEST} characters are not compared by edits")
    found = distance(look.text, expected)
    score = 1 - found / longer if longer else 1.0
    if found <= most:
        return holds()
    return fails(f"it is {found} edits away, more than {most:g}", score)


def distance(one: str, other: str) -> int:
    """Levenshtein's edit distance in characters (https://en.wikipedia.org/wiki/Levenshtein_distance)."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]


# Beginnings that models refuse with; an answer that only mentions them further down is not a refusal.
_REFUSAL = re.compile(
    r"(?:(?:i'?m|i am|we'?re|we are) (?:very |so |really )?(?:sorry|afraid)\b"
    r"|(?:i )?apologi[sz]e\b|my apologies\b|unfortunately,? i\b"
    r"|i (?:can ?not|can'?t|won'?t|will not|could not|couldn'?t|must decline|(?:am|'m) (?:not able|unable))\b"
    r"|i'?m (?:not able|unable) to\b|as an ai\b|i don'?t feel comfortable\b"
    r"|(?:很)?(?:抱歉|对不起)|我(?:无法|不能|不可以))",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"(?:(?:hi|hello|oh|well|no|thank you|thanks|sorry)[,.!:;\s]+)+", re.IGNORECASE
)


def _is_refusal(value: Value, _form: Frozen) -> str | None:
    text = as_text(value).replace("’", "'").strip()[:400]
    start = _FILLER.match(text)
    begun = text[start.end() :] if start else text
    refused = not text or _REFUSAL.match(text) or _REFUSAL.match(begun)
    return None if refused else "it does not begin like a refusal"


CONTAINS = _parts("contains", all, any_case=False)
ICONTAINS = _parts("icontains", all, any_case=True)
CONTAINS_ALL = _parts("contains-all", all, any_case=False)
CONTAINS_ANY = _parts("contains-any", any, any_case=False)
ICONTAINS_ALL = _parts("icontains-all", all, any_case=True)
ICONTAINS_ANY = _parts("icontains-any", any, any_case=True)
STARTS_WITH = plain("starts-with", _starts_with)
ENDS_WITH = plain("ends-with", _ends_with)
REGEX = plain("regex", _regex)
WORD_COUNT = plain("word-count", _word_count)
LEVENSHTEIN = Assertion("levenshtein", _levenshtein)
IS_REFUSAL = plain("is-refusal", _is_refusal)
