"""How far a version must be above another: SemVer's words, and what they mean before 1.0.0.

From 0.y.z on npm's ranges treat y as the breaking part, so there a minor release may break and a patch may add.
"""

from __future__ import annotations

from collections.abc import Iterable

from registry_tool.resolver.version import Bump, bump_between, parse

_ORDER: tuple[Bump, ...] = ("none", "prerelease", "patch", "minor", "major")
_BEFORE_ONE: dict[Bump, Bump] = {"major": "minor", "minor": "patch"}


def highest(bumps: Iterable[Bump]) -> Bump:
    """The greatest bump; `none` for none."""
    return max(bumps, key=_ORDER.index, default="none")


def at_least(actual: Bump, needed: Bump) -> bool:
    """True where `actual` is as great as `needed`."""
    return _ORDER.index(actual) >= _ORDER.index(needed)


def needed_after(required: Bump, old: str) -> Bump:
    """The part of `old` that must rise for a change that requires `required`."""
    return _BEFORE_ONE.get(required, required) if parse(old).release[0] == 0 else required


def is_enough(required: Bump, old: str, new: str) -> bool:
    """True where going from `old` to `new` promises what a change requires."""
    return at_least(bump_between(old, new), needed_after(required, old))


def next_version(required: Bump, old: str) -> str:
    """The lowest release above `old` that promises what a change requires."""
    major, minor, patch = parse(old).release
    match needed_after(required, old):
        case "major":
            return f"{major + 1}.0.0"
        case "minor":
            return f"{major}.{minor + 1}.0"
        case _:
            return f"{major}.{minor}.{patch + 1}"


def predecessor(number: str, published: Iterable[str]) -> str:
    """The highest published release below a version; empty where there is none."""
    new = parse(number)
    lower = [v for v in map(parse, published) if v < new and not v.is_prerelease]
    return max(lower).text if lower else ""
