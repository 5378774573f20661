"""What the checks say of a request that was opened: waited for, and reported with file and line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from registry_tool.commands.jobs.follow import PollingPolicy
from registry_tool.core.errors import RegistryError
from registry_tool.core.http import LostError
from registry_tool.core.values import Object
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.github.errors import GitHubRefusedError
from registry_tool.forge.model import Check, CheckNote

_FIRST, _LONGEST, _GROWTH = 3.0, 20.0, 1.5
_FINE: Final = frozenset({"success", "neutral", "skipped"})
_FIRST_TIME = (
    "a maintainer has to let checks run for somebody's first request; it is looked at then"
)


class NoVerdictError(RegistryError):
    """The checks have not ended while somebody waited; the request stays open."""


@dataclass(frozen=True, slots=True)
class CheckVerdict:
    """What all checks of a commit said, and the annotations of those that didn't pass."""

    checks: tuple[Check, ...]
    notes: tuple[CheckNote, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether none of them refused."""
        return all(check.conclusion in _FINE for check in self.checks)

    def to_value(self) -> Object:
        """As the commands print it."""
        return {
            "passed": self.passed,
            "checks": [
                {"name": c.name, "conclusion": c.conclusion, "url": c.url, "summary": c.summary}
                for c in self.checks
            ],
            "findings": [
                {"path": n.path, "line": n.line, "severity": n.level, "message": n.message}
                for n in self.notes
            ],
        }


def wait_for_checks(
    github: GitHub,
    commit: str,
    notify: Callable[[str], None],
    policy: PollingPolicy | None = None,
) -> CheckVerdict:
    """The verdict once every check has ended in two looks one after the other; `NoVerdictError` after the wait."""
    policy = policy or PollingPolicy()
    pace, until, pause = policy.pace, policy.pace.clock() + policy.longest, _FIRST
    before: tuple[Check, ...] = ()
    while True:
        now = _look(github, commit, before)
        news = [check for check in now if check not in before]
        for check in news:
            notify(f"{check.name}: {check.conclusion or check.status}")
        if now and not news and all(check.ended for check in now):
            return CheckVerdict(now, _notes(github, now))
        if pace.clock() >= until:
            raise _no_verdict(now, policy.longest)
        pause = _FIRST if news else min(pause * _GROWTH, _LONGEST)
        before = now
        pace.sleep(pause)


def _look(github: GitHub, commit: str, before: tuple[Check, ...]) -> tuple[Check, ...]:
    """The checks now; as before where GitHub is down."""
    try:
        return github.checks.of(commit)
    except LostError:
        return before
    except GitHubRefusedError as error:
        if error.status < 500:
            raise
        return before


def _notes(github: GitHub, checks: tuple[Check, ...]) -> tuple[CheckNote, ...]:
    failed = [check for check in checks if check.conclusion not in _FINE]
    return tuple(note for check in failed for note in github.checks.notes(check))


def _no_verdict(checks: tuple[Check, ...], longest: float) -> NoVerdictError:
    if not checks:
        return NoVerdictError(
            f"no check has begun within {longest:.0f} seconds; the request stays open",
            hint=_FIRST_TIME,
        )
    waiting = ", ".join(check.name for check in checks if not check.ended)
    return NoVerdictError(
        f"not ended within {longest:.0f} seconds: {waiting}; the request stays open",
        hint="publish again with --wait: it finds the request and goes on waiting",
    )
