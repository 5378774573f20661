"""Files below a folder, reached part by part without following a link.

A path that a workflow or a model names may not leave the folder, neither by `..` nor by a link that somebody put
there, nor reach what a tool obeys (`.git/config`, `.github/workflows`, `.ssh`, a bare repository's hooks), nor a
device.
Where the system opens relative to a folder (`openat`, `O_NOFOLLOW`), nothing can be swapped between look and use;
elsewhere every part is looked at first.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import unsafe_path, write_atomic

_OPENS_RELATIVE = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
_LONGEST_PART = 255  # bytes, on every usual file system
_LONGEST_PATH = 1024  # bytes; macOS takes no more
_DEEPEST = (
    32  # folders; who removes them again goes into each, with a descriptor and a call for each
)
_SHORT_NAME = re.compile(r"git~\d+", re.IGNORECASE)  # `.git` as old Windows programs see it
_BARE = ("HEAD", "objects", "refs")  # what makes a folder a git repository, `hooks` and all
_LINKED = frozenset({errno.ELOOP, errno.ENOTDIR, errno.EMLINK})
_ELSEWHERE = "name a file inside the folder, such as results/answer.txt"


def demand_plain(path: str) -> None:
    """`RegistryError` for a relative path that leaves its folder or that a tool or a system would obey."""
    reason = unsafe_path(path) or _obeyed(path)
    if reason:
        raise RegistryError(f"the path {reason}", location=path[:200], hint=_ELSEWHERE)


def _obeyed(path: str) -> str | None:
    if any("\ud800" <= char <= "\udfff" for char in path):
        return "holds half a character"
    for part in path.split("/"):
        if part.startswith("."):
            return "has a part that begins with a dot: such files belong to tools"
        if _SHORT_NAME.fullmatch(part):
            return "has a part that git obeys"
    return None


def demand_storable(path: str) -> None:
    """A plain path that every usual file system keeps; else `RegistryError`, or `OSError` for a name too long."""
    demand_plain(path)
    if len(os.fsencode(path)) > _LONGEST_PATH or path.count("/") > _DEEPEST:
        raise RegistryError(
            f"the path has more than {_LONGEST_PATH} bytes or {_DEEPEST} folders",
            location=path[:200],
            hint=_ELSEWHERE,
        )
    if any(len(os.fsencode(part)) > _LONGEST_PART for part in path.split("/")):
        raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), path[:200])


def write_beneath(root: Path, path: str, content: bytes) -> None:
    """Replace the file at `path` below `root` whole or not at all, with the folders above it.

    `RegistryError` where the path is not plain, a part is a link, or something else than a file stands there;
    `OSError` where the system can't write it. Then no folder was made either.
    """
    demand_storable(path)
    root.mkdir(parents=True, exist_ok=True)
    if not _OPENS_RELATIVE:
        write_atomic(_looked_at(root, path), content)
        return
    *folders, name = path.split("/")
    with _folder(root, folders, path, make=True) as folder:
        _demand_file(_mode(name, folder), path)
        _replace(folder, name, content)


def file_beneath(root: Path, path: str) -> Path | None:
    """The regular file at `path` below `root`, None where nothing is; `RegistryError` as for `write_beneath`."""
    demand_plain(path)
    if not _OPENS_RELATIVE:
        found = _looked_at(root, path)
        return found if found.exists() else None
    *folders, name = path.split("/")
    try:
        with _folder(root, folders, path, make=False) as folder:
            mode = _mode(name, folder)
    except FileNotFoundError:
        return None
    _demand_file(mode, path)
    return root / path if mode is not None else None


@contextmanager
def _folder(root: Path, parts: list[str], path: str, *, make: bool) -> Iterator[int]:
    """The opened folder that holds the last part of a path; no part on the way was a link."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    folder = os.open(root, flags)
    try:
        _demand_no_repository(folder, path)
        for part in parts:
            below = _below(folder, part, flags, path, make=make)
            os.close(folder)
            folder = below
            _demand_no_repository(folder, path)
        yield folder
    finally:
        os.close(folder)


def _below(folder: int, part: str, flags: int, path: str, *, make: bool) -> int:
    if make:
        with suppress(FileExistsError):
            os.mkdir(part, dir_fd=folder)
    try:
        return os.open(part, flags | os.O_NOFOLLOW, dir_fd=folder)
    except OSError as error:
        if error.errno in _LINKED:
            raise _refused("leads through a link or a file", path) from None
        raise


def _mode(name: str, folder: int) -> int | None:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return None


def _demand_file(mode: int | None, path: str) -> None:
    if mode is not None and not stat.S_ISREG(mode):
        raise _refused("is not a regular file but a link, a folder or a device", path)


def _demand_no_repository(folder: int, path: str) -> None:
    if all(_mode(name, folder) is not None for name in _BARE):
        raise _refused("lies in git's own folder", path)


def _refused(reason: str, path: str) -> RegistryError:
    return RegistryError(f"the path {reason}", location=path[:200], hint=_ELSEWHERE)


def _replace(folder: int, name: str, content: bytes) -> None:
    new = f".{secrets.token_hex(8)}.new"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(new, flags, 0o644, dir_fd=folder), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        if _mode(new, folder) is not None:
            os.unlink(new, dir_fd=folder)
        raise


def _looked_at(root: Path, path: str) -> Path:
    """The file's path after a look at each part; for systems that can't open relative to a folder."""
    here = root
    for part in ("", *path.split("/")):
        here = here / part
        on_the_way = here != root / path and here.exists() and not here.is_dir()
        if on_the_way or (here != root and (here.is_symlink() or _is_junction(here))):
            raise _refused("leads through a link or a file", path)
        if here.is_dir() and all((here / name).exists() for name in _BARE):
            raise _refused("lies in git's own folder", path)
    if not here.resolve().is_relative_to(root.resolve()):
        raise _refused("steps outside its folder", path)
    if here.exists() and not here.is_file():
        raise _refused("is not a regular file but a link, a folder or a device", path)
    return here


def _is_junction(path: Path) -> bool:
    """Windows' other kind of link: https://learn.microsoft.com/windows/win32/fileio/reparse-points"""
    try:
        return bool(getattr(path.lstat(), "st_reparse_tag", 0))
    except OSError:
        return False
