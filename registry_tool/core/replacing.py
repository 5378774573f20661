"""What changes together: a folder in one step, several files in one go; also where a process is killed.

New content is prepared beside the old, under a lock; what nobody holds was left by a process that died, and goes.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from registry_tool.core.errors import RegistryError
from registry_tool.core.exchange import exchange_or_busy

try:
    import fcntl
except ImportError:  # Windows has no such locks; there, leftovers stay
    fcntl = None  # type: ignore[assignment]


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """A new folder to fill, which takes the place of `folder` at the end; after an error nothing has changed.

    On Linux the two are exchanged in one step; elsewhere there is a moment in which neither is there.
    """
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(folder)
    with held_folder(folder) as new:
        try:
            yield new
            _take_place(new, folder)
        finally:
            shutil.rmtree(new, ignore_errors=True)  # by now the old one


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write files whole; all are on the disk before the first takes its place."""
    ready: list[tuple[Path, Path]] = []
    with ExitStack() as stack:
        try:
            for path, data in files.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                remove_leftovers(path)
                new, handle = _held_file(path)
                file = stack.enter_context(os.fdopen(handle, "wb"))
                ready.append((new, path))
                file.write(data)
                file.flush()
                os.fsync(handle)
            for new, path in ready:
                new.replace(path)
        finally:
            for new, _ in ready:
                new.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.new-{secrets.token_hex(8)}")


def _held_file(path: Path) -> tuple[Path, int]:
    """A new file beside a path and its handle, which holds it."""
    while True:
        new = _beside(path)
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        _hold(handle)
        if new.exists():  # else a rival took it for a leftover, just before it was held
            return new, handle
        os.close(handle)


@contextmanager
def held_folder(folder: Path) -> Iterator[Path]:
    """A new folder beside one, held against who removes leftovers; what is left of it goes with its process."""
    while True:
        new = _beside(folder)
        new.mkdir()
        try:
            handle = os.open(new, os.O_RDONLY) if fcntl is not None else -1
        except FileNotFoundError:
            continue  # a rival took it for a leftover at once
        _hold(handle)
        if new.is_dir():  # else a rival took it for a leftover, just before it was held
            break
        os.close(handle)
    try:
        yield new
    finally:
        if handle >= 0:
            os.close(handle)


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Only one process at a time goes on here; the lock goes with its process."""
    folder.mkdir(parents=True, exist_ok=True)
    if fcntl is None:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        _hold(handle)
        yield
    finally:
        os.close(handle)


def _hold(handle: int) -> None:
    if fcntl is not None:
        fcntl.flock(handle, fcntl.LOCK_EX)


def remove_leftovers(path: Path) -> None:
    """What killed processes prepared for `path`; what is held belongs to one that lives."""
    if fcntl is None:
        return
    name = re.compile(rf"\.{re.escape(path.name)}\.new-[0-9a-f]{{16}}")
    for left in (found for found in path.parent.iterdir() if name.fullmatch(found.name)):
        try:
            handle = os.open(left, os.O_RDONLY)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
        except BlockingIOError:
            pass
        finally:
            os.close(handle)


def _take_place(new: Path, folder: Path) -> None:
    """`new` stands where `folder` stood, and the other way round where there was one."""
    try:
        if not folder.exists() and _moved(new, folder):
            return
        if not exchange_or_busy(new, folder):
            aside = _beside(folder)
            folder.rename(aside)
            new.rename(folder)
            aside.rename(new)
    except OSError as error:
        if error.errno != errno.EBUSY:
            raise
        raise RegistryError(
            "the folder can't be replaced as a whole: something is mounted there",
            location=str(folder),
            hint="name a folder inside it",
        ) from None


def _moved(new: Path, folder: Path) -> bool:
    """Move where nothing is; False where a rival was faster."""
    try:
        new.rename(folder)
    except OSError as error:
        if error.errno in {errno.ENOTEMPTY, errno.EEXIST}:
            return False
        raise
    return True
