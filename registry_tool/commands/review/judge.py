"""Versions judged in the confined process: what is asked, and the findings that come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from registry_tool.core.finding import Finding, Severity
from registry_tool.core.values import Object
from registry_tool.rules import limits, pages
from registry_tool.rules.change_set import Actor
from registry_tool.runtime.confined import JUDGING, RENDERING, Confined, ConfinedError
from registry_tool.store import paths

_ON_ANY_FILE: Final = frozenset(
    {
        *("secrets", "personal-data", "hidden-characters", "reader-instructions"),
        *("opaque-files", "encoded-text", "out-of-sight", "mixed-scripts"),
    }
)
"""Rules that read whole files, in which most time goes into the largest one."""
_HELP: Final = "shorten what is so costly: a long line, a large file, a schema with many branches, a long pattern"

_MOST_WORDS: Final = 200
"""Of an error that nobody foresaw."""


@dataclass(frozen=True, slots=True)
class JudgeRequest:
    """A repository's folder, the commit and the tree on its two sides, who asks, and the versions to judge."""

    location: str
    before: str
    after: str
    actor: Actor | None
    versions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """The findings on one version, and whether its manifest could be read."""

    readable: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class JudgedVersions:
    """Each version's judgement; `bounded` says whether the system knows limits."""

    by_version: dict[tuple[str, str], Judged]
    bounded: bool = True


def judged_apart(
    confined: Confined, request: JudgeRequest, largest: Callable[[str], str]
) -> JudgedVersions:
    """Judge versions in the confined process. `largest` names the largest file of a version's folder.

    Where a limit ends the process, that is a finding on the version at which it was, and the rest is not judged.
    """
    waiting, at, bounded, bug = list(request.versions), _At(), True, ""
    found: dict[tuple[str, str], Judged] = {}
    try:
        for message in confined.ask("judge", request):
            if "bounded" in message:
                bounded = message["bounded"] is True
            elif "findings" in message:
                findings = (_finding(one) for one in cast(list[Object], message["findings"]))
                found[waiting.pop(0)] = Judged(message["readable"] is True, tuple(findings))
            else:
                at = at.moved(message)
    except (
        ConfinedError
    ) as error:  # of our own making or not: what can't be made can't be published
        if not at.page:
            raise
        bug = str(error).strip().rpartition("\n")[2][:_MOST_WORDS]
    if waiting:
        why = bug or confined.stopped(RENDERING if at.page else JUDGING)
        found |= dict(_stopped(waiting, at, why, largest))
    return JudgedVersions(found, bounded)


@dataclass(frozen=True, slots=True)
class _At:
    """What the confined process is at: a version, a rule, and the part of its pages that is made."""

    version: str = ""
    rule: str = ""
    page: tuple[str, int, int, str] | None = None

    def moved(self, message: Object) -> _At:
        """The position after a message that something begins."""
        if "version" in message:
            return _At(str(message["version"]))
        if "rule" in message:
            return _At(self.version, str(message["rule"]))
        path, line, column, what = cast(list[str | int], message["page"])
        return replace(self, page=(str(path), int(line), int(column), str(what)))


def _finding(fields: Object) -> Finding:
    line, column = (int(cast(int, fields[key])) for key in ("line", "column"))
    path, rule, message, help_ = (str(fields[key]) for key in ("path", "rule", "message", "help"))
    return Finding(path, line, column, rule, Severity(str(fields["severity"])), message, help_)


def _stopped(
    waiting: Sequence[tuple[str, str]], at: _At, why: str, largest: Callable[[str], str]
) -> Iterator[tuple[tuple[str, str], Judged]]:
    for name, version in waiting:
        folder = paths.version_dir(name, version)
        if f"{name}:{version}" != at.version:
            words = f"not judged, since the check stopped at {at.version}"
            finding = _limit(f"{folder}/{paths.MANIFEST}", words)
        elif at.page:
            path, line, column, what = at.page
            words, help_ = f"{what} can't be made: it took {why}", pages.HELP
            if not why.startswith("more than"):
                words = f"{what} can't be made: {why}"
            finding = Finding(path, line, column, pages.RULE.id, Severity.ERROR, words, help_)
        else:
            path = largest(folder) if at.rule in _ON_ANY_FILE else f"{folder}/{paths.MANIFEST}"
            words = f"judging the version took {why}"
            finding = _limit(path, words + (f", in the rule {at.rule}" if at.rule else ""))
        yield (name, version), Judged(readable=False, findings=(finding,))


def _limit(path: str, words: str) -> Finding:
    return Finding(path, 0, 0, limits.RULE.id, Severity.ERROR, words, _HELP)
