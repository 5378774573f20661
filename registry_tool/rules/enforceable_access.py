"""A public registry promises no access control that it can't keep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry_tool.core.finding import Problem
from registry_tool.rules.base import Rule, Subject
from registry_tool.security.access import MAKE_PRIVATE, unenforceable

_INSTEAD: Final = {"read": "[public]", "execute": "[authenticated]"}


def _check(subject: Subject) -> Iterator[Problem]:
    if not subject.context.public:
        return
    for promise in unenforceable(subject.workflow.security, private=False):
        yield Problem(
            ("security", "access_control", promise.action),
            f"this registry is public: {promise.reason}",
            f"{MAKE_PRIVATE}{promise.action}: {_INSTEAD[promise.action]}",
        )


RULE = Rule("enforceable-access", "A public registry keeps what access lists promise.", _check)
