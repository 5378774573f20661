"""No key, token or private key in any file; what was found is never echoed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from registry_tool.core.finding import Problem
from registry_tool.rules.base import Rule, Subject
from registry_tool.security.secrets import secrets_in
from registry_tool.store.paths import COMPILED

MOST_IN_A_FILE = 20


def _check(subject: Subject) -> Iterator[Problem]:
    for path, file in sorted(subject.files.items()):
        if path == COMPILED:
            continue  # it says what the manifest says
        yield from islice(in_content(path, file.content), MOST_IN_A_FILE)


def in_content(path: str, content: bytes) -> Iterator[Problem]:
    """Every secret of a file."""
    for secret in secrets_in(content):
        yield Problem(
            (),
            f"this line holds a secret ({secret.kind})",
            "remove it, revoke it, and read it from the environment at run time",
            path=path,
            place=(secret.line, secret.column),
        )


RULE = Rule("secrets", "No key, token or private key in any file.", _check)
