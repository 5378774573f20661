"""No card, account, resident id, e-mail address or phone number of somebody in any file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Final

from registry_tool.core.finding import Problem, Severity, most_severe
from registry_tool.manifest.positions import Document, StateLocation
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.texts import text_of, texts_in
from registry_tool.security.pii.examples import is_documented_example
from registry_tool.security.pii.phones import Judging
from registry_tool.security.pii.recognise import (
    Kind,
    PersonalData,
    checked_and_other,
    find_personal_data,
)
from registry_tool.store.paths import COMPILED

MOST_IN_A_FILE = 20
MOST_JUDGED = 10_000
"""Spellings of phone numbers in a version that are judged, which takes a second."""

_SAID: Final[dict[Kind, tuple[Severity, str, str]]] = {
    "card": (Severity.HOLD, "a payment card's number", "4242 4242 4242 4242"),
    "iban": (Severity.HOLD, "a bank account (IBAN)", "GB82 WEST 1234 5698 7654 32"),
    "cn-resident-id": (Severity.HOLD, "a Chinese resident id", "11010519491231002X"),
    "phone": (Severity.WARNING, "a phone number", "+1 202 555 0143"),
    "email": (Severity.WARNING, "an e-mail address", "ada@example.com"),
}


def _check(subject: Subject) -> Iterator[Problem]:
    left = MOST_JUDGED
    for path, file in sorted(subject.files.items()):
        if path == COMPILED:
            continue  # it says what the manifest says
        text = text_of(path, file.content)
        if text is None:
            continue  # a picture, say
        judging = Judging(left)
        checked, other = checked_and_other(text, judging)  # twenty addresses must not hide a card
        found = chain(_problems(path, text, checked), _problems(path, text, other))
        unsigned = (problem for problem in found if not _signed(subject, problem))
        yield from islice(unsigned, MOST_IN_A_FILE)
        yield from _unjudged(path, text, judging)
        left = judging.left or 0
    judging = Judging(left)
    yield from most_severe(_in_values(subject.manifest.document, judging), MOST_IN_A_FILE)
    if judging.unjudged >= 0:
        yield Problem((), f"of the values not all {_UNJUDGED}", _SHORTEN, Severity.HOLD)


_UNJUDGED = (
    f"numbers were judged: more than {MOST_JUDGED:,} in this version look like phone numbers"
)
_SHORTEN = "shorten the files; a maintainer decides whether these are somebody's numbers"


def _unjudged(path: str, text: str, judging: Judging) -> Iterator[Problem]:
    """What was not looked at is said, and waits for somebody who looks."""
    if judging.unjudged >= 0:
        location = (text.count("\n", 0, judging.unjudged) + 1, 1)
        words = f"from here on not all {_UNJUDGED}"
        yield Problem((), words, _SHORTEN, Severity.HOLD, path=path, location=location)


def _in_values(document: Document, judging: Judging) -> Iterator[Problem]:
    """What the manifest's text doesn't say as it stands: behind escapes, in folded lines."""
    found = find_personal_data(document.text, judging)
    reported = {document.text[item.start : item.end] for item in found}
    for route, text in texts_in(document.value):
        for item in find_personal_data(text, judging):
            words = text[item.start : item.end]
            if words in reported or is_documented_example(item.kind, words):
                continue
            severity, what, example = _SAID[item.kind]
            help_ = f"replace it by a documented example, like {example}"
            if route[:2] not in _SIGNATURES:
                yield Problem(route, f"{what} stands in this value", help_, severity)


_SIGNATURES = (("metadata", "author"), ("metadata", "homepage"))


def _problems(path: str, text: str, items: Iterable[PersonalData]) -> Iterator[Problem]:
    """Problems with what a file says, in order, without documented examples."""
    line, line_start = 1, 0
    for item in items:
        if is_documented_example(item.kind, text[item.start : item.end]):
            continue
        line += text.count("\n", line_start, item.start)
        line_start = text.rfind("\n", 0, item.start) + 1
        severity, what, example = _SAID[item.kind]
        yield Problem(
            (),
            f"{what} stands here",
            f"replace it by a documented example, like {example}",
            severity,
            path=path,
            location=(line, item.start - line_start + 1),
        )


def _signed(subject: Subject, problem: Problem) -> bool:
    """True in the manifest's `author` or `homepage`: who signs says who they are."""
    document = subject.manifest.document
    if problem.path != document.path.removeprefix(document.folder) or problem.location is None:
        return False
    metadata = subject.workflow.metadata
    return any(
        value and _within(problem.location, document.values.get(("metadata", key)), len(value))
        for key, value in (("author", metadata.author), ("homepage", metadata.homepage))
    )


def _within(location: StateLocation, start: StateLocation | None, length: int) -> bool:
    """True where a place lies in a value of one line, with its quote."""
    return start is not None and location[0] == start[0] and 0 <= location[1] - start[1] <= length


RULE = Rule(
    "personal-data", "No card, account, resident id, address or phone number of somebody.", _check
)
