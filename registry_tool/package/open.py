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
from registry_tool.core.records import Record
from registry_tool.manifest.digest import digest
from registry_tool.package.build import package_bytes
from registry_tool.package.limits import MAX_BYTES, MAX_FILES, MAX_PACKAGE

_ENCRYPTED = 0x1  # APPNOTE.TXT 4.4.4, general purpose bit 0


_REBUILD = "build it with `puppy-cli build`"
_ASK_ANOTHER = "take it from another copy of the registry, and tell whoever keeps this one"
_FETCH_AGAIN = f"fetch it again; if that doesn't help, {_ASK_ANOTHER}"
_NOT_A_ZIP = (
    *(zipfile.BadZipFile, NotImplementedError, EOFError, ValueError),
    *(struct.error, OverflowError),  # records that end early, places beyond any file
)


class PackageError(RegistryError):
    """A package that can't be trusted."""


class ArchiveForm(Record, frozen=True):
    """What an archive is called, how it is made anew, and how many files of how many bytes it may hold."""

    name: str
    rebuild: str
    most_files: int
    most_bytes: int


PACKAGE = ArchiveForm("package", _REBUILD, MAX_FILES, MAX_BYTES)
_FETCHED = ArchiveForm("package", _ASK_ANOTHER, MAX_FILES, MAX_BYTES)
"""One whose digest a registry tells: who reads it didn't build it."""


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
    files = stored_files(data, location, _FETCHED if expected else PACKAGE)
    for path, content in files.items():
        if kind := archive_kind(content):
            raise PackageError(
                f"{path} is an archive ({kind}) inside the package",
                location=location,
                hint="publish what it holds as files of the version",
            )
    if expected and (found := digest(files)) != expected:
        raise PackageError(
            f"its digest is {found}, not {expected}", location=location, hint=_FETCH_AGAIN
        )
    return files


def stored_files(data: bytes, location: str, form: ArchiveForm) -> dict[str, bytes]:
    """The files of an archive in the one form that `package_bytes` gives, within the form's limits.

    `PackageError` for anything else: other bytes, unsafe or clashing paths, an entry twice, links, compression.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = _files(archive, len(data), location, form)
    except _NOT_A_ZIP as error:
        raise PackageError(
            f"not a {form.name}: {error}",
            location=location,
            hint=f"fetch it again; if that doesn't help, {form.rebuild}",
        ) from None
    if package_bytes(files) != data:
        raise PackageError(
            f"the {form.name} is not in normal form", location=location, hint=form.rebuild
        )
    return files


def _files(
    archive: zipfile.ZipFile, size: int, location: str, form: ArchiveForm
) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > form.most_files:
        raise PackageError(
            f"more than {form.most_files} files", location=location, hint="split the version"
        )
    seen: set[str] = set()
    for entry in entries:
        if reason := unsafe_path(entry.filename):
            raise PackageError(
                f"the path {entry.filename[:80]!r} {reason}", location=location, hint=form.rebuild
            )
        if entry.filename in seen:
            raise PackageError(
                f"duplicate entry {entry.filename}", location=location, hint=form.rebuild
            )
        packed = entry.compress_type or entry.flag_bits & _ENCRYPTED
        if not stat.S_ISREG(entry.external_attr >> 16) or packed:
            raise PackageError(
                f"{entry.filename} is not a plain stored file", location=location, hint=form.rebuild
            )
        if entry.file_size > form.most_bytes:
            raise PackageError(
                f"{entry.filename} is too large",
                location=location,
                hint="leave it out of the version",
            )
        seen.add(entry.filename)
    if sum(entry.file_size for entry in entries) > size:  # stored entries that share their bytes
        raise PackageError(
            "its entries hold more than the file does", location=location, hint=form.rebuild
        )
    files = {entry.filename: archive.read(entry) for entry in entries}
    if reason := path_clash(files):
        raise PackageError(reason, location=location, hint="rename one of them")
    return files
