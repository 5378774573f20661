"""The package reader: whole and in normal form, no path outside its folder or twice, or a refusal."""

from __future__ import annotations

import random
import struct
import unicodedata
from pathlib import PurePosixPath

from registry_tool.core.files import unsafe_path
from registry_tool.manifest.digest import digest
from registry_tool.package.build import package_bytes
from registry_tool.package.limits import MAX_BYTES, MAX_FILES
from registry_tool.package.open import PackageError, open_package
from tests.fuzz import seeds
from tests.fuzz.target import Target, says_enough

_RECORDS = (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07")
_NAMES = (
    "a",
    "a/b",
    "A",
    "docs/README.md",
    "../a",
    "/a",
    "a//b",
    "con",
    "a.",
    "\u00e4",
    "a\u0308",
    "A\u0308",
)
_NUMBERS = (0, 1, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)


def check(data: bytes) -> None:
    """Refused with place, reason and fix; or files that can be written anywhere, and that give these bytes."""
    try:
        files = open_package(data, location="a.wfpkg")
    except PackageError as error:
        says_enough(error)
        return
    assert package_bytes(files) == data, "other bytes make the same files"
    assert len(files) <= MAX_FILES and sum(map(len, files.values())) <= MAX_BYTES, "too much"
    assert not [path for path in files if unsafe_path(path)], "a path outside its folder"
    folded = {_folded(path) for path in files}
    assert len(folded) == len(files), "two paths that some systems take for one"
    above = {_folded(str(parent)) for path in files for parent in PurePosixPath(path).parents}
    assert not folded & above, "a file where a folder has to be"
    assert open_package(data, location="a", expected=digest(files)) == files, "its own digest fails"


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _mutated(data: bytes, rng: random.Random) -> bytes:
    """A package of odd files, or one record's field changed, with the checksums of the contents made right."""
    if rng.random() < 0.3:
        names = rng.sample(_NAMES, rng.randint(0, 4))
        try:
            data = package_bytes({name: bytes(rng.randrange(30)) for name in names})
        except ValueError:
            return data
        if rng.random() < 0.5:
            return data
    found = bytearray(data)
    at = data.find(rng.choice(_RECORDS))
    if at < 0:
        return data
    size = rng.choice((2, 4, 8))
    field = at + 4 + rng.randrange(44)
    number = rng.choice((*_NUMBERS, rng.randrange(64), len(data), len(data) - 22))
    if field + size <= len(found):
        struct.pack_into({2: "<H", 4: "<I", 8: "<Q"}[size], found, field, number % (1 << 8 * size))
    return bytes(found)


def _with_zip64(data: bytes) -> bytes:
    """The same central directory, told by the records of large archives."""
    end = data.rfind(b"PK\x05\x06")
    count, size, at = struct.unpack_from("<HII", data, end + 10)
    large = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, size, at)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, end, 1)
    return data[:end] + large + locator + data[end:]


def _seeds() -> dict[str, bytes]:
    files = {"manifest.yaml": b"a: 1\n", "docs/README.md": b"# Hi\n", "workflow.json": b"{}"}
    good = package_bytes(files)
    found = dict(seeds.files(".wfpkg", ".zip"))
    return found | {
        "good": good,
        "empty": package_bytes({}),
        "one": package_bytes({"a": b""}),
        "zip64": _with_zip64(good),
        "cut": good[:-10],
        "nested": package_bytes({"a": b"x" * 20 + good}),
        "folder and file": package_bytes({"a": b"", "a/b": b""}),
        "two cases": package_bytes({"a": b"", "A": b""}),
    }


TARGET = Target(
    "package",
    "registry_tool/package/open.py",
    check,
    _seeds,
    (
        "PK\x01\x02",
        "PK\x03\x04",
        "PK\x05\x06",
        "PK\x06\x06",
        "PK\x06\x07",
        "../",
        "con",
        "\x01\x00",
    ),
    _mutated,
    largest=4096,
)
