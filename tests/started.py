"""The real commands that run beside a test, which watches, stops and kills them: forked, as in `tests/forked.py`.

A started command is a process of its own with its own number, so that signals reach it and nothing else. What a
cold start does with signals is shown by tests that start the installed scripts.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import socket
import subprocess
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TextIO

from tests.forked import become_command, fork_server

Before = tuple[str | int, ...]
"""`module:function` and its arguments: what the process calls before it becomes the command."""


class Started:
    """As much of `subprocess.Popen` (with text and pipes) as the tests use; its parent is somebody else."""

    def __init__(
        self,
        words: Sequence[str | Path],
        *,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        before: Before = (),
    ) -> None:
        (out, tell), (err, warn), (ended, status) = os.pipe(), os.pipe(), os.pipe()
        request = {
            "words": [str(word) for word in words],
            "cwd": str(cwd),
            "env": dict(os.environ if env is None else env),
            "before": before,
        }
        try:
            _server(os.getpid()).ask(request, [tell, warn, status])
        finally:
            for number in (tell, warn, status):
                os.close(number)
        self.stdout, self.stderr = _text(out), _text(err)
        self._status = os.fdopen(ended, "rb", 0)
        self.pid = int(self._status.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code once it has ended; minus the signal's number where one ended it."""
        if self.returncode is None and select.select([self._status], [], [], 0)[0]:
            self.returncode = int(self._status.readline())
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, waited for."""
        if self.returncode is None:
            if not select.select([self._status], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            self.returncode = int(self._status.readline())
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal; an ended process gets none."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it said and what it complained of, once both are closed and it has ended."""
        said: dict[TextIO, str] = {}
        streams = (self.stdout, self.stderr)
        readers = [
            Thread(target=lambda stream=stream: said.update({stream: stream.read()}), daemon=True)
            for stream in streams
        ]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join(timeout)
            if reader.is_alive():
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        self.wait(timeout)
        self._close()
        return said[streams[0]], said[streams[1]]

    def _close(self) -> None:
        for stream in (self.stdout, self.stderr, self._status):
            stream.close()

    def __enter__(self) -> Started:
        return self

    def __exit__(self, *_: object) -> None:
        self.wait()
        self._close()


def _text(number: int) -> TextIO:
    return os.fdopen(number, encoding="utf-8", errors="backslashreplace")


def run(
    words: Sequence[str | Path],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    before: Before = (),
) -> subprocess.CompletedProcess[str]:
    """Start it and wait for its end."""
    process = Started(words, cwd=cwd, env=env, before=before)
    out, err = process.communicate()
    return subprocess.CompletedProcess(words, process.wait(), out, err)


class _Server:
    """The process that commands are forked from."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        fork_server("tests.started", theirs)
        theirs.close()
        atexit.register(self._ours.close)

    def ask(self, request: Mapping[str, object], files: list[int]) -> None:
        """Have a command started with these descriptors for its output, its errors and its status."""
        line = json.dumps(request).encode()
        socket.send_fds(self._ours, [len(line).to_bytes(8, "big")], files)
        self._ours.sendall(line)


@cache
def _server(_process: int) -> _Server:
    """One for a process: a fork of the test runner must not share its socket."""
    return _Server()


def serve(number: int) -> None:
    """Start what is asked for through the socket of this number, until it is closed."""
    channel = socket.socket(fileno=number)
    while True:
        head, files, *_ = socket.recv_fds(channel, 8, 3)
        if not head:
            return
        size, line = int.from_bytes(head, "big"), b""
        while len(line) < size:
            line += channel.recv(size - len(line))
        if (between := os.fork()) == 0:
            if os.fork() == 0:
                channel.close()
                _watch(json.loads(line), files)
            os._exit(0)
        os.waitpid(between, 0)
        for file in files:
            os.close(file)


def _watch(request: dict[str, object], files: list[int]) -> None:
    """Fork the command, say its number and, when it has ended, how; never returns."""
    *streams, status = files
    pid = os.fork()
    if pid == 0:
        os.close(status)
        try:
            if request["before"]:
                _call(*request["before"])  # type: ignore[misc]
        except BaseException:  # noqa: BLE001 - never goes on as the server
            traceback.print_exc()
            os._exit(1)
        become_command(request, [os.open(os.devnull, os.O_RDONLY), *streams])
    for stream in streams:
        os.close(stream)
    os.write(status, f"{pid}\n".encode())
    _, code = os.waitpid(pid, 0)
    os.write(status, f"{os.waitstatus_to_exitcode(code)}\n".encode())
    os._exit(0)


def _call(location: str, *arguments: object) -> None:
    module, _, name = location.partition(":")
    getattr(import_module(module), name)(*arguments)
