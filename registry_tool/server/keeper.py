"""The child that builds the pages beside the server, started anew where it ends."""

from __future__ import annotations

import logging
import subprocess
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Final

from registry_tool.commands.live.keep_output import start_keeper
from registry_tool.server.options import ServeOptions

PAUSE: Final = 5.0
"""Seconds before a child that ended is started again."""
_LOG = logging.getLogger(__name__)


class ChildSupervisor:
    """Runs the child until `end`; what it says goes to the log."""

    def __init__(self, options: ServeOptions) -> None:
        self._options = options
        self._ended = Event()
        self._child = self._start()
        self._thread = Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _start(self) -> subprocess.Popen[bytes]:
        options = self._options
        return start_keeper(
            Path(options.root),
            options.branch,
            options.remote,
            Path(options.site),
            options.public_url,
        )

    def _listen(self) -> None:
        while not self._ended.is_set():
            for line in self._child.stdout or ():
                text = line.decode("utf-8", "replace").strip()
                level = logging.WARNING if text.startswith("error: ") else logging.INFO
                _LOG.log(level, "pages: %s", text)
            code = self._child.wait()
            _close(self._child)
            if self._ended.wait(PAUSE):
                return
            _LOG.error("the child that builds the pages ended with %s; starting another", code)
            self._child = self._start()

    def join(self, seconds: float) -> None:
        """Wait until nobody listens any more, at most so long."""
        self._thread.join(seconds)

    def end(self) -> None:
        """Ask the child to end, and wait; one that doesn't is killed."""
        self._ended.set()
        if self._child.stdin:
            self._child.stdin.close()  # it ends by that
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(10)
            return
        self._child.kill()
        self._child.wait()


def _close(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdin, child.stdout):
        if pipe:
            with suppress(BrokenPipeError):
                pipe.close()
