"""What may change of a published workflow: who owns it, and what is said against it or its versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, cast

import yaml
from msgspec.structs import replace

from registry_tool.commands.live.changes.gatekeeper import (
    ChangeResult,
    Files,
    Gatekeeper,
    ProposedChange,
)
from registry_tool.core.errors import NotFoundError
from registry_tool.core.records import Record, field
from registry_tool.core.values import Object, Value
from registry_tool.manifest.names import bad_name, bad_version
from registry_tool.manifest.owners import REMOVED, load_owners
from registry_tool.security.tokens.principal import Principal
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree

DEPRECATED: Final = "deprecated"
_YANKED: Final = "yanked"
_TOMBSTONES: Final = "tombstones"


class OwnersEdit(Record, frozen=True):
    """Members of `owners.yaml` to write (None: to take out), and notices by version (None: to take back)."""

    members: Mapping[str, Value] = field(default_factory=dict)
    notices: Mapping[str, Value] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """True where nothing is to be changed."""
        return not self.members and not self.notices


class Withdrawal(Record, frozen=True):
    """A version (empty: the whole workflow) that is to be yanked, or removed for good with a tombstone."""

    version: str
    reason: str
    replacement: str = ""
    without_successor: bool = False
    tombstone: bool = False


def govern(gatekeeper: Gatekeeper, who: Principal, name: str, edit: OwnersEdit) -> ChangeResult:
    """Change a workflow's `owners.yaml`; `NotFoundError` where there is none, `FindingsError` where it may not."""

    def files(tree: GitTree) -> Files:
        value = _value(tree, name)
        before = dict(value)
        _merge(value, edit.members)
        if edit.notices:
            notices = dict(cast(Object, value.get(_YANKED) or {}))
            _merge(notices, edit.notices)
            _merge(value, {_YANKED: notices or None})
        return _written(name, before, value)

    return gatekeeper.change(who, _proposal(name, f"Change {name}", files))


def withdraw(gatekeeper: Gatekeeper, who: Principal, name: str, wanted: Withdrawal) -> ChangeResult:
    """Yank or remove; `NotFoundError` for what isn't there, `FindingsError` where it may not go."""

    def files(tree: GitTree) -> Files:
        value = _value(tree, name)
        versions = [n for n in tree.folders(paths.workflow_dir(name)) if not bad_version(n)]
        gone = cast(Object, value.get(_TOMBSTONES) or {})
        if wanted.version and wanted.version not in versions:
            if wanted.tombstone and wanted.version in gone:
                return {}  # it is removed already
            raise NotFoundError(f"{name} has no version {wanted.version[:64]}")
        before = dict(value)
        if not wanted.tombstone:
            _yank(value, wanted)
            return _written(name, before, value)
        removed = [wanted.version] if wanted.version else versions
        value[_TOMBSTONES] = {**gone, **dict.fromkeys(removed, wanted.reason)}
        if not wanted.version:
            value[REMOVED] = wanted.reason
        folders = [paths.version_dir(name, version) for version in removed]
        dropped = [file.path for folder in folders for file in tree.files(folder)]
        return {**_written(name, before, value), **dict.fromkeys(dropped)}

    verb = "Remove" if wanted.tombstone else "Yank"
    what = f"{name} {wanted.version}".strip()
    proposal = _proposal(name, f"{verb} {what}", files)
    return gatekeeper.change(who, replace(proposal, decided=wanted.tombstone))


def _proposal(name: str, title: str, files: Callable[[GitTree], Files]) -> ProposedChange:
    return ProposedChange(files, f"{title}\n", f"change/{name}")


def _yank(value: Object, wanted: Withdrawal) -> None:
    entry: Object = {"reason": wanted.reason, "level": "block"}
    if wanted.replacement:
        entry["replacement"] = wanted.replacement
    if wanted.without_successor:
        entry["without_successor"] = True
    if wanted.version:
        value[_YANKED] = {**cast(Object, value.get(_YANKED) or {}), wanted.version: entry}
    else:
        value[DEPRECATED] = entry
        value.pop("replacement", None)


def _value(tree: GitTree, name: str) -> Object:
    """A workflow's `owners.yaml` as it is."""
    path = paths.owners_file(name)
    if bad_name(name) or not tree.has(path):
        raise NotFoundError(f"there is no workflow {name[:64]!r}")
    return dict(cast(Object, load_owners(tree.read(path), path).document.value))


def _merge(value: Object, members: Mapping[str, Value]) -> None:
    for key, item in members.items():
        if item is None:
            value.pop(key, None)
        else:
            value[key] = item


def _written(name: str, before: Object, value: Object) -> dict[str, bytes | None]:
    """The file, where it says something else now; comments of the old one are not kept."""
    if value == before:
        return {}
    path = paths.owners_file(name)
    data = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100).encode()
    load_owners(data, path)  # refused with its own findings before anything is made of it
    return {path: data}
