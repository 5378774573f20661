"""A published version never changes: no edit, addition, removal, rename or change of type."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Finding
from registry_tool.rules.change_set import ChangeRule, ChangeSet, on_path
from registry_tool.store.paths import version_of

_WORDS = {"added": "was added", "deleted": "was removed", "modified": "was changed"}


def _check(subject: ChangeSet) -> Iterator[Finding]:
    for change in subject.changes:
        place = version_of(change.path)
        if place is None or place[:2] not in subject.published:
            continue
        words = _WORDS.get(change.kind) or f"changed its type to {change.new_mode}"
        yield on_path(
            RULE.id,
            change.path,
            f"{place[2]} {words}, but {place[0]}:{place[1]} is published and never changes",
            "publish a new version instead",
        )


RULE = ChangeRule("immutable", "A published version never changes.", _check)
