"""`registry-tool yank`, `remove` and `certify`: what is said of a version or a workflow, in `owners.yaml`."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import yaml

from registry_tool.catalogue.load import load_settings
from registry_tool.commands.consume.unknown_names import demand_workflow
from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.core.files import write_atomic
from registry_tool.core.finding import FindingsError, Severity
from registry_tool.core.output_folder import demand_inside
from registry_tool.core.values import Object, Value
from registry_tool.manifest.notice import Level, Notice
from registry_tool.manifest.owners import REMOVED, OwnersFile, load_owners
from registry_tool.rules import tombstones, yanks
from registry_tool.rules.change_set import Actor, ChangeSet, LineState
from registry_tool.sources.reference import parse_reference
from registry_tool.store import paths
from registry_tool.store.changes import Change
from registry_tool.store.tree import FolderTree

_ANYONE = 1


@dataclass(frozen=True)
class _Line:
    """A workflow's folder in a registry's work tree."""

    root: Path
    name: str
    file: OwnersFile
    versions: tuple[str, ...]

    @property
    def path(self) -> str:
        return paths.owners_file(self.name)


def yank(root: Path, reference: str, notice: Notice) -> Path:
    """Say something against `name:version`, or against all of `name`; gives the changed file.

    `FindingsError`, and nothing is written, where the version doesn't exist, or is the latest without a successor.
    """
    line, version = _open(root, reference)
    value = _value(line)
    entry = _said(notice)
    if version:
        yanked = dict(cast(Object, value.get("yanked") or {}))
        yanked[version] = entry
        value["yanked"] = yanked
    else:
        value["deprecated"] = entry
        value.pop("replacement", None)
    return _write(line, value, line.versions)


def unyank(root: Path, reference: str) -> Path:
    """Take back what is said; `NotFoundError` where nothing is."""
    line, version = _open(root, reference)
    value = _value(line)
    yanked = dict(cast(Object, value.get("yanked") or {}))
    if not (yanked.pop(version, None) if version else value.pop("deprecated", None)):
        raise NotFoundError(f"nothing is said against {reference}", location=line.path)
    value["yanked"] = yanked
    if not yanked:
        del value["yanked"]
    return _write(line, value, line.versions)


def remove(root: Path, reference: str, reason: str) -> Path:
    """Remove a version's files for good and leave a tombstone; its number is never used again."""
    line, version = _open(root, reference)
    if version not in line.versions:
        raise UsageError(f"{reference} is not a published version", hint="write name:1.2.0")
    value = _value(line)
    value["tombstones"] = {**cast(Object, value.get("tombstones") or {}), version: reason}
    left = tuple(number for number in line.versions if number != version)
    folder = root / paths.version_dir(line.name, version)
    demand_inside(root / paths.WORKFLOWS, folder)
    file = _write(line, value, left)
    shutil.rmtree(folder)
    return file


def lift(root: Path, reference: str, reason: str) -> Path:
    """Take a tombstone away that was made by mistake; the reason stays in the file.

    A version's files are not brought back: `git checkout` does, from before the commit that removed them.
    """
    line, version = _open(root, reference)
    value = _value(line)
    stones = dict(cast(Object, value.get("tombstones") or {}))
    if not (stones.pop(version, None) if version else value.pop(REMOVED, None)):
        raise NotFoundError(f"{reference} has no tombstone", location=line.path)
    value["tombstones"] = stones
    if not stones:
        del value["tombstones"]
    lifted = cast(Object, value.get("lifted") or {})
    value["lifted"] = {**lifted, version or REMOVED: reason}
    return _write(line, value, line.versions)


def certify(root: Path, reference: str, login: str, day: str) -> Path:
    """Write down that a maintainer vouches for `name:version` since a day (RFC 3339); gives the changed file.

    `UsageError` where the version doesn't exist, or the login is not a maintainer's.
    """
    line, version = _open(root, reference)
    if version not in line.versions:
        known = ", ".join(line.versions) or "none"
        raise UsageError(f"{reference} is not a published version", hint=f"versions: {known}")
    maintainers = load_settings(FolderTree(root)).maintainers
    by = next((person for person in maintainers if person.login.lower() == login.lower()), None)
    if by is None:
        known = ", ".join(person.login for person in maintainers) or "none"
        raise UsageError(
            f"{login!r} is not a maintainer of the registry",
            hint=f"maintainers (policy.maintainers in registry.yaml): {known}",
        )
    value = _value(line)
    entry: Object = {"by": {"login": by.login, "id": by.id}, "at": day}
    value["certified"] = {**cast(Object, value.get("certified") or {}), version: entry}
    return _write(line, value, line.versions)


def uncertify(root: Path, reference: str) -> Path:
    """Take a certification back; `NotFoundError` where there is none."""
    line, version = _open(root, reference)
    value = _value(line)
    certified = dict(cast(Object, value.get("certified") or {}))
    if certified.pop(version, None) is None:
        raise NotFoundError(f"{reference} is not certified", location=line.path)
    value["certified"] = certified
    if not certified:
        del value["certified"]
    return _write(line, value, line.versions)


def _open(root: Path, reference: str) -> tuple[_Line, str]:
    wanted = parse_reference(reference)
    if wanted.range:
        raise UsageError(f"{reference} is a range", hint="name one version, or the workflow")
    path = paths.owners_file(wanted.name)
    file = root / path
    if not file.is_file():
        demand_workflow(root, wanted.name)
        raise NotFoundError(f"{wanted.name} has no owners' file", location=path)
    folder = root / paths.workflow_dir(wanted.name)
    versions = tuple(sorted(e.name for e in folder.iterdir() if e.is_dir() and not e.is_symlink()))
    return _Line(root, wanted.name, load_owners(file.read_bytes(), path), versions), wanted.version


def _value(line: _Line) -> Object:
    return dict(cast(Object, line.file.document.value))


def _said(notice: Notice) -> Value:
    item: Object = {"reason": notice.reason, "level": notice.level.value}
    if notice.replacement:
        item["replacement"] = notice.replacement
    if notice.without_successor:
        item["without_successor"] = True
    return item


def _write(line: _Line, value: Object, left: tuple[str, ...]) -> Path:
    """Judge the new file as a pull request's, then write it; comments of the old one are not kept."""
    text = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100)
    after = load_owners(text.encode(), line.path)
    state = LineState(line.name, line.file, after, line.versions, left)
    change = Change(line.path, "100644", "100644", "", "")
    names = [entry.name for entry in (line.root / paths.WORKFLOWS).iterdir() if entry.is_dir()]
    subject = ChangeSet(
        (change,),
        {line.name: state},
        Actor(_ANYONE),
        frozenset({_ANYONE}),  # who may is judged where the pull request is
        names=lambda: names,
    )
    found = [f for rule in (yanks.RULE, tombstones.RULE) for f in rule.check(subject)]
    if wrong := [finding for finding in found if finding.severity is Severity.ERROR]:
        raise FindingsError(wrong)
    file = line.root / line.path
    demand_inside(line.root, file)
    write_atomic(file, text)
    return file


LEVELS = tuple(level.value for level in Level)
