"""Git objects through one long-lived `git cat-file --batch`: thousands of reads for the price of one process."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path


class ObjectReader:
    """Reads objects by id; safe for several threads. `stop` ends the process and closes its pipes."""

    def __init__(self, git_dir: Path) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            ["git", f"--git-dir={git_dir}", "cat-file", "--batch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def read(self, object_id: str) -> bytes | None:
        """An object's bytes, None where there is no such object."""
        asking, telling = self._process.stdin, self._process.stdout
        if asking is None or telling is None:
            return None
        with self._lock:
            asking.write(f"{object_id}\n".encode())
            asking.flush()
            head = telling.readline().split()
            if len(head) != 3:
                return None
            return telling.read(int(head[2]) + 1)[:-1]

    def stop(self) -> None:
        """End the process."""
        self._process.communicate()
