"""Nothing but a package in normal form is opened (threats.md 14)."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from registry_tool.manifest.digest import digest
from registry_tool.package.build import package_bytes
from registry_tool.package.limits import MAX_FILES, MAX_PACKAGE
from registry_tool.package.open import PackageError, open_package
from tests.package.zeros import BLOCK, with_zeros

FILES = {"manifest.yaml": b"a: 1\n", "docs/README.md": b"# Hi\n", "workflow.json": b"{}"}


def archive(
    build: Callable[[zipfile.ZipFile], None], compression: int = zipfile.ZIP_STORED
) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as target:
        build(target)
    return buffer.getvalue()


def entry(name: str, mode: int = 0o100644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.create_system = 3
    info.external_attr = mode << 16
    return info


GOOD = package_bytes(FILES)
DIGEST = digest(FILES)
HOSTILE = {
    "no archive": b"hello",
    "empty": b"",
    "escape": archive(lambda z: z.writestr(entry("../evil"), b"x")),
    "absolute": archive(lambda z: z.writestr(entry("/etc/passwd"), b"x")),
    "backslash": archive(lambda z: z.writestr(entry("a\\..\\b"), b"x")),
    "device": archive(lambda z: z.writestr(entry("con.txt"), b"x")),
    "symlink": archive(lambda z: z.writestr(entry("link", 0o120777), b"/etc/passwd")),
    "executable": archive(lambda z: z.writestr(entry("run", 0o100755), b"x")),
    "another time": archive(
        lambda z: z.writestr(zipfile.ZipInfo("a", (2024, 1, 1, 0, 0, 0)), b"x")
    ),
    "deflated": archive(lambda z: z.writestr("a", b"x" * 99), zipfile.ZIP_DEFLATED),
    "leading bytes": b"#!/bin/sh\n" + GOOD,
    "trailing bytes": GOOD + b"more",
    "nested": archive(lambda z: z.writestr(entry("a"), GOOD)) + GOOD,
    "truncated": GOOD[:-10],
    "one flipped byte": GOOD[:40] + bytes([GOOD[40] ^ 1]) + GOOD[41:],
    "local differs from central": GOOD.replace(b"docs/README.md", b"docs/EVIL__.md", 1),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_everything_else_is_refused(name: str) -> None:
    with pytest.raises(PackageError):
        open_package(HOSTILE[name], location="x.wfpkg")


def test_a_duplicate_entry_is_refused() -> None:
    def twice(target: zipfile.ZipFile) -> None:
        target.writestr(entry("a"), b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            target.writestr(entry("a"), b"2")

    with pytest.raises(PackageError, match="duplicate entry"):
        open_package(archive(twice), location="x.wfpkg")


def test_the_bomb_is_an_archive_whose_checksums_are_right() -> None:
    with zipfile.ZipFile(io.BytesIO(with_zeros(GOOD, 3))) as bomb:
        assert bomb.testzip() is None
        assert bomb.read("zeros") == bytes(3 * BLOCK)
        assert bomb.getinfo("zeros").compress_size < BLOCK // 100


def test_a_bomb_costs_nothing() -> None:
    bomb = with_zeros(archive(lambda z: None), 2**30 // BLOCK)
    tracemalloc.start()
    with pytest.raises(PackageError):
        open_package(bomb, location="bomb.wfpkg")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * 2**20


def test_another_digest_is_refused() -> None:
    with pytest.raises(PackageError, match="its digest is"):
        open_package(GOOD, location="x", expected="sha256:" + "0" * 64)


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
@example(position=269, change=1)  # an entry that says it is encrypted
def test_no_changed_byte_passes(position: int, change: int) -> None:
    damaged = bytearray(GOOD)
    damaged[position] ^= change
    with pytest.raises(PackageError):
        open_package(bytes(damaged), location="x", expected=DIGEST)


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 3), st.binary(max_size=3))
def test_no_cut_or_inserted_piece_passes(position: int, gone: int, new: bytes) -> None:
    damaged = GOOD[:position] + new + GOOD[position + gone :]
    if damaged != GOOD:
        with pytest.raises(PackageError):
            open_package(damaged, location="x", expected=DIGEST)


def test_too_many_and_too_large_files_are_refused() -> None:
    many = package_bytes({f"{number:03}": b"" for number in range(MAX_FILES)})
    assert len(open_package(many, location="x")) == MAX_FILES
    more = package_bytes({f"{number:03}": b"" for number in range(MAX_FILES + 1)})
    with pytest.raises(PackageError, match="more than 200 files"):
        open_package(more, location="x")
    with pytest.raises(PackageError, match="larger than"):
        open_package(bytes(MAX_PACKAGE + 1), location="x")
