"""Git objects through one long-lived `git cat-file --batch-command`: thousands of reads, one process."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

_AT_ONCE = 48  # their ids fit into any pipe, so that neither side waits for the other
_LARGEST_KEPT = 32 * 1024
_MOST_KEPT = 8 * 1024 * 1024


class _Kept:
    """Small objects that were read before, at most 8 MiB of them: an id's bytes never change.

    A command reads the same trees and commits many times. Where there are too many, all are forgotten. Threads
    share it: each of its steps is one of the interpreter's own.
    """

    def __init__(self) -> None:
        self._found: dict[str, tuple[str, bytes]] = {}
        self._bytes = 0

    def get(self, object_id: str) -> tuple[str, bytes] | None:
        return self._found.get(object_id)

    def keep(self, object_id: str, found: tuple[str, bytes]) -> None:
        if len(found[1]) > _LARGEST_KEPT:
            return
        if self._bytes + len(found[1]) > _MOST_KEPT:
            self._found, self._bytes = {}, 0
        self._found[object_id] = found
        self._bytes += len(found[1])


class ObjectReader:
    """Reads objects by id, in the environment that `git/environment.py` gives; safe for several threads.

    `stop` ends the process and closes its pipes.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._lock = threading.Lock()
        self._environment = dict(environment)
        self._owner = os.getpid()
        self._kept = _Kept()
        self._process = self._start()

    @property
    def process_id(self) -> int:
        """The number of the process that reads now."""
        return self._process.pid

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            ["git", "cat-file", "--batch-command"],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    @contextmanager
    def _conversation(self) -> Iterator[None]:
        """One question with its answer. Where it is interrupted, the next one begins with a process of its own.

        Else it would read the answer that nobody took.
        """
        with self._lock:
            if self._process.poll() is not None:  # somebody ended it
                self._process.communicate()
                self._process = self._start()
            try:
                yield
            except BaseException:
                self._process.kill()
                self._process.communicate()
                self._process = self._start()
                raise

    def read(self, object_id: str) -> tuple[str, bytes] | None:
        """An object's type and bytes, None where there is no such object."""
        if known := self._kept.get(object_id):
            return known
        with self._conversation():
            head = self._ask("contents", object_id)
            if head is None or self._process.stdout is None:
                return None
            found = head[0], self._process.stdout.read(head[1] + 1)[:-1]
        self._kept.keep(object_id, found)
        return found

    def read_many(self, object_ids: Sequence[str]) -> Iterator[bytes | None]:
        """The bytes of many objects in their order, asked some at a time: none waits for the one before."""
        for first in range(0, len(object_ids), _AT_ONCE):
            yield from self._read_some(object_ids[first : first + _AT_ONCE])

    def _read_some(self, object_ids: Sequence[str]) -> list[bytes | None]:
        found: list[bytes | None] = []
        with self._conversation():
            stdin, stdout = self._process.stdin, self._process.stdout
            if stdin is None or stdout is None:
                return [None] * len(object_ids)
            stdin.write("".join(f"contents {name}\n" for name in object_ids).encode())
            stdin.flush()
            for _ in object_ids:
                head = stdout.readline().split()
                found.append(stdout.read(int(head[2]) + 1)[:-1] if len(head) == 3 else None)
        return found

    def size(self, object_id: str) -> int | None:
        """An object's size in bytes, without reading it; None where there is no such object."""
        if known := self._kept.get(object_id):
            return len(known[1])
        with self._conversation():
            head = self._ask("info", object_id)
        return head[1] if head else None

    def kind(self, object_id: str) -> str:
        """An object's type, without reading it; empty where there is no such object."""
        if known := self._kept.get(object_id):
            return known[0]
        with self._conversation():
            head = self._ask("info", object_id)
        return head[0] if head else ""

    def _ask(self, command: str, object_id: str) -> tuple[str, int] | None:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            return None
        stdin.write(f"{command} {object_id}\n".encode())
        stdin.flush()
        head = stdout.readline().split()
        return (head[1].decode(), int(head[2])) if len(head) == 3 else None

    def stop(self) -> None:
        """End the process; a forked child leaves it to its parent."""
        if os.getpid() == self._owner:
            self._process.communicate()
