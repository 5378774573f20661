"""Who sent data under a promise of encryption is not left without it by another release, unseen."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem, Severity
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.neighbouring_version import neighbouring_version


def _check(subject: Subject) -> Iterator[Problem]:
    other = neighbouring_version(subject)
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


RULE = Rule("encryption-kept", "No release gives up encryption unseen.", _check)
