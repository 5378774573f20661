"""The audit log: signed entries, each with the hash of the one before.

The chain shows what was changed, taken out or moved; a kept checkpoint (`checkpoints.py`) shows what was cut off
at the end. `environments` have chains of their own, signed by their own keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Final

import msgspec

from registry_tool.core.codec import FileFormat, Stored
from registry_tool.core.errors import RegistryError
from registry_tool.core.hash_chain import Chain, ChainProblem, hash_of, link_path
from registry_tool.core.records import Record
from registry_tool.core.values import Frozen, Object
from registry_tool.security.keys import KeyRing, PublicKey
from registry_tool.security.signing import signed, verify

_ACTION = re.compile(r"[a-z][a-z-]{1,39}")


class NotedEvent(Stored, frozen=True):
    """An event that an entry is about, and the SHA-256 (hexadecimal) of its file."""

    path: str
    sha256: str


class EntryDetail(msgspec.Struct, frozen=True):
    """What is read of an entry's details again; an action tells what else it likes."""

    events: list[NotedEvent] = []
    months: list[str] = []


class AuditEntry(Stored, frozen=True, kw_only=True, dict=True):
    """An entry's file; `actor` is a pseudonym, `time` RFC 3339."""

    number: int
    previous: str
    time: str
    environment: str
    actor: str
    action: str
    detail: Object
    signature: str

    @cached_property
    def details(self) -> EntryDetail:
        """The details, typed."""
        return DETAIL.of(self.detail, self.action)

    def to_value(self) -> Object:
        """As it is stored and signed."""
        return FILE.value(self)


HINT: Final = "look at `registry-tool audit verify`"
DETAIL = FileFormat[EntryDetail](EntryDetail, "detail of an entry", hint=HINT)
FILE = FileFormat[AuditEntry](AuditEntry, "entry of the audit log", "puppyai.com/audit/v1", HINT)


class Note(Record, frozen=True):
    """What happened: by whom (a pseudonym), when (RFC 3339), what, and its details without personal data."""

    environment: str
    actor: str
    action: str
    time: str
    detail: Frozen


def entry_bytes(note: Note, number: int, last: bytes, ring: KeyRing) -> bytes:
    """The entry after the one with the bytes `last` (empty: it is the first), signed."""
    if not _ACTION.fullmatch(note.action):
        raise RegistryError(f"{note.action[:40]!r} is not an action of the audit log")
    entry = AuditEntry(
        number=number,
        previous=hash_of(last),
        time=note.time,
        environment=note.environment,
        actor=note.actor,
        action=note.action,
        detail=dict(note.detail),
        signature="",
    )
    return FILE.to_bytes(signed(FILE, entry, ring))


def read_entry(data: bytes, location: str) -> AuditEntry:
    """The entry in a file; `RegistryError` where it isn't one, byte for byte."""
    entry = FILE.read(data, location)
    DETAIL.of(entry.detail, location)
    if FILE.to_bytes(entry) != data:
        raise RegistryError(
            "the entry isn't written as the tool writes it", location=location, hint=HINT
        )
    return entry


_ENTRIES = Chain("entry", read_entry)


def chain_problems(
    files: Sequence[tuple[str, bytes]], environment: str, keys: Iterable[PublicKey]
) -> Iterator[ChainProblem]:
    """What is wrong with an environment's entries, given by path in order: links, numbers, signatures."""
    public = tuple(keys)
    for one in _ENTRIES.check(files, environment, environment):
        entry, reason = one.link, one.problem
        if entry and not reason and not verify(entry.to_value(), entry.signature, public):
            reason = "no known key made this entry's signature"
        if reason:
            yield ChainProblem(one.path, reason)


UNNOTED = "this change of what serves has no entry in the audit log"


def switch_problems(
    environment: str,
    switched: Mapping[str, str],
    entries: Iterable[AuditEntry],
    unreadable: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[ChainProblem]:
    """Events that changed what serves (hash by path) without an entry, entries of events that never were.

    An entry tells the events that it is about under `events`, as objects with `path` and `sha256`.
    `unreadable` are files (hash by path) that stand where an event should: their hashes are compared all the same.
    """
    noted: dict[str, tuple[str, int]] = {}
    for entry in entries:
        for path, sha256 in events_of(entry).items():
            noted[path] = (sha256, entry.number)
    for path in sorted(switched.keys() - noted.keys()):
        yield ChainProblem(path, UNNOTED)
    for path, (sha256, number) in sorted(noted.items()):
        found = switched.get(path, unreadable.get(path))
        if found is None:
            yield ChainProblem(link_path(environment, number), f"its event {path} isn't there")
        elif found != sha256:
            yield ChainProblem(path, f"the event was changed after the entry {number} was written")


def events_of(entry: AuditEntry) -> dict[str, str]:
    """The hashes of an entry's events by path."""
    return {event.path: event.sha256 for event in entry.details.events}
