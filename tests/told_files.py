"""Files that a document shows whole: a block whose first line is a comment with the file's path."""

from __future__ import annotations

import re
from pathlib import Path

_SHOWN = re.compile(r"^```\w+\n# ([\w./-]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def lay(document: Path, folder: Path) -> list[str]:
    """Write a document's files into a folder; their paths."""
    shown = _SHOWN.findall(document.read_text("utf-8"))
    for path, text in shown:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return [path for path, _ in shown]
