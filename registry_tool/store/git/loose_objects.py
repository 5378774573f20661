"""Git objects as files of their own, each in place at once or not at all. Format: gitrepository-layout(5).

Like git itself by default, nothing waits for the disk; what a killed process leaves is called as git's own
unfinished objects are, so `git gc` removes it.
"""

from __future__ import annotations

import os
import tempfile
import zlib
from pathlib import Path
from typing import Final

from registry_tool.core.errors import RegistryError

_READ_ONLY: Final = 0o444


def write_loose(objects: Path, object_id: str, whole: bytes) -> None:
    """Store an object (its head and bytes) below `objects`; one that is there is only marked as fresh.

    `RegistryError` where the disk doesn't take it.
    """
    location = objects / object_id[:2] / object_id[2:]
    try:
        os.utime(location)  # git tidies away what is old and unreachable
    except FileNotFoundError:
        _write(objects, location, zlib.compress(whole, 1))
    except OSError:
        return  # there, and another user's


def _write(objects: Path, location: Path, data: bytes) -> None:
    try:
        location.parent.mkdir(exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="tmp_obj_", dir=objects)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                os.fchmod(handle, _READ_ONLY)
            Path(name).replace(location)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise RegistryError(
            f"a git object can't be written: {error.strerror}",
            location=str(objects),
            hint="look at the disk's room and the folder's permissions",
        ) from None
