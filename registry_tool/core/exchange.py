"""Two folders exchanged in one step, on Linux (renameat2(2), RENAME_EXCHANGE)."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
from pathlib import Path
from typing import Any

_EXCHANGE = 2
_HERE = -100  # AT_FDCWD
_UNKNOWN = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}
_NOT_THESE = {errno.EBUSY, errno.EXDEV}


def can_exchange() -> bool:
    """Whether this system knows the step at all."""
    return _rename() is not None


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders; False where this system, or this disk, can't, or something is mounted on one."""
    code = _try_exchange(one, other)
    if code in _UNKNOWN | _NOT_THESE:
        return False
    return _checked(code, other)


def exchange_or_busy(one: Path, other: Path) -> bool:
    """Exchange two folders; False where this system can't. `OSError` (EBUSY) where something is mounted there."""
    code = _try_exchange(one, other)
    return False if code in _UNKNOWN else _checked(code, other)


def _checked(code: int, place: Path) -> bool:
    if code:
        raise OSError(code, os.strerror(code), str(place))
    return True


def _try_exchange(one: Path, other: Path) -> int:
    """0, or the reason why not."""
    rename = _rename()
    if rename is None:
        return errno.ENOSYS
    if rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return 0
    return ctypes.get_errno()


def _rename() -> Any:  # ctypes has no type for a foreign function
    if platform.system() != "Linux":
        return None
    # another C library than GNU's or musl's newest has none
    return getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
