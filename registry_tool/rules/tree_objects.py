"""What git stores is what its diff shows: no empty folders, no modes that lie, no equal, unsorted or odd names."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Finding
from registry_tool.rules.change_set import ChangeRule, ChangeSet, on_path

_HELP = "make the commit again with plain git, which writes no such object; `git fsck` lists them"


def _check(subject: ChangeSet) -> Iterator[Finding]:
    for flaw in subject.flaws:
        location = flaw.path or "."
        yield on_path(RULE.id, location, f"this {flaw.reason}", _HELP)


RULE = ChangeRule("tree-objects", "What git stores is what its diff shows.", _check)
