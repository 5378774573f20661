"""`keys/<environment>.json`: the public parts of an environment's keys, newest first, signed by the newest.

Who holds the newest key vouches for the others. Without any key one can only take the file as it stands.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json, pretty_json
from registry_tool.core.values import Object, Value
from registry_tool.security.keys import KeyRing, PublicKey
from registry_tool.security.signing import sign, verify

FORMAT: Final = "puppyai.com/environment-keys/v1"
FOLDER: Final = "keys"


@dataclass(frozen=True, slots=True)
class PublishedKeys:
    """The keys, newest first, and since when (RFC 3339) each stands there."""

    environment: str
    keys: tuple[PublicKey, ...] = ()
    since: tuple[str, ...] = ()

    def with_ring(self, ring: KeyRing, now: str) -> PublishedKeys:
        """The same with the ring's keys before those that are known already."""
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
    value: Object = {
        "format": FORMAT,
        "environment": published.environment,
        "keys": [
            {
                "id": key.id,
                "signing": _text(key.signing),
                "sealing": _text(key.sealing),
                "since": since,
            }
            for key, since in zip(published.keys, published.since, strict=True)
        ],
    }
    return pretty_json({**value, "signature": sign(value, ring)}).encode()


def read_keys(data: bytes, place: str) -> PublishedKeys:
    """The keys in a file; `RegistryError` where it is none or its first key didn't sign it."""
    value = parse_json(data, place=place)
    try:
        if not isinstance(value, dict) or value["format"] != FORMAT:
            raise TypeError
        items = value["keys"]
        if not isinstance(items, list) or not items:
            raise TypeError
        keys, since = tuple(_key(item) for item in items), tuple(_since(item) for item in items)
        found = PublishedKeys(str(value["environment"]), keys, since)
        signature = str(value["signature"])
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise RegistryError("this is no file of an environment's keys", place=place) from None
    if not verify(value, signature, found.keys[0]):
        raise RegistryError(
            "the file of keys isn't signed by its newest key",
            place=place,
            way_out="find out who changed it; `registry-tool keys new` writes it anew",
        )
    return found


def all_of(*groups: Iterable[PublicKey]) -> tuple[PublicKey, ...]:
    """Every key once, in order."""
    return tuple(dict.fromkeys(key for group in groups for key in group))


def _key(item: Value) -> PublicKey:
    if not isinstance(item, dict):
        raise TypeError
    key = PublicKey(str(item["id"]), _bytes(item["signing"]), _bytes(item["sealing"]))
    if key.fingerprint != key.id:
        raise ValueError
    return key


def _since(item: Value) -> str:
    return str(item["since"]) if isinstance(item, dict) else ""


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(value: Value) -> bytes:
    data = base64.b64decode(str(value), validate=True)
    if len(data) != 32:
        raise ValueError
    return data
