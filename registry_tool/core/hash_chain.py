"""Files that only ever grow: each holds its number and the hash of the one before, so that a missing one shows.

The events of deployments, run records and the audit log are such chains; each has a format of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, Protocol, TypeVar

from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record


class ChainLink(Protocol):
    """What every link holds: its place in its environment's chain and the hash of the link before."""

    @property
    def number(self) -> int:
        """From 1."""

    @property
    def previous(self) -> str:
        """`hash_of` the link before, empty for the first one."""

    @property
    def environment(self) -> str:
        """Whose chain it is."""


L = TypeVar("L", bound=ChainLink)


class ChainProblem(Record, frozen=True):
    """Something that doesn't add up: where (a link's path, or an environment) and what."""

    location: str
    reason: str


def hash_of(data: bytes) -> str:
    """What the next link holds of a link's bytes: hexadecimal SHA-256; empty for none."""
    return hashlib.sha256(data).hexdigest() if data else ""


def link_path(folder: str, number: int) -> str:
    """Where a link stands: `<folder>/00000001.json`; paths sort as numbers do."""
    return f"{folder}/{number:08}.json"


class CheckedLink(Record, Generic[L], frozen=True):
    """One file of a chain: the link, None where there is none, and what is wrong with it, empty for nothing."""

    path: str
    link: L | None
    problem: str = ""


class Chain(Record, Generic[L], frozen=True):
    """A kind of chain: what messages call a link, and what reads one (`RegistryError` where it is malformed).

    Where a chain `follows` another one (a month on the month before), its first link may hold that one's hash.
    """

    noun: str
    read: Callable[[bytes, str], L]
    follows: bool = False

    def check(
        self, files: Iterable[tuple[str, bytes]], folder: str, environment: str, prefix: str = ""
    ) -> Iterator[CheckedLink[L]]:
        """Every link below `folder`, from (path, bytes) in order; `prefix` is put before paths in messages."""
        last = b""
        for number, (path, data) in enumerate(files, 1):
            if path != link_path(folder, number):
                yield CheckedLink(path, None, f"the {self.noun} {number} is missing")
            else:
                yield self._checked(path, data, prefix, (number, environment, hash_of(last)))
            last = data

    def _checked(
        self, path: str, data: bytes, prefix: str, expected: tuple[int, str, str]
    ) -> CheckedLink[L]:
        try:
            link = self.read(data, f"{prefix}{path}")
        except RegistryError as error:
            return CheckedLink(path, None, error.reason)
        return CheckedLink(path, link, self._problem(link, *expected))

    def _problem(self, link: L, number: int, environment: str, previous: str) -> str:
        if link.number != number:
            return f"the {self.noun} says that it is number {link.number}"
        if link.environment != environment:
            return f"the {self.noun} is another environment's"
        if link.previous != previous and not (number == 1 and self.follows):
            return f"the {self.noun} before it was changed or taken out"
        return ""


def first_broken(checked: Iterable[CheckedLink[L]]) -> ChainProblem | None:
    """The first link that is wrong, None where all hold."""
    return next((ChainProblem(one.path, one.problem) for one in checked if one.problem), None)
