"""Templates compiled to Python once a machine, as Python keeps its own modules: half a second of each publish."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import jinja2
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from jinja2.bccache import Bucket

from registry_tool import __version__

_APPLICATION = "puppy-cli"


class _Kept(FileSystemBytecodeCache):
    """A folder of the user's; where it takes nothing, templates are compiled as if there were none."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def compiled_templates(kind: str) -> BytecodeCache | None:
    """The user's folder of templates compiled for one kind of environment; None where nobody else may be kept out.

    What compiles them is part of its name: code that escapes nothing is never taken for code that does.
    """
    from platformdirs import user_cache_path

    made_by = f"{jinja2.__version__}-{sys.implementation.cache_tag}-{__version__}-{kind}"
    folder = user_cache_path(_APPLICATION, appauthor=False) / "templates" / made_by
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _Kept(str(folder)) if _is_ours(folder) else None
    except OSError:
        return None


def _is_ours(folder: Path) -> bool:
    """Whether nobody else writes there: what lies there is run."""
    if not hasattr(os, "getuid"):
        return True  # Windows keeps a user's folder for that user
    about = folder.lstat()
    return about.st_uid == os.getuid() and not about.st_mode & 0o022 and not folder.is_symlink()
