"""The real commands, each in a process of its own that is forked from one which has imported everything.

Starting Python and importing what a command needs takes most of a short command's time; a test that runs hundreds
of them pays for it once. A forked command has its own working directory, environment, open files, limits and exit;
only the import is shared. What a cold start does is shown by the tests that start the installed scripts.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from tests import warm_children

ROOT = Path(__file__).parents[1]
PROGRAMS = {"puppy-cli": "registry_tool.cli.puppy", "registry-tool": "registry_tool.cli.registry"}
ALSO = (
    "git",
    "packaging.licenses",
    "jsonschema",
    "nodesemver",
    "tuf.ngclient",
    "resolvelib",
)
NOT = ("registry_tool.engine.batch.dask_executor",)


@dataclass(frozen=True)
class Ended:
    """How a command ended; `cpu` in seconds, its children's included."""

    returncode: int
    stdout: str
    stderr: str
    cpu: float


def run(
    words: Sequence[str | Path],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    data_kib: int | None = None,
    text: str = "",
) -> Ended:
    """Run `puppy-cli …` or `registry-tool …`; `data_kib` bounds its memory (RLIMIT_DATA), `text` is its input."""
    request = {
        "words": [str(word) for word in words],
        "cwd": str(cwd),
        "env": dict(os.environ if env is None else env),
        "data_kib": data_kib,
    }
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        given.write(text.encode())
        given.seek(0)
        answer = _server().ask(request, given, out, err)
        found = [_text(file) for file in (out, err)]
    return Ended(answer["code"], *found, answer["cpu"])


def _text(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "backslashreplace")


def fork_child(words: tuple[str, ...], env: Mapping[str, str], files: tuple[int, int, int]) -> None:
    """A `warm_children.Fork` for this process, which may have threads and tests' patches: the server forks."""
    with ExitStack() as held:
        kept = [held.enter_context(os.fdopen(os.dup(number), "rb", 0)) for number in files]
        _server().ask({"child": words, "env": dict(env)}, *kept)


def fork_server(module: str, *files: BinaryIO | socket.socket) -> None:
    """Have `module.serve(*descriptors)` run in a process that has imported all; it ends when it wants to."""
    with ExitStack() as held:
        streams = [held.enter_context(os.fdopen(os.dup(file.fileno()), "rb", 0)) for file in files]
        _server().ask({"serve": module}, *streams)


class _Server:
    """The process that commands are forked from, and the socket that asks it."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        words = [sys.executable, "-m", "tests.forked", str(theirs.fileno())]
        self._process = subprocess.Popen(words, cwd=ROOT, pass_fds=[theirs.fileno()])
        theirs.close()
        self._answers = self._ours.makefile("rb")
        atexit.register(self.close)

    def ask(self, request: Mapping[str, Any], *files: BinaryIO) -> Any:
        """The answer to one request, whose command gets the files as its three streams."""
        line = json.dumps(request).encode()
        socket.send_fds(
            self._ours, [len(line).to_bytes(8, "big")], [file.fileno() for file in files]
        )
        self._ours.sendall(line)
        return json.loads(self._answers.readline())

    def close(self) -> None:
        """End it."""
        self._answers.close()
        self._ours.close()
        self._process.wait()


_SERVERS: dict[int, _Server] = {}


def _server() -> _Server:
    """This process's own: a fork of the test runner must not share its socket."""
    if os.getpid() not in _SERVERS:
        _SERVERS[os.getpid()] = _Server()
    return _SERVERS[os.getpid()]


def import_all() -> None:
    """Import whatever a command may need, so that its forks need not."""
    for package in ("registry_tool.commands", "registry_tool.cli", "registry_tool.rules"):
        for found in pkgutil.walk_packages(
            importlib.import_module(package).__path__, package + "."
        ):
            if found.name not in NOT:
                importlib.import_module(found.name)
    for name in ALSO:
        importlib.import_module(name)
    _use_once()
    warm_children.install(warm_children.fork_here)
    gc.collect()
    gc.freeze()  # else each fork's garbage collection copies all that was imported


def _use_once() -> None:
    """Have compiled what is compiled at its first use and kept: patterns, JSON Schemas, the ranges' grammar.

    Nothing of it depends on a folder, an environment or a time.
    """
    from registry_tool.catalogue.load import load_settings
    from registry_tool.manifest.load import load
    from registry_tool.resolver.ranges import is_valid
    from registry_tool.security.redact import secrets_of_file
    from registry_tool.store.tree import FolderTree

    manifest = ROOT / "registry/workflows/sentiment-analysis/1.2.0/manifest.yaml"
    assert load(manifest.read_bytes(), manifest.name).workflow.edges
    assert load_settings(FolderTree(ROOT)).categories
    assert is_valid("^1.0.0")
    assert not list(secrets_of_file(manifest.read_bytes()))


def _serve(channel: socket.socket) -> None:
    import_all()
    while True:
        head, files, *_ = socket.recv_fds(channel, 8, 3)
        if not head:
            return
        size, line = int.from_bytes(head, "big"), b""
        while len(line) < size:
            line += channel.recv(size - len(line))
        answer = _answer(json.loads(line), files, channel)
        for file in files:
            os.close(file)
        channel.sendall(json.dumps(answer).encode() + b"\n")


def _answer(request: dict[str, Any], files: list[int], channel: socket.socket) -> dict[str, Any]:
    """Do what was asked for: start a confined child or another server, or run a command to its end."""
    if "child" in request:
        streams = (files[0], files[1], files[2])
        warm_children.fork_here(tuple(request["child"]), request["env"], streams)
        return {}
    pid = os.fork()
    if pid == 0:
        channel.close()
        if "serve" in request:
            _become_server(request["serve"], files)
        become_command(request, files)
    if "serve" in request:
        return {}
    _, status, usage = os.wait4(pid, 0)
    return {"code": os.waitstatus_to_exitcode(status), "cpu": usage.ru_utime + usage.ru_stime}


def _become_server(module: str, files: list[int]) -> None:
    """Serve until the module's function returns; never returns."""
    try:
        importlib.import_module(module).serve(*files)
    except BaseException:  # noqa: BLE001 - never goes on as the first server
        traceback.print_exc()
    finally:
        os._exit(0)


def become_command(request: dict[str, Any], files: list[int]) -> None:
    """Become the command; never returns."""
    code = 1
    try:
        for number, file in enumerate(files):
            os.dup2(file, number)
        os.closerange(3, 1024)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.chdir(request["cwd"])
        os.environ.clear()
        os.environ.update(request["env"])
        if request.get("data_kib"):
            limit = request["data_kib"] * 1024
            resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
        tempfile.tempdir = None
        sys.modules["__main__"].__package__ = None  # what click takes the program's name from
        sys.argv = request["words"]
        sys.path[:] = [entry for entry in sys.path if entry not in {"", str(ROOT)}]
        importlib.import_module(PROGRAMS[sys.argv[0]]).main()
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
    except BaseException:  # noqa: BLE001 - what Python itself does with it
        traceback.print_exc()
    try:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
