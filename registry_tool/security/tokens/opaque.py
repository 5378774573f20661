"""Tokens that say nothing: a kind, the name of what is stored of them, and 192 random bits.

Only the SHA-256 of a whole token is stored: nobody tries 2^192 of them, so that no slow hash is needed.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Callable
from typing import Final, Literal

from registry_tool.core.records import Record, field

Kind = Literal["key", "refresh"]
_PREFIX: Final[dict[Kind, str]] = {"key": "puppyk", "refresh": "puppyr"}
_TOKEN: Final = re.compile(r"(puppyk|puppyr)_([0-9a-f]{16})_([0-9a-f]{48})")
Random = Callable[[int], bytes]


class Opaque(Record, frozen=True):
    """A token: its kind, the id under which its record is stored, and its text, which `repr` doesn't show."""

    kind: Kind
    id: str
    text: str = field(default="")

    def __repr__(self) -> str:
        return f"Opaque({self.kind}:{self.id})"

    @property
    def sha256(self) -> str:
        """What is stored of it, in hexadecimal digits."""
        return hashlib.sha256(self.text.encode("ascii")).hexdigest()

    def is_of(self, sha256: str) -> bool:
        """Whether it is the token of which that is stored; takes the same time for every wrong one."""
        return hmac.compare_digest(self.sha256, sha256)


def new_opaque(kind: Kind, id: str = "", random: Random = os.urandom) -> Opaque:
    """A fresh token, with a fresh id where none is given."""
    id = id or random(8).hex()
    return Opaque(kind, id, f"{_PREFIX[kind]}_{id}_{random(24).hex()}")


def read_opaque(kind: Kind, text: str) -> Opaque | None:
    """The token of that kind in a text; None where it has another form."""
    found = _TOKEN.fullmatch(text)
    return Opaque(kind, found[2], text) if found and found[1] == _PREFIX[kind] else None
