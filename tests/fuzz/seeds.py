"""Fixtures of the whole repository as seeds: each target takes those that its reader could be given."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from tests.marks import expanded_bytes

ROOT = Path(__file__).parents[2]
_WHERE = ("tests", "registry", "examples")
_SKIPPED = frozenset({"node_modules", "__pycache__"})
_HUGE = re.compile(rb"<<times [0-9]{6}")
_LARGEST = 64 * 1024
_BLOCK = re.compile(r'"""(.*?)"""', re.DOTALL)


@cache
def files(*suffixes: str) -> Mapping[str, bytes]:
    """Every fixture with one of these suffixes by its path, the marks of `tests/marks.py` replaced."""
    found = {}
    for path in _paths():
        if path.suffix in suffixes:
            data = _expanded(path.read_bytes())
            if len(data) <= _LARGEST:
                found[str(path.relative_to(ROOT))] = data
    return found


def _expanded(data: bytes) -> bytes:
    if _HUGE.search(data):
        return bytes(_LARGEST + 1)
    try:
        return expanded_bytes(data.decode()) if b"<<" in data else data
    except UnicodeDecodeError:
        return data


def small(found: Mapping[str, bytes], largest: int) -> dict[str, bytes]:
    """Those of at most `largest` bytes."""
    return {name: data for name, data in found.items() if len(data) <= largest}


@cache
def texts_of_tests(folder: str) -> Mapping[str, bytes]:
    """The texts in triple quotes of the tests in a folder: small inputs that somebody thought of."""
    found = {}
    for path in sorted((ROOT / "tests" / folder).glob("test_*.py")):
        for number, text in enumerate(_BLOCK.findall(path.read_text())):
            found[f"{path.name}:{number}"] = text.replace("\\\n", "").encode()
    return found


def objects_under(key: str) -> Iterator[tuple[str, object]]:
    """Every JSON object that stands under a key in a JSON fixture, and where."""
    for name, data in files(".json").items():
        try:
            yield from _under(key, json.loads(data), name)
        except (ValueError, RecursionError):
            continue


def _under(key: str, value: object, where: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, list):
        for item in value:
            yield from _under(key, item, where)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name == key and isinstance(item, dict):
                yield where, item
            yield from _under(key, item, where)


@cache
def _paths() -> tuple[Path, ...]:
    return tuple(
        path
        for folder in _WHERE
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file() and not _SKIPPED & set(path.parts) and path.stat().st_size <= _LARGEST
    )
