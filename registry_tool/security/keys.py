"""An environment's keys: one secret of 32 bytes, everything else derived from it (HKDF, RFC 5869).

The secret comes from the job's `PUPPY_ENVIRONMENT_KEY`, or, on a laptop, from a file in the repository's git
folder. Several keys at once are a ring: the newest writes, all of them read, so that a key can be changed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record

if TYPE_CHECKING:  # imported where used: `--help` doesn't wait for a cryptographic library
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

VARIABLE: Final = "PUPPY_ENVIRONMENT_KEY"
KEY_BYTES: Final = 32
_ENVIRONMENT = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_VERSIONED = re.compile(r"v([1-9]\d{0,5}):(.*)", re.DOTALL)

Purpose = Literal["wrapping", "signing", "pseudonyms", "sealing", "tokens"]


class EnvironmentKeyError(RegistryError):
    """An environment's key is missing or none; says how to make one and never shows what was given."""


class PublicKey(Record, frozen=True):
    """What may be published of a key: it checks signatures and seals inputs, and opens nothing."""

    id: str
    signing: bytes  # Ed25519, 32 bytes
    sealing: bytes  # X25519, 32 bytes

    @property
    def fingerprint(self) -> str:
        """First 16 hexadecimal digits of the SHA-256 over both: what `id` must be."""
        return hashlib.sha256(self.signing + self.sealing).hexdigest()[:16]


@dataclass(frozen=True)
class EnvironmentKey:
    """One key of one environment. `repr` and errors never show the secret."""

    environment: str
    number: int  # v1, v2 …
    secret: bytes = field(repr=False)

    @cached_property
    def id(self) -> str:
        """First 16 hexadecimal digits of the SHA-256 of the public part."""
        return self.public.id

    @cached_property
    def public(self) -> PublicKey:
        """What `keys/<environment>.json` on the branch `deployments` shows of it."""
        signing = self.signing_key().public_key().public_bytes_raw()
        sealing = self.sealing_key().public_key().public_bytes_raw()
        return PublicKey(PublicKey("", signing, sealing).fingerprint, signing, sealing)

    def derive(self, purpose: Purpose) -> bytes:
        """32 bytes for one purpose; no purpose's bytes tell another's, nor another environment's."""
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        info = f"puppyai.com/environment-key/v1/{self.environment}/{purpose}".encode()
        return HKDF(SHA256(), length=KEY_BYTES, salt=None, info=info).derive(self.secret)

    def pseudonym(self, kind: Literal["actor", "subject"], value: str) -> str:
        """32 hexadecimal digits that stand for a person; without the key nobody can try names against them."""
        message = f"{kind}:{value}".encode()
        return hmac.new(self.derive("pseudonyms"), message, hashlib.sha256).hexdigest()[:32]

    def signing_key(self) -> Ed25519PrivateKey:
        """What signs run records, audit entries and checkpoints."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.derive("signing"))

    def sealing_key(self) -> X25519PrivateKey:
        """What opens inputs that were sealed to the public part."""
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        return X25519PrivateKey.from_private_bytes(self.derive("sealing"))


class KeyRing(Record, frozen=True):
    """All keys of an environment that this process holds, newest first; never empty."""

    environment: str
    keys: tuple[EnvironmentKey, ...]

    @property
    def newest(self) -> EnvironmentKey:
        """The one that writes."""
        return self.keys[0]

    @property
    def public(self) -> tuple[PublicKey, ...]:
        """The public parts, newest first."""
        return tuple(key.public for key in self.keys)

    def get(self, key_id: str) -> EnvironmentKey | None:
        """The key with that id, if it is on the ring."""
        return next((key for key in self.keys if key.id == key_id), None)

    def pseudonym(self, kind: Literal["actor", "subject"], value: str) -> str:
        """The newest key's pseudonym: what new records hold."""
        return self.newest.pseudonym(kind, value)

    def pseudonyms(self, kind: Literal["actor", "subject"], value: str) -> tuple[str, ...]:
        """Every key's pseudonym, newest first: what old records may hold. Count and look up by all of them."""
        return tuple(key.pseudonym(kind, value) for key in self.keys)


def environment_key(git_dir: Path, environment: str, environ: Mapping[str, str]) -> KeyRing:
    """The environment's keys: from `PUPPY_ENVIRONMENT_KEY`, else from this machine's own file, made at need.

    A job must have the variable: a key that a runner makes up is gone with the runner, and with it all it locked.
    """
    if not _ENVIRONMENT.fullmatch(environment):
        raise RegistryError(
            f"{environment[:80]!r} can't be an environment's name",
            hint="use lower-case letters, digits and hyphens",
        )
    if text := environ.get(VARIABLE, "").strip():
        return parse_ring(text, environment)
    if environ.get("GITHUB_ACTIONS") == "true":
        raise EnvironmentKeyError(
            f"the secret {VARIABLE} isn't set in the environment {environment}",
            hint=_make_one(environment),
        )
    return _machine_ring(git_dir, environment)


def stored_ring(git_dir: Path, environment: str, environ: Mapping[str, str]) -> KeyRing | None:
    """The keys that are there, None for none; never makes one."""
    given = environ.get(VARIABLE, "").strip()
    if given or machine_key_file(git_dir, environment).is_file():
        return environment_key(git_dir, environment, {**environ, "GITHUB_ACTIONS": ""})
    return None


def parse_ring(text: str, environment: str, location: str = VARIABLE) -> KeyRing:
    """The ring that `base64` or `v2:base64,v1:base64` spells, newest first; `RegistryError` without the text."""
    keys = tuple(_key(part.strip(), environment, location) for part in text.strip().split(","))
    numbers = [key.number for key in keys]
    if numbers != sorted(set(numbers), reverse=True):
        raise EnvironmentKeyError(
            "the keys aren't numbered from the newest to the oldest, each once",
            location=location,
            hint="write v2:NEW,v1:OLD",
        )
    if len({key.secret for key in keys}) != len(keys):
        raise EnvironmentKeyError(
            "the same key is listed twice", location=location, hint=_make_one(environment)
        )
    return KeyRing(environment, keys)


def spelled(keys: Sequence[tuple[int, bytes]]) -> str:
    """The text of `PUPPY_ENVIRONMENT_KEY` for numbered secrets, newest first."""
    return ",".join(f"v{number}:{base64.b64encode(secret).decode()}" for number, secret in keys)


def new_secret(random: Callable[[int], bytes] = os.urandom) -> bytes:
    """32 fresh random bytes."""
    return random(KEY_BYTES)


def _key(part: str, environment: str, location: str) -> EnvironmentKey:
    versioned = _VERSIONED.fullmatch(part)
    number, encoded = (int(versioned[1]), versioned[2]) if versioned else (1, part)
    try:
        secret = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise EnvironmentKeyError(
            "the key isn't base64", location=location, hint=_make_one(environment)
        ) from None
    if len(secret) != KEY_BYTES or len(set(secret)) < 8:  # a fair one fails once in 10^30
        why = f"has {len(secret)} bytes" if len(secret) != KEY_BYTES else "isn't random"
        raise EnvironmentKeyError(
            f"the key {why}; it must be {KEY_BYTES} random bytes",
            location=location,
            hint=_make_one(environment),
        )
    return EnvironmentKey(environment, number, secret)


def _make_one(environment: str) -> str:
    return f"make one with `registry-tool keys new --env {environment}` and store it as the environment's secret"


def machine_key_file(git_dir: Path, environment: str) -> Path:
    """Where this machine keeps an environment's key: inside the git folder, which is never committed."""
    return git_dir / "puppy" / "keys" / f"{environment}.key"


def _machine_ring(git_dir: Path, environment: str) -> KeyRing:
    path = machine_key_file(git_dir, environment)
    if not path.is_file():
        _write_once(path, spelled([(1, new_secret())]))
    try:
        if path.stat().st_mode & 0o077:
            raise EnvironmentKeyError(
                "others can read the key", location=str(path), hint=f"chmod 600 {path}"
            )
        text = path.read_text("ascii")
    except (OSError, UnicodeDecodeError):
        raise EnvironmentKeyError(
            "the key can't be read", location=str(path), hint="check its owner and mode (0600)"
        ) from None
    return parse_ring(text, environment, location=str(path))


def _write_once(path: Path, text: str) -> None:
    """Two processes that both find no key end with the same one: a link is made whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    except OSError as error:
        raise EnvironmentKeyError(
            f"a key can't be stored: {error.strerror}", location=str(path)
        ) from None
