"""A published version never changes: no edit, addition, removal or change of mode."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from registry_tool.core.finding import Problem
from registry_tool.rules.base import Rule, Subject

_HELP = "publish a new version instead"


def fingerprint(content: bytes, mode: str) -> str:
    """What must stay: mode and bytes of a file."""
    return f"{mode} {sha256(content).hexdigest()}"


def _check(subject: Subject) -> Iterator[Problem]:
    base = subject.surroundings.base_files
    if not base:
        return
    for path in sorted(base.keys() | subject.files.keys()):
        file = subject.files.get(path)
        if file is None:
            yield _problem(path, "was removed")
        elif path not in base:
            yield _problem(path, "was added")
        elif base[path] != fingerprint(file.content, file.mode):
            yield _problem(path, "was changed")


def _problem(path: str, what: str) -> Problem:
    return Problem((), f"{path} {what} in a published version", _HELP, path=path, place=(1, 1))


RULE = Rule("immutable", "A published version never changes.", _check)
