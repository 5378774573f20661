"""What was removed stays removed, unless a maintainer lifts a mistake: neither number nor name is used again."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Finding, Problem, Severity
from registry_tool.manifest.owners import REMOVED
from registry_tool.rules.change_set import ChangeRule, ChangeSet, LineState, in_owners, on_path
from registry_tool.store.paths import owners_file, version_dir

_LIFT = "put it back; a maintainer lifts one made by mistake: registry-tool remove REF --undo --reason WHY"
_LIFT_ALL = "put the key `removed` back; a maintainer lifts it: registry-tool remove NAME --undo --reason WHY"
_HELP = "take another version number; whoever locked the old one must never get other bytes"


def _check(subject: ChangeSet) -> Iterator[Finding]:
    for name, version in subject.versions():
        line = subject.lines[name]
        if version in line.now and version not in line.was:
            yield from _again(line, name, version)
    for line in subject.owners_changed():
        yield from in_owners(RULE.id, line, _problems(line))
        yield from in_owners(RULE.id, line, _lifting(subject, line))
        if subject.by_maintainer:
            yield from _notes_of_lifted(line)


def _again(line: LineState, name: str, version: str) -> Iterator[Finding]:
    path, owners = version_dir(name, version), line.owners_before
    if owners.removed:
        words = f"the workflow {name} was removed: {owners.removed}"
        yield on_path(RULE.id, path, words, "take another name")
    elif version in line.restored and version in line.owners_after.lifted:
        return  # whether it may be, `_lifting` says
    elif version in owners.tombstones:
        words = f"{name}:{version} was removed: {owners.tombstones[version]}"
        yield on_path(RULE.id, path, words, _HELP)
    elif version in owners.notices:
        words = f"{name}:{version} was yanked: {owners.notices[version].reason}"
        yield on_path(RULE.id, path, words, _HELP)


def _problems(line: LineState) -> Iterator[Problem]:
    before, after = line.owners_before, line.owners_after
    for version in after.tombstones:
        if version not in line.was and version not in before.tombstones:
            words = f"{version} was never published, so there is nothing to remove"
            help_ = "take it out: a tombstone would burn the number for ever"
            yield Problem(("tombstones", version), words, help_, on_key=True)
        if version in line.now:
            words = f"{version} has a tombstone, but its files are still there"
            help_ = "remove the files in the same pull request, or yank it instead"
            yield Problem(("tombstones", version), words, help_, on_key=True)
    if after.removed and line.now:
        words = "the workflow is called removed, but it has versions"
        yield Problem(("removed",), words, "give every version a tombstone and remove its files")


def _lifting(subject: ChangeSet, line: LineState) -> Iterator[Problem]:
    """Only a maintainer takes a tombstone away, with a reason that stays, and only for the very same files."""
    before, after = line.owners_before, line.owners_after
    for version in sorted(before.tombstones.keys() - after.tombstones.keys()):
        if not subject.by_maintainer or version not in after.lifted:
            yield Problem(("tombstones",), f"the tombstone of {version} is gone", _LIFT)
        elif version in line.once and version not in line.restored:
            commit = line.once[version][:12] or "COMMIT"  # none is known in a clone that is cut off
            yield Problem(
                ("lifted", version),
                f"{version} was published; its tombstone goes only where the same files come back",
                f"git checkout {commit}^ -- {version_dir(line.name, version)}",
                on_key=True,
            )
    may_lift = subject.by_maintainer and REMOVED in after.lifted
    if before.removed and not after.removed and not may_lift:
        yield Problem((), "the workflow was removed for good", _LIFT_ALL)
    for what in sorted(before.lifted.keys() - after.lifted.keys()):
        yield Problem(("lifted",), f"the record that {what} was lifted is gone", "put it back")
    for what in sorted(after.lifted.keys() - before.lifted.keys() - _lifted(line)):
        words = f"{what} has no tombstone that goes with this change"
        yield Problem(("lifted", what), words, "take it out", on_key=True)


def _lifted(line: LineState) -> set[str]:
    """What goes with this change: versions, and the word `removed` for the workflow as a whole."""
    before, after = line.owners_before, line.owners_after
    whole = {REMOVED} if before.removed and not after.removed else set()
    return {*(before.tombstones.keys() - after.tombstones.keys()), *whole}


def _notes_of_lifted(line: LineState) -> Iterator[Finding]:
    for what in sorted(_lifted(line) & line.owners_after.lifted.keys()):
        words = f"a maintainer lifts the tombstone of {what}: {line.owners_after.lifted[what]}"
        yield on_path(RULE.id, owners_file(line.name), words, "", Severity.INFO)


RULE = ChangeRule("tombstones", "What was removed is never published again.", _check)
