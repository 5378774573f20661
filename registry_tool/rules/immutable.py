"""A published version never changes: no edit, addition, removal, rename or change of type."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Finding, Severity
from registry_tool.rules.change_set import ChangeRule, ChangeSet, on_path
from registry_tool.store.paths import version_dir, version_of

_WORDS = {"added": "was added", "deleted": "was removed", "modified": "was changed"}
_MODES = {"120000": "a symbolic link", "160000": "a submodule", "100755": "an executable file"}


def _check(subject: ChangeSet) -> Iterator[Finding]:
    buried = set(_buried(subject))
    for name, version in sorted(buried):
        yield on_path(
            RULE.id,
            version_dir(name, version),
            f"{name}:{version} is removed for good; its tombstone says why",
            "a maintainer decides whether nobody can be helped by a yank instead",
            Severity.HOLD,
        )
    for change in subject.changes:
        location = version_of(change.path)
        if location is None or not subject.is_published(*location[:2]) or location[:2] in buried:
            continue
        kind = _MODES.get(change.new_mode, f"mode {change.new_mode}")
        words = _WORDS.get(change.kind) or f"was turned into {kind}"
        yield on_path(
            RULE.id,
            change.path,
            f"{location[2]} {words}, but {location[0]}:{location[1]} is published and never changes",
            "publish a new version instead",
        )


def _buried(subject: ChangeSet) -> Iterator[tuple[str, str]]:
    """Published versions of which nothing is left and whose tombstone stands in the owners' file."""
    for name, version in subject.versions():
        line = subject.lines[name]
        gone = version in line.was and version not in line.now
        if gone and version in line.owners_after.tombstones:
            yield name, version


RULE = ChangeRule("immutable", "A published version never changes.", _check)
