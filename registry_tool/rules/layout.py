"""Below registry/workflows stand only owners' files and versions, under names that every system can store."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Finding
from registry_tool.core.path_clashes import folded
from registry_tool.manifest.names import bad_name, bad_version
from registry_tool.rules.change_set import ChangeRule, ChangeSet, on_path
from registry_tool.rules.file_set import REGULAR_MODE
from registry_tool.store import paths

HELP = "versions live in registry/workflows/<name>/<version>/, owners in registry/workflows/<name>/owners.yaml"

_ROOTS = (paths.WORKFLOWS, paths.METADATA, paths.REGISTRY_FILE, paths.INDEXES, ".github")


def _check(subject: ChangeSet) -> Iterator[Finding]:
    for change in subject.changes:
        below = change.path.startswith(f"{paths.WORKFLOWS}/") and change.kind != "deleted"
        if below and (wrong := misplaced(change.path, change.new_mode, readable=change.readable)):
            yield wrong
        elif change.kind != "deleted" and (root := _taken_for(change.path)):
            words = f"this stands in {root} on systems that ignore case or Unicode form"
            yield on_path(RULE.id, change.path, words, f"move it to {root}, or take another name")
    for name, version in subject.versions():
        yield from _same_folder(subject, name, version)


def misplaced(path: str, mode: str = REGULAR_MODE, *, readable: bool = True) -> Finding | None:
    """What is wrong with a path below registry/workflows, or with the folder that it stands in."""
    name, owners = paths.workflow_of(path), paths.owners_file(paths.workflow_of(path))
    location = paths.version_of(path)
    if not readable:
        return on_path(RULE.id, path, "the path is not UTF-8", "rename the file")
    if not name:
        return on_path(RULE.id, path, "this file belongs to no workflow", HELP)
    if reason := bad_name(name):
        return on_path(RULE.id, paths.workflow_dir(name), f"the name {name!r} {reason}", HELP)
    if location is None and path != owners:
        return on_path(RULE.id, path, "this file belongs to no version", HELP)
    if path == owners and mode != REGULAR_MODE:
        return on_path(RULE.id, path, "this file is not a plain file", "put the file itself here")
    if location is not None and (reason := bad_version(location[1])):
        folder = paths.version_dir(*location[:2])
        return on_path(RULE.id, folder, f"the folder {location[1]!r} {reason}", HELP)
    return None


def _taken_for(path: str) -> str:
    """The registry's own folder or file that a path is written into on some systems, but not on others."""
    for root in _ROOTS:
        start = path.split("/")[: root.count("/") + 1]
        for length in range(1, len(start) + 1):
            own = "/".join(root.split("/")[:length])
            mine = "/".join(start[:length])
            if mine != own and folded(mine) == folded(own):
                return own
    return ""


def _same_folder(subject: ChangeSet, name: str, version: str) -> Iterator[Finding]:
    """1.0.0-RC.1 and 1.0.0-rc.1 are one folder on some systems."""
    line = subject.lines[name]
    if version in line.was:
        return
    for other in line.now:
        if other != version and other.casefold() == version.casefold():
            words = f"{version} and {other} are one folder on systems that ignore case"
            yield on_path(RULE.id, paths.version_dir(name, version), words, "raise the version")


RULE = ChangeRule("layout", "Every file has its place.", _check)
