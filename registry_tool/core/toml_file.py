"""TOML files: read with places, so that an error names file, line and reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.files import read_limited
from registry_tool.core.records import Record

LARGEST: Final = 64 * 2**10
_PLACE: Final = re.compile(r"(?s)(.*) \(at (?:line (\d+), column (\d+)|end of document)\)")
_TABLE: Final = re.compile(r"\s*\[\[?([^\]]+)\]")
_PART: Final = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")
_KEY: Final = re.compile(rf"\s*((?:{_PART.pattern})(?:\s*\.\s*(?:{_PART.pattern}))*)\s*=")


class TomlFile(Record, frozen=True):
    """A file's tables; `shown` is its path as messages have it."""

    shown: str
    value: dict[str, object]
    text: str

    def location(self, route: Sequence[str]) -> str:
        """`file:line` of a key, or the file where the key's line is unknown."""
        line = _line_of(self.text, tuple(route))
        return f"{self.shown}:{line}" if line else self.shown


def read_toml(path: Path, shown: str = "") -> TomlFile:
    """The tables in a file; `UsageError` with line and column where it is not TOML, or is too large."""
    shown = shown or str(path)
    try:
        data = read_limited(path, LARGEST)
    except RegistryError as error:
        raise UsageError(error.reason, location=shown) from None
    return parse_toml(data, shown)


def parse_toml(data: bytes, shown: str) -> TomlFile:
    """The tables in a file's bytes; the same errors."""
    import tomllib

    try:
        text = data.decode("utf-8")
        return TomlFile(shown, cast(dict[str, object], tomllib.loads(text)), text)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError("not TOML: it is not UTF-8", location=f"{shown}:{line}") from None
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(str(error), shown, data) from None
    except (RecursionError, ValueError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise UsageError(f"not TOML: {reason}", location=shown) from None


def _not_toml(message: str, shown: str, data: bytes) -> UsageError:
    placed = _PLACE.fullmatch(message)
    reason, line, column = placed.groups() if placed else (message, None, None)
    last = data.count(b"\n") + 1
    where = f"{shown}:{line}:{column}" if line else f"{shown}:{last}"
    reason = reason[:1].lower() + reason[1:]
    return UsageError(
        f"not TOML: {reason}", location=where, hint='write a setting as `registry = "…"`'
    )


def _line_of(text: str, route: tuple[str, ...]) -> int:
    """The line of a key, else of the table that holds it, else 0."""
    table: tuple[str, ...] = ()
    best = 0
    for number, line in enumerate(text.splitlines(), 1):
        if header := _TABLE.match(line):
            table = _parts(header[1])
            best = best or (number if table == route[: len(table)] and table else 0)
            if table == route:
                return number
        elif key := _KEY.match(line):
            if (*table, *_parts(key[1]))[: len(route)] == route:
                return number
            if _parts(key[1]) == route[:1] and not table:
                best = best or number
    return best


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))
