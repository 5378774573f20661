"""Who sent data under a promise of encryption is not left without it by another release, unseen."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem, Severity
from registry_tool.manifest.model import Workflow
from registry_tool.manifest.names import bad_version
from registry_tool.resolver.candidates import Candidate
from registry_tool.resolver.version import parse
from registry_tool.rules.base import Rule, Subject


def _check(subject: Subject) -> Iterator[Problem]:
    if bad_version(subject.workflow.version) or not subject.is_addition:
        return
    other = subject.surroundings.previous or _above(subject)
    has = subject.workflow.security.encryption
    if other is not None and other.security.encryption not in {"", has}:
        had = other.security.encryption
        yield Problem(
            ("security", "data_privacy", "encryption"),
            f"{other.version} demands the encryption {had}, this version {has or 'none'}: "
            "who asks for a run can't tell which one serves",
            f"write encryption: {had} in security.data_privacy, or a maintainer accepts it",
            Severity.HOLD,
        )


def _above(subject: Subject) -> Workflow | None:
    """The next higher release, for a version below all others."""
    around, own = subject.surroundings, parse(subject.workflow.version)
    known = [number for number in around.published if not bad_version(number)]
    higher = min((n for n in known if parse(n) > own), key=parse, default="")
    return around.workflow_of(Candidate(subject.workflow.name, higher)) if higher else None


RULE = Rule("encryption-kept", "No release gives up encryption unseen.", _check)
