"""A new name that can be taken for another one waits for a human, and so does a reserved one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from string import ascii_lowercase, digits

from registry_tool.core.finding import Finding, Severity
from registry_tool.rules.change_set import ChangeRule, ChangeSet, on_path
from registry_tool.store.paths import workflow_dir

RESERVED = frozenset(
    {"admin", "api", "index", "latest", "new", "official", "puppy-cli", "puppyai", "registry"}
    | {"registry-tool", "root", "security", "support", "system", "workflow", "workflows"}
)
_ALPHABET = ascii_lowercase + digits + "-"
_SHAPES = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"))
_SHORTEST = 4  # names of three characters are all one edit from each other


def _check(subject: ChangeSet) -> Iterator[Finding]:
    new = [line.name for line in subject.lines.values() if line.is_new]
    if not new or subject.by_maintainer:
        return
    known = subject.names()
    for name in new:
        if name in RESERVED or name in subject.reserved or name.startswith("puppyai-"):
            yield _hold(name, f"the name {name} is reserved")
        elif other := look_alike(name, known):
            yield _hold(name, f"the name {name} can be taken for {other}, which exists")


def _hold(name: str, words: str) -> Finding:
    help_ = "a maintainer decides; take a name that nobody mistakes, or wait"
    return on_path(RULE.id, workflow_dir(name), words, help_, Severity.HOLD)


def look_alike(name: str, known: Collection[str]) -> str:
    """A known name that is one edit away or looks the same; empty where there is none."""
    wanted = known if isinstance(known, set | frozenset) else frozenset(known)
    if len(name) >= _SHORTEST:
        for other in sorted(edits(name)):
            if other in wanted and len(other) >= _SHORTEST:
                return other
    shape = skeleton(name)
    return next(
        (other for other in sorted(wanted) if other != name and skeleton(other) == shape), ""
    )


def skeleton(name: str) -> str:
    """A name as the eye takes it: hyphens left out, letters and digits of one shape made one."""
    text = name.replace("-", "")
    for shape, plain in _SHAPES:
        text = text.replace(shape, plain)
    return text


def edits(name: str) -> set[str]:
    """Every text one insertion, deletion, replacement or swap away (Damerau)."""
    parts = [(name[:i], name[i:]) for i in range(len(name) + 1)]
    found = {left + right[1:] for left, right in parts if right}
    found |= {left + right[1] + right[0] + right[2:] for left, right in parts if len(right) > 1}
    found |= {left + char + right[1:] for left, right in parts if right for char in _ALPHABET}
    found |= {left + char + right for left, right in parts for char in _ALPHABET}
    return found - {name}


RULE = ChangeRule("look-alike", "No name that is mistaken for another.", _check)
