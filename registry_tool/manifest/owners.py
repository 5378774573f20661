"""`owners.yaml`: who may publish a workflow, and what they say against its versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, cast

from registry_tool.core.finding import FindingsError
from registry_tool.core.records import Record, field
from registry_tool.core.values import Object, Value
from registry_tool.manifest.notice import Level, Notice, heavier
from registry_tool.manifest.positions import Document, locate
from registry_tool.manifest.schemas import OWNERS_SCHEMA, schema_problems
from registry_tool.manifest.source import load_document

REMOVED: Final = "removed"
"""What `lifted` calls a whole workflow that was removed."""


class OwnerAccount(Record, frozen=True):
    """An owner or collaborator: the forge's login and the numeric id that outlives renames.

    `ssh_keys` are those that they sign their commits with, where they name any.
    """

    login: str
    id: int
    ssh_keys: tuple[str, ...] = ()


class Certification(Record, frozen=True):
    """That a maintainer of the registry looked at a version and vouches for it: who, and on which day."""

    by: OwnerAccount
    at: str


class Owners(Record, frozen=True):
    """`owners.yaml` of one workflow.

    `notices` and `tombstones` are by version; a tombstone gives the reason why that version is gone for good.
    `lifted` gives the reason why a maintainer took a tombstone (or the word `removed`) away.
    `removed` is the reason why the whole workflow is gone. `certified` is by version, and a maintainer's alone.
    """

    owners: tuple[OwnerAccount, ...] = ()
    collaborators: tuple[OwnerAccount, ...] = ()
    deprecated: Notice | None = None
    notices: Mapping[str, Notice] = field(default_factory=dict)
    tombstones: Mapping[str, str] = field(default_factory=dict)
    lifted: Mapping[str, str] = field(default_factory=dict)
    removed: str = ""
    certified: Mapping[str, Certification] = field(default_factory=dict)

    def notice(self, version: str) -> Notice | None:
        """What is said against a version: its own notice or, where heavier, the workflow's."""
        return heavier(self.notices.get(version), self.deprecated)

    def is_owner(self, person: int) -> bool:
        """True for an owner's numeric id."""
        return any(owner.id == person for owner in self.owners)

    def may_publish(self, person: int) -> bool:
        """True for an owner's or a collaborator's numeric id."""
        return self.is_owner(person) or any(c.id == person for c in self.collaborators)

    def kept_away(self) -> object:
        """Everything that keeps people away from what is published, comparable with another file's."""
        blocks = {version: n for version, n in self.notices.items() if n.blocks}
        whole = self.deprecated if self.deprecated and self.deprecated.blocks else None
        return blocks, whole, dict(self.tombstones), dict(self.lifted), self.removed

    def blocked(self, version: str) -> bool:
        """True where no new resolve may choose a version."""
        notice = self.notice(version)
        return notice is not None and notice.blocks


class OwnersFile(Record, frozen=True):
    """A parsed `owners.yaml` with its document, for line numbers."""

    owners: Owners
    document: Document


def load_owners(data: bytes, path: str) -> OwnersFile:
    """The owners in an `owners.yaml`; `FindingsError` says what is wrong with it."""
    document = load_document(data, path)
    if findings := locate(schema_problems(document.value, OWNERS_SCHEMA), "schema", document):
        raise FindingsError(findings)
    return OwnersFile(_owners(cast(Object, document.value)), document)


def read_owners(data: bytes, path: str) -> Owners:
    """Only the owners of `load_owners`."""
    return load_owners(data, path).owners


def _owners(value: Object) -> Owners:
    return Owners(
        owners=people(value, "owners"),
        collaborators=people(value, "collaborators"),
        deprecated=_deprecated(value),
        notices={
            version: _notice(entry, Level.BLOCK)
            for version, entry in cast(Object, value.get("yanked") or {}).items()
        },
        tombstones=cast(dict[str, str], value.get("tombstones") or {}),
        lifted=cast(dict[str, str], value.get("lifted") or {}),
        removed=cast(str, value.get("removed", "")),
        certified={
            version: Certification(_person(cast(Object, entry["by"])), cast(str, entry["at"]))
            for version, entry in cast(dict[str, Object], value.get("certified") or {}).items()
        },
    )


def _deprecated(value: Object) -> Notice | None:
    if not value.get("deprecated"):
        return None
    notice = _notice(value["deprecated"], Level.WARN)
    replacement = notice.replacement or cast(str, value.get("replacement", ""))
    return replace(notice, replacement=replacement)


def _notice(entry: Value, usual: Level) -> Notice:
    """A notice as written: only its reason, or an object."""
    if isinstance(entry, str):
        return Notice(entry, usual)
    item = cast(Object, entry)
    return Notice(
        reason=cast(str, item["reason"]),
        level=Level(cast(str, item.get("level", usual.value))),
        replacement=cast(str, item.get("replacement", "")),
        without_successor=item.get("without_successor") is True,
    )


def people(value: Object, key: str) -> tuple[OwnerAccount, ...]:
    """The people listed under a key of a checked document."""
    return tuple(map(_person, cast(list[Object], value.get(key) or [])))


def _person(item: Object) -> OwnerAccount:
    keys = cast(list[str], item.get("ssh_keys") or [])
    return OwnerAccount(cast(str, item["login"]), cast(int, item["id"]), tuple(keys))
