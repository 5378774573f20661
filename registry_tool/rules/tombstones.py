"""What was removed stays removed: neither its version number nor its name is used again."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Finding, Problem
from registry_tool.rules.change_set import ChangeRule, ChangeSet, LineState, in_owners, on_path
from registry_tool.store.paths import version_dir

_HELP = "take another version number; whoever locked the old one must never get other bytes"


def _check(subject: ChangeSet) -> Iterator[Finding]:
    for name, version in subject.versions():
        line = subject.lines[name]
        if version in line.now and version not in line.was:
            yield from _again(line, name, version)
    for line in subject.owners_changed():
        yield from in_owners(RULE.id, line, _problems(line))


def _again(line: LineState, name: str, version: str) -> Iterator[Finding]:
    path, owners = version_dir(name, version), line.owners_before
    if owners.removed:
        words = f"the workflow {name} was removed: {owners.removed}"
        yield on_path(RULE.id, path, words, "take another name")
    elif version in owners.tombstones:
        words = f"{name}:{version} was removed: {owners.tombstones[version]}"
        yield on_path(RULE.id, path, words, _HELP)
    elif version in owners.notices:
        words = f"{name}:{version} was yanked: {owners.notices[version].reason}"
        yield on_path(RULE.id, path, words, _HELP)


def _problems(line: LineState) -> Iterator[Problem]:
    before, after = line.owners_before, line.owners_after
    for version in before.tombstones.keys() - after.tombstones.keys():
        yield Problem(("tombstones",), f"the tombstone of {version} is gone", "put it back")
    if before.removed and not after.removed:
        yield Problem((), "the workflow was removed for good", "put the key `removed` back")
    for version in after.tombstones:
        if version in line.now:
            words = f"{version} has a tombstone, but its files are still there"
            help_ = "remove the files in the same pull request, or yank it instead"
            yield Problem(("tombstones", version), words, help_, on_key=True)
    if after.removed and line.now:
        words = "the workflow is called removed, but it has versions"
        yield Problem(("removed",), words, "give every version a tombstone and remove its files")


RULE = ChangeRule("tombstones", "What was removed is never published again.", _check)
