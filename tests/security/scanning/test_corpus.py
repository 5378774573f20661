"""The corpus against the rules: what is found, what is let through, and what of each docs/scans.md says."""

from __future__ import annotations

from collections import Counter

import pytest

from registry_tool.core.finding import Severity
from tests.security.scanning.corpus import ScanCase, cases
from tests.security.scanning.verdicts import found_in, verdict

LEAST = 200
BYPASSES = ("behind blanks", "documents", "programs", "answers and tests")
"""Four ways past scanners of skills: a hundred thousand newlines, documents, bytecode, words to the judge."""
STOPS = {Severity.ERROR, Severity.HOLD}
UNREADABLE = {"xor"}
"""Steps that nobody undoes without their key."""
HELD_OUT = {"reported": 143, "stopped": 131, "of": 159}
"""As docs/scans.md says; at first 133 and 124."""


def label(case: ScanCase) -> str:
    return f"{case.kind} {case.label}"


def of(*, hostile: bool, held_out: bool) -> list[ScanCase]:
    return [one for one in cases() if (one.hostile, one.held_out) == (hostile, held_out)]


def test_there_are_enough_of_each_and_none_twice() -> None:
    files = [(one.kind, tuple(sorted(one.files.items()))) for one in cases()]
    assert len(set(files)) == len(files)
    assert min(Counter(one.hostile for one in cases()).values()) >= LEAST


def test_what_is_hostile_and_known_is_reported() -> None:
    silent = [one for one in of(hostile=True, held_out=False) if verdict(found_in(one)) is None]
    assert {one.label.rpartition(" ")[2] for one in silent} == UNREADABLE


def test_it_is_stopped_wherever_nobody_sees_it() -> None:
    seen = {"in the open", "answers and tests", "other bytes", "look-alike letters"}
    stopped = {
        one.kind: verdict(found_in(one)) in STOPS
        for one in of(hostile=True, held_out=False)
        if one.kind not in seen
    }
    assert [kind for kind, stops in stopped.items() if not stops] == []


@pytest.mark.parametrize("kind", BYPASSES)
def test_the_known_bypasses_are_reported_with_place_and_way_out(kind: str) -> None:
    known = [one for one in of(hostile=True, held_out=False) if one.kind == kind]
    assert known
    for one in known:
        found = found_in(one)
        assert found, label(one)
        assert all(finding.path and finding.message and finding.help for finding in found)


def test_what_was_held_out_is_found_as_often_as_when_it_was_measured() -> None:
    verdicts = [verdict(found_in(one)) for one in of(hostile=True, held_out=True)]
    assert len(verdicts) == HELD_OUT["of"]
    assert sum(one is not None for one in verdicts) >= HELD_OUT["reported"]
    assert sum(one in STOPS for one in verdicts) >= HELD_OUT["stopped"]


def test_nothing_harmless_is_refused_and_only_documents_wait() -> None:
    stopped = {
        label(one): verdict(found_in(one))
        for one in cases()
        if not one.hostile and verdict(found_in(one)) in STOPS
    }
    assert Severity.ERROR not in stopped.values()
    assert {name.partition(" ")[0] for name in stopped} == {"documents"}
