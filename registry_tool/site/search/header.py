"""`search/index.json`: how many workflows there are and which files exist, so that no other is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from registry_tool.core.values import Value
from registry_tool.site.search.layout import TAIL_SHARDS, TERM_SHARDS
from registry_tool.site.search.shards import dump, load

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Header:
    """Number of workflows; existing chunks of facets and columns, shards of terms and of tails."""

    workflows: int = 0
    chunks: frozenset[int] = frozenset()
    terms: frozenset[int] = frozenset()
    tails: frozenset[int] = frozenset()

    def to_bytes(self) -> bytes:
        """The document."""
        return dump(
            {
                "format": FORMAT,
                "workflows": self.workflows,
                "chunks": cast(Value, sorted(self.chunks)),
                "terms": _bits(self.terms, TERM_SHARDS),
                "tails": _bits(self.tails, TAIL_SHARDS),
            }
        )


def read_header(data: bytes | None) -> Header:
    """The header that was written; an empty index's where there is none."""
    if data is None:
        return Header()
    value = load(data)
    return Header(
        cast(int, value["workflows"]),
        frozenset(cast(list[int], value["chunks"])),
        _numbers(cast(str, value["terms"])),
        _numbers(cast(str, value["tails"])),
    )


def _bits(numbers: Iterable[int], size: int) -> str:
    """Hexadecimal digits, four numbers each, the lowest number first."""
    digits = [0] * (size // 4)
    for number in numbers:
        digits[number // 4] |= 1 << number % 4
    return "".join(f"{digit:x}" for digit in digits)


def _numbers(bits: str) -> frozenset[int]:
    return frozenset(
        4 * place + bit
        for place, digit in enumerate(bits)
        for bit in range(4)
        if int(digit, 16) >> bit & 1
    )
