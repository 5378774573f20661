"""What the rules on changes must know of both sides of a pull request, read from git's objects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from registry_tool.catalogue.model import RegistrySettings
from registry_tool.catalogue.settings import read_settings
from registry_tool.commands.review.owners_text import text_findings
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json
from registry_tool.core.finding import Finding, FindingsError, Severity
from registry_tool.manifest.load import workflow_from
from registry_tool.manifest.names import bad_version
from registry_tool.manifest.owners import OwnerAccount, OwnersFile, load_owners
from registry_tool.manifest.source import MAX_BYTES, load_document
from registry_tool.resolver.version import parse
from registry_tool.rules.all_rules import SCHEMA_RULE
from registry_tool.rules.change_set import Actor, ChangeSet, LineState
from registry_tool.rules.file_set import REGULAR_MODE
from registry_tool.store import paths
from registry_tool.store.changes import Change
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.tree import RegistryTree


@dataclass(frozen=True)
class Facts:
    """The change set, and what is wrong with the owners' and settings files themselves."""

    change_set: ChangeSet
    findings: tuple[Finding, ...]


def facts_of(
    changes: tuple[Change, ...],
    before: RegistryTree,
    after: RegistryTree,
    settings: RegistrySettings,
    actor: Actor | None,
) -> Facts:
    """Everything about the touched workflows; nothing about others is read but their names, if a rule asks."""
    found: list[Finding] = []
    names = dict.fromkeys(name for c in changes if (name := paths.workflow_of(c.path)))
    lines = {name: _line(name, before, after, found.append) for name in names}
    found += _settings(changes, after)
    changed = {change.path for change in changes}
    for line in lines.values():
        if line.after is not None and paths.owners_file(line.name) in changed:
            found += text_findings(line.after.document)
    change_set = ChangeSet(
        changes,
        lines,
        actor,
        frozenset(person.id for person in settings.maintainers),
        settings.reserved_names,
        lambda: frozenset(before.folders(paths.WORKFLOWS)),
        settings.access.teams,
        people=lambda: _people(before, settings),
    )
    return Facts(change_set, tuple(found))


def _people(before: RegistryTree, settings: RegistrySettings) -> frozenset[OwnerAccount]:
    """Whom the base's settings and owners' files name."""
    people = {*settings.maintainers}
    people |= {OwnerAccount(member.login, member.id) for member in settings.access.members}
    for name in before.folders(paths.WORKFLOWS):
        if file := _owners(before, name, lambda _: None):
            people |= {*file.owners.owners, *file.owners.collaborators}
    return frozenset(people)


def _line(
    name: str, before: RegistryTree, after: RegistryTree, report: Callable[[Finding], None]
) -> LineState:
    folder = paths.workflow_dir(name)
    new = _owners(after, name, report)
    was = tuple(before.folders(folder))
    modify, unreadable = _modify(before, name, was)
    old = _owners(before, name, lambda _: None)  # what is broken there is not this request's fault
    once, restored = _lifted(name, before, after, old, new)
    return LineState(
        name,
        old,
        new,
        was,
        tuple(after.folders(folder)),
        broken=new is None and after.has(paths.owners_file(name)),
        modify=modify,
        unreadable=unreadable,
        once=once,
        restored=restored,
    )


def _lifted(
    name: str,
    before: RegistryTree,
    after: RegistryTree,
    old: OwnersFile | None,
    new: OwnersFile | None,
) -> tuple[dict[str, str], frozenset[str]]:
    """Of versions whose tombstone goes: the commits that removed them, and those that are back as they were."""
    if old is None or new is None or not isinstance(before, GitTree):
        return {}, frozenset()
    repository, once, restored = before.repository, dict[str, str](), set[str]()
    for version in old.owners.tombstones.keys() - new.owners.tombstones.keys():
        if bad_version(version):
            continue
        location = paths.version_dir(name, version)
        if repository.is_cut_off:
            once[version] = ""  # it may have been published before the history begins
        for commit in repository.history(repository.commit(before.tree), location, 1):
            once[version] = commit
            was = GitTree(repository, repository.commit(f"{commit}^")).object_id(location)
            if was and was == after.object_id(location):
                restored.add(version)
    return once, frozenset(restored)


def _modify(before: RegistryTree, name: str, was: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Who may publish, as the newest version on the base says; nobody (and its number) where it can't be read."""
    numbers = [number for number in was if not bad_version(number)]
    if not numbers:
        return LineState(name).modify, ""
    newest = max(numbers, key=parse)
    path = f"{paths.version_dir(name, newest)}/{paths.COMPILED}"
    try:
        return workflow_from(parse_json(before.read(path), location=path), path).security.modify, ""
    except RegistryError:
        return (), newest


def _owners(tree: RegistryTree, name: str, report: Callable[[Finding], None]) -> OwnersFile | None:
    path = paths.owners_file(name)
    data = small_file(tree, path, report)
    if data is None:
        return None
    try:
        return load_owners(data, path)
    except FindingsError as refused:
        for finding in refused.findings:
            report(finding)
        return None


def small_file(tree: RegistryTree, path: str, report: Callable[[Finding], None]) -> bytes | None:
    """A settings file's bytes; None where it is missing, no plain file, or too large to be one."""
    mode = tree.mode(path)
    if not mode:
        return None
    if mode != REGULAR_MODE:
        report(_wrong(path, "is not a plain file", "put the file itself here, mode 100644"))
        return None
    if (size := tree.size(path)) > MAX_BYTES:
        report(_wrong(path, f"has {size} bytes, more than {MAX_BYTES}", "shorten it"))
        return None
    return tree.read(path)


def _wrong(path: str, reason: str, help_: str) -> Finding:
    return Finding(path, 0, 0, SCHEMA_RULE, Severity.ERROR, f"the file {reason}", help_)


def _settings(changes: tuple[Change, ...], after: RegistryTree) -> list[Finding]:
    """A broken registry.yaml would block everyone, so it is refused before it is merged."""
    if all(change.path != paths.REGISTRY_FILE for change in changes):
        return []
    found: list[Finding] = []
    data = small_file(after, paths.REGISTRY_FILE, found.append)
    if data is None:
        return found or [_wrong(paths.REGISTRY_FILE, "would be gone", "put it back")]
    try:
        read_settings(data, paths.REGISTRY_FILE)
        return text_findings(load_document(data, paths.REGISTRY_FILE))
    except FindingsError as refused:
        return list(refused.findings)
