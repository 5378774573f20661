"""Versions judged in the confined process: what is asked, and the findings that come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, cast

from registry_tool.core.finding import Finding, Severity
from registry_tool.core.values import Object
from registry_tool.rules import limits
from registry_tool.rules.change_set import Actor
from registry_tool.runtime.confined import JUDGING, Confined
from registry_tool.store import paths

_ON_ANY_FILE: Final = frozenset({"secrets", "personal-data", "hidden-characters"})
"""Rules that read whole files, in which most time goes into the largest one."""
_HELP: Final = "shorten what is so costly: a long line, a large file, a schema with many branches, a long pattern"


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
    """Each version's judgement; `bounded` tells whether the system knows limits."""

    by_version: dict[tuple[str, str], Judged]
    bounded: bool = True


def judged_apart(
    confined: Confined, request: JudgeRequest, largest: Callable[[str], str]
) -> JudgedVersions:
    """Judge versions in the confined process. `largest` names the largest file of a version's folder.

    Where a limit ends the process, that is a finding on the version at which it was, and the rest is not judged.
    """
    waiting, at, rule, bounded = list(request.versions), "", "", True
    found: dict[tuple[str, str], Judged] = {}
    for told in confined.ask("judge", request):
        if "bounded" in told:
            bounded = told["bounded"] is True
        elif "version" in told:
            at, rule = str(told["version"]), ""
        elif "rule" in told:
            rule = str(told["rule"])
        else:
            findings = (_finding(one) for one in cast(list[Object], told["findings"]))
            found[waiting.pop(0)] = Judged(told["readable"] is True, tuple(findings))
    if waiting:
        why = confined.stopped(JUDGING)
        found |= dict(_stopped(waiting, at, rule, why, largest))
    return JudgedVersions(found, bounded)


def _finding(told: Object) -> Finding:
    line, column = (int(cast(int, told[key])) for key in ("line", "column"))
    path, rule, message, help_ = (str(told[key]) for key in ("path", "rule", "message", "help"))
    return Finding(path, line, column, rule, Severity(str(told["severity"])), message, help_)


def _stopped(
    waiting: Sequence[tuple[str, str]], at: str, rule: str, why: str, largest: Callable[[str], str]
) -> Iterator[tuple[tuple[str, str], Judged]]:
    for name, version in waiting:
        folder = paths.version_dir(name, version)
        path, words = f"{folder}/{paths.MANIFEST}", f"not judged, since the check stopped at {at}"
        if f"{name}:{version}" == at:
            path = largest(folder) if rule in _ON_ANY_FILE else path
            words = f"judging the version took {why}" + (f", in the rule {rule}" if rule else "")
        finding = Finding(path, 0, 0, limits.RULE.id, Severity.ERROR, words, _HELP)
        yield (name, version), Judged(readable=False, findings=(finding,))
