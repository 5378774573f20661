"""Whether a pull request is merged by itself now: pure, by policy, verdict, request and time.

Nothing of what a stranger writes is asked: no text, no comment, no date of a commit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from registry_tool.catalogue.auto_merge import CHECK, NEW_NAME, AutoMergePolicy
from registry_tool.commands.review.pr_result import PASSED, REFUSED
from registry_tool.forge.model import Check

_FLOODED: Final = "more than a thousand things were done to it, which nobody reads by a program"
_UNKNOWN_PUSH: Final = (
    "GitHub doesn't say when this commit was pushed (a private fork, or one that is gone)"
)
_FINE: Final = frozenset({"success", "neutral", "skipped"})


class MergeOutcome(StrEnum):
    """What becomes of a request now."""

    MERGE = "merge"
    WAITS = "waits"
    STOPPED = "stopped"
    PERSON = "needs a maintainer"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Release:
    """A version that a request adds: its bump (`new name` for a workflow's first), and its score."""

    name: str
    version: str
    bump: str
    score: int


@dataclass(frozen=True, slots=True)
class JudgedMerge:
    """What the gatekeeper says of the merge result: `verdict` is passed, held or refused; `rules` say why.

    `beside` says that it changes more than it releases, `unchecked` what could not be judged; `conflict` that git
    can't merge it.
    """

    verdict: str
    rules: tuple[str, ...] = ()
    releases: tuple[Release, ...] = ()
    beside: bool = False
    unchecked: tuple[str, ...] = ()
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What the forge says of a request. `since`: when its head was pushed or it was (re)opened, the later one.

    `since` is None where the forge doesn't tell. `stopped_by` is the maintainer whose label stops it, or empty;
    `asked_by` are those who may push and asked for changes. `checks` are those of the head.
    `flooded` says that more was done to it than is read, `tools_own` that the tool proposed it itself.
    """

    since: datetime | None
    stopped_by: str = ""
    asked_by: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    flooded: bool = False
    tools_own: bool = False


@dataclass(frozen=True, slots=True)
class MergeDecision:
    """The outcome, why it is not merged now, and when its waiting time ends (None: it waits for no time).

    `pending` says that a check is under way, which ends without anything that the request shows.
    """

    outcome: MergeOutcome
    reasons: tuple[str, ...] = ()
    until: datetime | None = None
    releases: tuple[Release, ...] = ()
    pending: bool = False


def decide(
    policy: AutoMergePolicy, request: RequestFacts, judged: JudgedMerge, now: datetime
) -> MergeDecision:
    """What becomes of a request at `now`.

    MERGE only where the check passes all of it, each release is routine, its time is over, no maintainer stops
    it, and every check of the forge is fine.
    """
    if reasons := tuple(_refused(judged)):
        return MergeDecision(MergeOutcome.REFUSED, reasons, releases=judged.releases)
    reasons = tuple(_not_routine(policy, judged))
    if request.tools_own:
        reasons += ("a move to another model, which the tool proposed, is for a person to merge",)
    if request.since is None:
        reasons += (_FLOODED if request.flooded else _UNKNOWN_PUSH,)
    if request.since is None or reasons:
        return MergeDecision(MergeOutcome.PERSON, reasons, releases=judged.releases)
    ends = request.since + policy.wait(release.bump for release in judged.releases)
    until = ends if now < ends else None
    if reasons := tuple(_stops(policy, request)):
        return MergeDecision(MergeOutcome.STOPPED, reasons, until, judged.releases)
    reasons = tuple(_unfinished(request.checks))
    if until or reasons:
        return MergeDecision(
            MergeOutcome.WAITS, reasons, until, judged.releases, _is_pending(request.checks)
        )
    return MergeDecision(MergeOutcome.MERGE, releases=judged.releases)


def _refused(judged: JudgedMerge) -> Iterator[str]:
    if judged.conflict:
        yield "it conflicts with the registry's branch"
    elif judged.verdict == REFUSED:
        yield f"the check refuses it: {', '.join(judged.rules)}"


def _not_routine(policy: AutoMergePolicy, judged: JudgedMerge) -> Iterator[str]:
    if judged.verdict != PASSED:
        yield f"the check holds it for a maintainer: {', '.join(judged.rules)}"
    if judged.unchecked:
        yield f"not everything could be checked: {'; '.join(judged.unchecked)}"
    if not judged.releases:
        yield "it releases no version"
    if judged.beside:
        yield "it changes more than the versions that it releases"
    for release in judged.releases:
        if not policy.admits(release.bump):
            kind = "a new name" if release.bump == NEW_NAME else f"a {release.bump} release"
            yield f"{release.name} {release.version} is {kind}, which is not merged by itself here"
        if release.score < policy.score:
            yield f"{release.name} {release.version} has a score of {release.score}, below {policy.score}"


def _stops(policy: AutoMergePolicy, request: RequestFacts) -> Iterator[str]:
    if request.stopped_by:
        yield f"{request.stopped_by} set the label `{policy.stop_label}`"
    for login in request.asked_by:
        yield f"{login} asks for changes"


def _is_pending(checks: tuple[Check, ...]) -> bool:
    return not any(check.name == CHECK for check in checks) or not all(c.ended for c in checks)


def _unfinished(checks: tuple[Check, ...]) -> Iterator[str]:
    if not any(check.name == CHECK for check in checks):
        yield f"the check `{CHECK}` has not run for this commit"
    for check in checks:
        if not check.ended:
            yield f"the check `{check.name}` runs"
        elif check.conclusion not in _FINE:
            yield f"the check `{check.name}` did not pass"
