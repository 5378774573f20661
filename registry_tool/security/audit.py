"""The audit log: signed entries, each with the hash of the one before.

The chain shows what was changed, taken out or moved; a kept checkpoint (`checkpoints.py`) shows what was cut off
at the end. `environments` have chains of their own, signed by their own keys.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json, pretty_json
from registry_tool.core.hash_chain import Broken
from registry_tool.core.values import Frozen, Object
from registry_tool.security.keys import KeyRing, PublicKey
from registry_tool.security.signing import sign, verify

FORMAT: Final = "puppyai.com/audit/v1"
_ACTION = re.compile(r"[a-z][a-z-]{1,39}")
_MEMBERS = frozenset(
    {
        "format", "number", "previous", "time", "environment", "actor", "action", "detail", "signature",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """What happened: by whom (a pseudonym), when (RFC 3339), what, and its details without personal data."""

    environment: str
    actor: str
    action: str
    time: str
    detail: Frozen


def entry_path(environment: str, number: int) -> str:
    """Where an entry stands on the branch `audit`."""
    return f"{environment}/{number:08}.json"


def entry_bytes(note: Note, number: int, last: bytes, ring: KeyRing) -> bytes:
    """The entry after the one with the bytes `last` (empty: it is the first), signed."""
    if not _ACTION.fullmatch(note.action):
        raise RegistryError(f"{note.action[:40]!r} is no action of the audit log")
    value: Object = {
        "format": FORMAT,
        "number": number,
        "previous": digest(last) if last else "",
        "time": note.time,
        "environment": note.environment,
        "actor": note.actor,
        "action": note.action,
        "detail": dict(note.detail),
    }
    return pretty_json({**value, "signature": sign(value, ring)}).encode()


def digest(data: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(data).hexdigest()


def read_entry(data: bytes, path: str) -> Object:
    """The entry in a file; `RegistryError` where it is none, byte for byte."""
    value = parse_json(data, place=path)
    if not isinstance(value, dict) or value.keys() != _MEMBERS or value["format"] != FORMAT:
        raise RegistryError("this is no entry of the audit log", place=path)
    if pretty_json(value).encode() != data or not isinstance(value["detail"], dict):
        raise RegistryError("the entry isn't written as the tool writes it", place=path)
    return value


def chain_problems(
    files: Sequence[tuple[str, bytes]], environment: str, keys: Iterable[PublicKey]
) -> Iterator[Broken]:
    """What is wrong with an environment's entries, given by path in order: links, numbers, signatures."""
    public, last = tuple(keys), b""
    for number, (path, data) in enumerate(files, 1):
        try:
            entry = read_entry(data, path)
        except RegistryError as error:
            yield Broken(path, error.reason)
        else:
            reason = _misplaced(entry, path, number, environment) or _unlinked(entry, last)
            if not reason and not verify(entry, str(entry["signature"]), public):
                reason = "the signature is no known key's over this entry"
            if reason:
                yield Broken(path, reason)
        last = data


def _misplaced(entry: Object, path: str, number: int, environment: str) -> str:
    if path != entry_path(environment, number):
        return f"the entry {number} is missing"
    if entry["number"] != number:
        return f"the entry says that it is number {entry['number']}"
    return "" if entry["environment"] == environment else "the entry is another environment's"


def _unlinked(entry: Object, last: bytes) -> str:
    expected = digest(last) if last else ""
    return "" if entry["previous"] == expected else "the entry before it was changed or taken out"


UNNOTED = "this change of what serves has no entry in the audit log"


def switch_problems(
    environment: str, switched: Mapping[str, str], entries: Iterable[Object]
) -> Iterator[Broken]:
    """Events that changed what serves (hash by path) without an entry, entries of events that never were.

    An entry tells the events that it is about under `events`, as objects with `path` and `sha256`.
    """
    noted: dict[str, tuple[str, int]] = {}
    for entry in entries:
        for path, sha256 in events_of(entry).items():
            noted[path] = (sha256, cast(int, entry["number"]))
    for path in sorted(switched.keys() - noted.keys()):
        yield Broken(path, UNNOTED)
    for path, (sha256, number) in sorted(noted.items()):
        if path not in switched:
            yield Broken(entry_path(environment, number), f"its event {path} isn't there")
        elif switched[path] != sha256:
            yield Broken(path, f"the event was changed after the entry {number} was written")


def events_of(entry: Object) -> dict[str, str]:
    """The hashes of an entry's events by path."""
    listed = cast(Object, entry["detail"]).get("events")
    return {
        str(item["path"]): str(item["sha256"])
        for item in (listed if isinstance(listed, list) else [])
        if isinstance(item, dict) and item.keys() == {"path", "sha256"}
    }
