"""Files: atomic writes, one JSON form, safe paths."""

from __future__ import annotations

import errno
import json
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import cast

import rfc8785

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object, Value


def canonical_json(value: Value) -> bytes:
    """RFC 8785 bytes: one value, one spelling."""
    if _is_plain(value):  # then Python's own encoder gives the same bytes, ten times faster
        text = _ENCODER.encode(value)
        return text.encode()
    return rfc8785.dumps(value)


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)


def _is_plain(value: Value) -> bool:
    """True where Python and RFC 8785 spell alike: no float, no large integer, keys without astral characters."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if not all(type(key) is str and max(key, default="") <= "\ud7ff" for key in item):
                return False
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, float) or (isinstance(item, int) and abs(item) > MAX_INTEGER):
            return False
    return True


def same(one: Value, other: Value) -> bool:
    """True for equal JSON values; Python alone takes 1 for true."""
    return one == other and canonical_json(one) == canonical_json(other)


def pretty_json(value: Value) -> str:
    """Sorted keys, two spaces, final newline: for files that people read and diff."""
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n"


def write_atomic(path: Path, content: bytes | str, mode: int = 0o644) -> None:
    """Replace `path` whole or not at all; makes the folders above it. `RegistryError` where no file can be."""
    data = content.encode() if isinstance(content, str) else content
    with _a_place(path):
        _write_atomic(path, data, mode)


def append_text(path: Path, text: str) -> None:
    """Add to the end of `path`; makes the folders above it. `RegistryError` where no file can be."""
    with _a_place(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(text)


@contextmanager
def _a_place(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_PLACE:
            raise
        raise RegistryError(
            f"can't be written: {error.strerror}", location=str(path), hint="name another place"
        ) from None


_NO_PLACE = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENAMETOOLONG, errno.ENOTEMPTY}
)


def _write_atomic(path: Path, data: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    import tempfile

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_private(path: Path, content: bytes) -> None:
    """Write atomically with mode 0600, for what others must not read."""
    write_atomic(path, content, mode=0o600)


def _unique(pairs: list[tuple[str, Value]]) -> Object:
    seen: Object = {}
    for key, value in pairs:
        if key in seen:
            raise ValueError(f"duplicate key {key!r}")
        seen[key] = value
    return seen


def _no_constant(name: str) -> Value:
    raise ValueError(f"{name} is not a JSON number")


MAX_INTEGER = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly (RFC 8259 §6)."""


def _integer(digits: str) -> Value:
    if len(digits) > 17 or abs(int(digits)) > MAX_INTEGER:
        raise ValueError("an integer beyond 2^53 loses digits")
    return int(digits)


def _finite(digits: str) -> Value:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits[:40]} is too large")
    if reads_as_large_integer(number):
        raise ValueError("an integer beyond 2^53 loses digits")
    return number


def reads_as_large_integer(number: float) -> bool:
    """True for a float that canonical JSON writes as digits which a strict reader refuses."""
    return MAX_INTEGER < abs(number) < 1e21


def parse_json(text: str | bytes, *, location: str) -> Value:
    """Strict JSON: no duplicate keys, no number that readers disagree on. `RegistryError` names `location`."""
    try:
        return cast(
            Value,
            json.loads(
                text,
                object_pairs_hook=_unique,
                parse_constant=_no_constant,
                parse_int=_integer,
                parse_float=_finite,
            ),
        )
    except json.JSONDecodeError as error:
        where = f"{location}:{error.lineno}:{error.colno}"
        raise RegistryError(f"not JSON: {error.msg}", location=where) from None
    except (ValueError, RecursionError, UnicodeDecodeError) as error:
        raise RegistryError(f"not JSON: {error}", location=location) from None


def read_json(path: Path) -> Value:
    """The strict JSON in a file."""
    return parse_json(read_limited(path), location=str(path))


LARGEST_FILE = 64 * 2**20


def read_limited(path: Path, limit: int = LARGEST_FILE) -> bytes:
    """A file's bytes; `RegistryError` where it can't be read or is larger than `limit` bytes."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size <= limit:  # a buffer of what is asked for is made first
                return file.read(size + 1) if size else file.read(limit + 1)
    except OSError as error:
        raise RegistryError(f"can't be read: {error.strerror}", location=str(path)) from None
    raise RegistryError(f"the file has {size} bytes, more than {limit}", location=str(path))


_DEVICES = frozenset(
    {
        *("con", "conin$", "conout$", "prn", "aux", "nul"),
        *(f"{name}{n}" for name in ("com", "lpt") for n in "0123456789¹²³"),
    }
)
"""https://learn.microsoft.com/windows/win32/fileio/naming-a-file; COM0 and LPT0 are kept by some versions."""


def is_device_name(part: str) -> bool:
    """True for names that Windows keeps for devices (`con`, `nul.txt`, `com1`, `COM¹`, `CONIN$` …)."""
    return part.split(".", 1)[0].rstrip(" ").casefold() in _DEVICES


def unsafe_path(path: str) -> str | None:
    """Why a relative POSIX path can't be trusted on every system, or None where it can."""
    if not path or path.startswith("/"):
        return "is empty or absolute"
    if any(ord(char) < 32 or ord(char) == 127 or char in '\\:%*?"<>|' for char in path):
        return "holds a character that some systems treat specially"
    for part in path.split("/"):
        if part in {"", ".", ".."}:
            return "steps outside its folder or has an empty part"
        if part.endswith((".", " ")) or is_device_name(part):
            return "has a part that Windows can't store"
    return None


def inside(root: Path, path: str) -> Path:
    """`root/path` for a safe relative path; `RegistryError` where it is unsafe."""
    if reason := unsafe_path(path):
        raise RegistryError(f"the path {reason}", location=path)
    return root / PurePosixPath(path)
