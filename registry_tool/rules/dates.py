"""What a manifest says of its dates is in order: lists show the newest first by them."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem, Severity
from registry_tool.manifest.dating import EARLIEST, at
from registry_tool.manifest.model import Metadata
from registry_tool.rules.base import Rule, Subject

_WRITE = "write a day and a time that there are, such as 2026-01-31T12:00:00Z"
_HELP = "leave updated out: `puppy-cli publish` fills it in"


def _check(subject: Subject) -> Iterator[Problem]:
    about, before = subject.workflow.metadata, subject.context.previous
    if impossible := list(_impossible(about)):
        yield from impossible
        return
    if about.created and about.updated and at(about.updated) < at(about.created):
        words = f"updated ({about.updated}) is before created ({about.created})"
        yield Problem(("metadata", "updated"), words, _HELP, Severity.WARNING)
    earlier = before.metadata.updated if before else ""
    if before and about.updated and earlier and at(about.updated) < at(earlier):
        words = f"updated ({about.updated}) is before that of {before.version} ({earlier})"
        yield Problem(("metadata", "updated"), words, _HELP, Severity.WARNING)


def _impossible(about: Metadata) -> Iterator[Problem]:
    for key, written in (("created", about.created), ("updated", about.updated)):
        if written and at(written) == EARLIEST:
            words = f"{key} ({written}) is not a date of the calendar"
            yield Problem(("metadata", key), words, _WRITE, Severity.WARNING)


RULE = Rule("dates", "A version is updated after it was made, and after the one before.", _check)
