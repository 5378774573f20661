"""What somebody may have worked on is kept beside the file that takes its place."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

from registry_tool.core.files import write_atomic


def back_up(file: Path, new: bytes) -> Path | None:
    """Keep a file that is there and holds something else than `new`; where it is kept, None where it needn't be.

    The name is hidden, `.NAME.before`, and numbered where that is taken, so that nothing kept is ever overwritten.
    """
    if not file.is_file() or (old := file.read_bytes()) == new:
        return None
    for number in count(1):
        kept = file.with_name(f".{file.name}.before" + (f"-{number}" if number > 1 else ""))
        if not os.path.lexists(kept):
            write_atomic(kept, old)
            return kept
        if kept.is_file() and kept.read_bytes() == old:
            return kept
    raise AssertionError  # there are more numbers than files
