"""A `.wfpkg` → its files, or a refusal; nothing is written here."""

from __future__ import annotations

import io
import stat
import struct
import zipfile

from registry_tool.core.archives import archive_kind
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import unsafe_path
from registry_tool.core.path_clashes import path_clash
from registry_tool.manifest.digest import digest
from registry_tool.package.build import package_bytes
from registry_tool.package.limits import MAX_BYTES, MAX_FILES, MAX_PACKAGE

_ENCRYPTED = 0x1  # APPNOTE.TXT 4.4.4, general purpose bit 0


_REBUILD = "build it with `puppy-cli build`"
_FETCH_AGAIN = "fetch it again; if that doesn't help, build it with `puppy-cli build`"
_NOT_A_ZIP = (
    *(zipfile.BadZipFile, NotImplementedError, EOFError, ValueError),
    *(struct.error, OverflowError),  # records that end early, places beyond any file
)


class PackageError(RegistryError):
    """A package that can't be trusted."""


def open_package(data: bytes, *, location: str, expected: str = "") -> dict[str, bytes]:
    """The files by path. `expected` is the digest that they must have (`sha256:<hex>`).

    A package must be byte for byte what `package_bytes` makes of its files, so there is no room for entries
    that two readers see differently.
    """
    if len(data) > MAX_PACKAGE:
        raise PackageError(
            f"the package is larger than {MAX_BYTES} bytes",
            location=location,
            hint="leave large files out of the version, or split it",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = _files(archive, location)
    except _NOT_A_ZIP as error:
        raise PackageError(
            f"not a package: {error}", location=location, hint=_FETCH_AGAIN
        ) from None
    if package_bytes(files) != data:
        raise PackageError(
            "the package is not in normal form",
            location=location,
            hint=_REBUILD,
        )
    if expected and (found := digest(files)) != expected:
        raise PackageError(
            f"its digest is {found}, not {expected}", location=location, hint=_FETCH_AGAIN
        )
    return files


def _files(archive: zipfile.ZipFile, location: str) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MAX_FILES:
        raise PackageError(
            f"more than {MAX_FILES} files", location=location, hint="split the version"
        )
    files: dict[str, bytes] = {}
    for entry in entries:
        if reason := unsafe_path(entry.filename):
            raise PackageError(
                f"the path {entry.filename[:80]!r} {reason}", location=location, hint=_REBUILD
            )
        if entry.filename in files:
            raise PackageError(
                f"duplicate entry {entry.filename}", location=location, hint=_REBUILD
            )
        packed = entry.compress_type or entry.flag_bits & _ENCRYPTED
        if not stat.S_ISREG(entry.external_attr >> 16) or packed:
            raise PackageError(
                f"{entry.filename} is no plain stored file", location=location, hint=_REBUILD
            )
        if entry.file_size > MAX_BYTES:
            raise PackageError(
                f"{entry.filename} is too large",
                location=location,
                hint="leave it out of the version",
            )
        content = files[entry.filename] = archive.read(entry)
        if kind := archive_kind(content):
            raise PackageError(
                f"{entry.filename} is an archive ({kind}) inside the package",
                location=location,
                hint="publish what it holds as files of the version",
            )
    if reason := path_clash(files):
        raise PackageError(reason, location=location, hint="rename one of them")
    return files
