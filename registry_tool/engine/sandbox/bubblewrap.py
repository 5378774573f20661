"""The command line by which bubblewrap builds the native sandbox.

Inside there is a Python below `/python`, the system's libraries, and nothing else: no `/proc`, no `/dev`, no
`/tmp`, no place to write. Every namespace is its own. An ordinary user becomes nobody by a user namespace; root,
who needs none, is dropped to nobody by the guest itself, which gets the two capabilities for it and loses them
thereby.
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from registry_tool.core.errors import MissingToolError

NOBODY = 65534
_PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
_WALLS = (
    *("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"),
    *("--die-with-parent", "--new-session", "--hostname", "sandbox"),
)
_AS_A_USER = ("--unshare-user", "--uid", str(NOBODY), "--gid", str(NOBODY))
_AS_ROOT = ("--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID")
_FLAGS = ("-s", "-S", "-P", "-B", "-c")


def is_root() -> bool:
    """True where bubblewrap needs no user namespace."""
    return os.geteuid() == 0


def command(filter_descriptor: int, guest: str) -> list[str]:
    """The whole command; it reads the filter from a descriptor and then runs the guest's text."""
    return [
        _bwrap(),
        *_WALLS,
        *(_AS_ROOT if is_root() else _AS_A_USER),
        *_what_is_seen(),
        *("--chdir", "/", "--setenv", "PYTHONHASHSEED", "0"),
        *("--seccomp", str(filter_descriptor)),
        *("--", f"/python/bin/{_PYTHON}", *_FLAGS, guest),
    ]


def _bwrap() -> str:
    if sys.platform != "linux":
        raise MissingToolError(
            "the native sandbox needs Linux, so the code was not run",
            hint="unset PUPPY_SANDBOX to use the WebAssembly one",
        )
    found = shutil.which("bwrap")
    if found is None:
        raise MissingToolError(
            "the native sandbox needs bubblewrap, so the code was not run",
            hint="install the package bubblewrap, or unset PUPPY_SANDBOX",
        )
    return found


@cache
def _what_is_seen() -> tuple[str, ...]:
    stdlib = Path(sysconfig.get_path("stdlib"))
    inside = f"/python/{sys.platlibdir}/{_PYTHON}"
    shown = [(_program(), f"/python/bin/{_PYTHON}"), (stdlib, inside)]
    shown += [(library, str(library)) for library in _libraries()]
    shared = _shared_library()
    if shared is not None:
        shown.append((shared, f"/python/lib/{shared.name}"))
    # bubblewrap itself would make the folders above for root alone
    above = {str(above) for _, location in shown for above in Path(location).parents[:-1]}
    words = [word for folder in sorted(above) for word in ("--dir", folder)]
    for source, location in shown:
        words += ["--ro-bind", str(source), location]
    for name in ("site-packages", "dist-packages"):  # what else is installed is nobody's business
        if (stdlib / name).is_dir():
            words += ["--tmpfs", f"{inside}/{name}", "--remount-ro", f"{inside}/{name}"]
    if shared is not None:
        words += ["--setenv", "LD_LIBRARY_PATH", "/python/lib"]
    return (*words, "--remount-ro", "/")


def _program() -> Path:
    """The interpreter itself, not a virtual environment's link to it."""
    base = Path(sys.base_prefix, "bin", _PYTHON)
    return (base if base.is_file() else Path(sys.executable)).resolve()


def _libraries() -> Iterator[Path]:
    """The system's loader and shared libraries, where Linux distributions keep them."""
    triplet = f"{os.uname().machine}-linux-gnu"
    for name in (
        *(f"/lib/{triplet}", f"/usr/lib/{triplet}", "/lib64", "/usr/lib64"),
        "/lib/ld-linux-aarch64.so.1",
    ):
        if Path(name).exists():
            yield Path(name)


def _shared_library() -> Path | None:
    """`libpython`, where the interpreter is a small program around it that lies elsewhere."""
    name = str(sysconfig.get_config_var("INSTSONAME"))
    if not sysconfig.get_config_var("Py_ENABLE_SHARED"):
        return None
    folders = (f"{sys.base_prefix}/lib", str(sysconfig.get_config_var("LIBDIR")))
    found = (f"{folder}/{name}" for folder in folders)
    return next((Path(path) for path in found if os.path.isfile(path)), None)  # noqa: PTH113 - or unreadable
