"""The root that a consumer trusts: which version of a registry's root metadata, and its digest."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from registry_tool.core.errors import MissingToolError, RegistryError, UsageError
from registry_tool.core.records import Record

FOLDER: Final = "tuf"
"""Where metadata is, from an output's root."""
NEWEST_ROOT: Final = f"{FOLDER}/root.json"
"""The newest root under a fixed name: what is asked for where none is pinned yet."""
ONLINE_KEY: Final = "REGISTRY_TRUST_KEY"
"""The variable with the online key (several during a rotation), as PEM."""
ROOT_BYTES: Final = 512_000
"""The most bytes of a root that is read, as the library reads it."""
MOST_ROOTS: Final = 999_999_999
"""The highest version of a root that a pin spells."""
_PIN: Final = re.compile(r"([1-9]\d{0,8}):(sha256:[0-9a-f]{64})")


class DamagedMetadataError(RegistryError):
    """An output's own signed metadata is missing or damaged: it has to be signed as a whole."""


class RootPin(Record, frozen=True):
    """A pinned root: `1:sha256:<hex>` is version 1, with that digest over the bytes of `tuf/1.root.json`."""

    version: int
    digest: str

    def __str__(self) -> str:
        return f"{self.version}:{self.digest}"

    @property
    def path(self) -> str:
        """Where that root is, from an output's root."""
        return f"{FOLDER}/{self.version}.root.json"

    def fits(self, data: bytes) -> bool:
        """Whether these are the bytes of that root."""
        return pin_of(self.version, data) == self


def pin_of(version: int, data: bytes) -> RootPin:
    """The pin of a root."""
    return RootPin(version, f"sha256:{hashlib.sha256(data).hexdigest()}")


def parse_pin(text: str, place: str) -> RootPin:
    """The pin that a text spells; `UsageError` says what is wrong with it."""
    found = _PIN.fullmatch(text)
    if found is None:
        raise UsageError(
            f"{text[:100]!r} is not a pinned root",
            location=place,
            hint="write VERSION:sha256:HEX, as `registry-tool trust status` of the registry prints it",
        )
    return RootPin(int(found[1]), found[2])


def has_library() -> bool:
    """Whether signatures can be checked and made here."""
    from importlib.util import find_spec

    return find_spec("tuf") is not None and find_spec("securesystemslib") is not None


def demand_library() -> None:
    """`MissingToolError` where what checks and makes signatures is not installed: nothing is read unchecked."""
    if not has_library():
        raise MissingToolError(
            "signatures of registries can't be checked or made: a library is not installed",
            hint="pip install 'puppyai-workflow-registry[trust]'",
        )
