"""Indexes and other generated files are not part of a pull request: one writer on main makes them."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Finding
from registry_tool.rules.change_set import ChangeRule, ChangeSet, on_path
from registry_tool.store import paths


def _check(subject: ChangeSet) -> Iterator[Finding]:
    for change in subject.changes:
        if change.path.startswith((f"{paths.INDEXES}/", f"{paths.METADATA}/")):
            yield on_path(
                RULE.id,
                change.path,
                "this file is generated",
                f"undo it: git checkout origin/main -- {change.path}",
            )


RULE = ChangeRule("generated-files", "Generated files are not edited by hand.", _check)
