"""A new name that can be taken for another one waits for a human, and so does a reserved one."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from registry_tool.core.finding import Finding, Severity
from registry_tool.rules.change_set import ChangeRule, ChangeSet, on_path
from registry_tool.rules.skeletons import edits, look_alike, skeleton
from registry_tool.store.paths import workflow_dir

RESERVED = frozenset(
    {"admin", "api", "index", "latest", "new", "official", "puppy-cli", "puppyai", "registry"}
    | {"registry-tool", "root", "security", "support", "system", "workflow", "workflows"}
)
_CLAIMS = frozenset({"official", "puppyai", "puppy-cli", "registry-tool"})
"""Who bears one of these in a name, or nearly, claims to speak for the registry."""
_SHORTEST_SLIP = 6  # one edit from a shorter reserved name is often another word


def _check(subject: ChangeSet) -> Iterator[Finding]:
    new = [line.name for line in subject.lines.values() if line.is_new]
    if not new or subject.by_maintainer:
        return
    known = subject.names()
    for name in new:
        if reserved := _reserved(name, subject.reserved):
            same = f"the name {name} is reserved"
            near = f"the name {name} can be taken for {reserved}, which is reserved"
            yield _hold(name, same if name == reserved else near)
        elif other := look_alike(name, known):
            yield _hold(name, f"the name {name} can be taken for {other}, which exists")


def _reserved(name: str, own: Collection[str]) -> str:
    """The reserved name that a name is, looks like, or claims to belong to."""
    if name in RESERVED or name in own:
        return name
    shape, slips = skeleton(name), {skeleton(text) for text in edits(name)}
    for reserved in sorted({*RESERVED, *own}):
        if shape == skeleton(reserved):
            return reserved
    for reserved in sorted({*_CLAIMS, *own}):
        other = skeleton(reserved)
        if len(other) >= _SHORTEST_SLIP and other in slips:
            return reserved
        if reserved in _CLAIMS and _is_part(reserved, name):
            return reserved
    return ""


def _is_part(claim: str, name: str) -> bool:
    """Whether a claim is some of a name's words, however they are divided and shaped: `puppy-ai-hello`."""
    words, wanted = [skeleton(word) for word in name.split("-")], skeleton(claim)
    runs = (
        words[start:end] for start in range(len(words)) for end in range(start + 1, len(words) + 1)
    )
    return any("".join(run) == wanted for run in runs)


def _hold(name: str, words: str) -> Finding:
    help_ = "a maintainer decides; take a name that nobody mistakes, or wait"
    return on_path(RULE.id, workflow_dir(name), words, help_, Severity.HOLD)


RULE = ChangeRule("look-alike", "No name that is mistaken for another.", _check)
