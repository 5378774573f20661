"""`registry-tool` and `puppy-cli` as programs that others start by name, forked instead of started cold.

act runs dozens of commands a job, and each would import the whole tool. The programs here are as small as they
can be: they hand their words, folder, environment and streams to a process that has imported everything, and end
as the command does. What a cold start does is shown by the demo, the locks and the tests of kills.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import sys
import tempfile
import threading
from functools import cache
from pathlib import Path

from tests.forked import PROGRAMS, become_command, fork_server

# -I and -S: it needs none of what is installed. A signal goes on to the command, which is in a group of its own.
SHIM = """\
#!{python} -IS
import json, os, signal, socket, sys
channel = socket.socket(socket.AF_UNIX)
channel.connect({address!r})
asked = json.dumps({{"words": [{name!r}, *sys.argv[1:]], "cwd": os.getcwd(), "env": dict(os.environ)}}).encode()
socket.send_fds(channel, [len(asked).to_bytes(8, "big")], [0, 1, 2])
channel.sendall(asked)
answers = channel.makefile()
pid = int(answers.readline())
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, lambda number, _: os.kill(pid, number))
code = int(answers.readline() or 1)
os.kill(os.getpid(), -code) if code < 0 else os._exit(code)
"""


class WarmCommands:
    """A folder of programs and the process behind them; `close` ends it."""

    def __init__(self) -> None:
        self._held = tempfile.TemporaryDirectory(prefix="warm-")
        self.folder = Path(self._held.name)
        address = str(self.folder / "socket")
        for name in PROGRAMS:
            program = self.folder / name
            program.write_text(SHIM.format(python=sys.executable, address=address, name=name))
            program.chmod(0o755)
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(address)
            listening.listen(32)
            left, self._held_open = os.pipe()
            with os.fdopen(left, "rb", 0) as alone:
                fork_server("tests.warm_commands", listening, alone)

    def close(self) -> None:
        """Have the process end and remove the folder."""
        os.close(self._held_open)
        self._held.cleanup()


@cache
def warm_commands() -> WarmCommands:
    """One for all tests of this process."""
    commands = WarmCommands()
    atexit.register(commands.close)
    return commands


def serve(number: int, alone: int) -> None:
    """Answer who connects to the listening socket of this number, until the pipe `alone` is closed."""
    listening = socket.socket(fileno=number)
    threading.Thread(target=_until_left_alone, args=[alone], daemon=True).start()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for who answers
    while True:
        channel, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _answer(channel)
        channel.close()


def _until_left_alone(pipe: int) -> None:
    os.read(pipe, 1)  # not through sys.stdin, whose lock a fork would inherit
    os._exit(0)


def _answer(channel: socket.socket) -> None:
    """Fork the command, say its number and how it ended; never returns."""
    head, files, *_ = socket.recv_fds(channel, 8, 3)
    size, line = int.from_bytes(head, "big"), b""
    while len(line) < size:
        line += channel.recv(size - len(line))
    pid = os.fork()
    if pid == 0:
        channel.close()
        become_command(json.loads(line), files)
    for file in files:
        os.close(file)
    channel.sendall(f"{pid}\n".encode())
    _, status = os.waitpid(pid, 0)
    channel.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)
