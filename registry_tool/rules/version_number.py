"""The version is SemVer 2.0.0 and above what its line has published."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from registry_tool.core.finding import Problem
from registry_tool.manifest.names import bad_version
from registry_tool.resolver.version import parse
from registry_tool.rules.base import Rule, Subject

_PARTS = 3


def _check(subject: Subject) -> Iterator[Problem]:
    number = subject.workflow.version
    if reason := bad_version(number):
        yield Problem(("metadata", "version"), f"the version {number!r} {reason}", _likely(number))
        return
    core = number.split("+", 1)[0]
    for other in subject.context.published:
        if other != number and other.split("+", 1)[0] == core:
            yield Problem(
                ("metadata", "version"),
                f"{number} and the published {other} have the same precedence",
                "raise the version; build metadata does not order versions",
            )
            return
    if (highest := _to_beat(number, subject.context.published)) is not None:
        yield Problem(
            ("metadata", "version"),
            f"{number} is not above {highest}, which is published",
            "raise the version; patches of an older line go above the last patch of that line",
        )


def _likely(text: str) -> str:
    """What was probably meant: `1.0` and `v1` are 1.0.0."""
    parts = text.removeprefix("v").removeprefix("V").split(".")
    plain = text[:1] in "vV" or len(parts) < _PARTS
    if plain and len(parts) <= _PARTS and all(part.isascii() and part.isdigit() for part in parts):
        numbers = [str(int(part[:18])) for part in parts]
        return f'write "{".".join([*numbers, "0", "0"][:_PARTS])}"'
    return 'such as "1.0.0"'


def _to_beat(number: str, published: Collection[str]) -> str | None:
    """The published version that stands in the way: of the same minor line for a patch, else the same major."""
    new = parse(number)
    others = [parse(other) for other in published if other != number]
    major, minor, patch = new.release
    line = [other for other in others if other.release[:2] == (major, minor)]
    if not (line and patch):
        line = [other for other in others if other.release[0] == major] or others
    highest = max(line, default=None)
    return highest.text if highest is not None and new < highest else None


RULE = Rule("version", "The version is SemVer 2.0.0 and above its line.", _check)
