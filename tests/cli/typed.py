"""Commands as a user types them, each in a fork of a process that has imported everything."""

from __future__ import annotations

import os
from pathlib import Path

from tests import forked


def run(folder: Path, *words: str | Path, **environment: str) -> forked.Ended:
    """How a command ended that was typed in a folder."""
    return forked.run(words, cwd=folder, env={**os.environ, **environment})
