"""`keys/<environment>.json`: the public parts of an environment's keys, newest first, signed by the newest.

Who holds the newest key vouches for the others. Without any key one can only take the file as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final

import msgspec

from registry_tool.core.codec import FileFormat, Stored
from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record
from registry_tool.security.keys import KeyRing, PublicKey
from registry_tool.security.signing import signed, verify

FOLDER: Final = "keys"
Half = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
"""One of the two parts of a public key; base64 in the file."""


class StoredKey(Stored, frozen=True, kw_only=True):
    """A public key and since when (RFC 3339) it stands in the file."""

    id: str
    signing: Half
    sealing: Half
    since: str

    def __post_init__(self) -> None:
        if self.key.fingerprint != self.id:
            raise ValueError("id: it is not that of the key")

    @property
    def key(self) -> PublicKey:
        """The key."""
        return PublicKey(self.id, self.signing, self.sealing)


class StoredKeys(Stored, frozen=True, kw_only=True):
    """The file."""

    environment: str
    keys: Annotated[list[StoredKey], msgspec.Meta(min_length=1)]
    signature: str


FILE = FileFormat[StoredKeys](
    StoredKeys,
    "file of an environment's keys",
    "puppyai.com/environment-keys/v1",
    "find out who changed it; `registry-tool keys new` writes it anew",
)


class PublishedKeys(Record, frozen=True):
    """The keys, newest first, and since when (RFC 3339) each stands there."""

    environment: str
    keys: tuple[PublicKey, ...] = ()
    since: tuple[str, ...] = ()

    def with_ring(self, ring: KeyRing, now: str) -> PublishedKeys:
        """A copy with the ring's keys before those that are known already."""
        known = dict(zip(self.keys, self.since, strict=True))
        keys = (*ring.public, *(key for key in self.keys if key not in ring.public))
        return PublishedKeys(self.environment, keys, tuple(known.get(key, now) for key in keys))

    def vouched_by(self, ring: KeyRing) -> bool:
        """True where the file's newest key is on the ring: then its holder wrote the whole file."""
        return bool(self.keys) and self.keys[0] in ring.public


def path_of(environment: str) -> str:
    """Where the file stands on the branch `deployments`."""
    return f"{FOLDER}/{environment}.json"


def keys_bytes(published: PublishedKeys, ring: KeyRing) -> bytes:
    """The file, signed by the ring's newest key, which must stand first."""
    keys = [
        StoredKey(id=key.id, signing=key.signing, sealing=key.sealing, since=since)
        for key, since in zip(published.keys, published.since, strict=True)
    ]
    draft = StoredKeys(environment=published.environment, keys=keys, signature="")
    return FILE.to_bytes(signed(FILE, draft, ring))


def read_keys(data: bytes, location: str) -> PublishedKeys:
    """The keys in a file; `RegistryError` where it is malformed or its first key didn't sign it."""
    stored = FILE.read(data, location)
    keys, since = zip(*((one.key, one.since) for one in stored.keys), strict=True)
    if not verify(FILE.value(stored), stored.signature, keys[0]):
        raise RegistryError(
            "the file of keys isn't signed by its newest key", location=location, hint=FILE.hint
        )
    return PublishedKeys(stored.environment, keys, since)


def all_of(*groups: Iterable[PublicKey]) -> tuple[PublicKey, ...]:
    """Every key once, in order."""
    return tuple(dict.fromkeys(key for group in groups for key in group))
