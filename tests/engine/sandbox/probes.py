"""What hostile code tries, and what it must get; `python -m tests.engine.sandbox.probes NAME` runs all of it.

A process of its own, so that the same table runs as root and as an ordinary user. It holds what the probes are
after: a secret in its environment, a file, listeners on loopback and on a socket file.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from registry_tool.core.errors import RegistryError
from registry_tool.engine.sandbox.all_sandboxes import make_sandbox
from registry_tool.engine.sandbox.base import SandboxLimits

SECRET = "the-secret-of-the-host"
SHORT = SandboxLimits(seconds=0.5)
BROAD = SandboxLimits(seconds=30.0)
NARROW = SandboxLimits(seconds=30.0, memory=64 * 2**20)
SMALL = SandboxLimits(output=100_000)

ERRORS = r"(\w*Error|Unsupported\w*|error)\b"  # what Python raises where something is refused
MISTAKE = r"SyntaxError|IndentationError|NameError"  # the probe's own
OVER_TIME = r"took longer than"
OVER_OUTPUT = r"wrote more than"
OVER_MEMORY = r"MemoryError"
NO_ANSWER = r"ended without an answer|crashed the interpreter|broke the interpreter"


@dataclass(frozen=True)
class Probe:
    """The body of a function; it must fail with `fails` (a pattern), or give a value that `gives` accepts."""

    body: str
    fails: str = ERRORS
    gives: Callable[[Any], bool] = field(default=lambda _: False)
    limits: SandboxLimits = BROAD


def _only_python(names: list[str]) -> bool:
    return set(names) <= {"python", "lib", "lib64", "usr"}


PROBES: dict[str, Probe] = {
    # files
    "read /etc/passwd": Probe("return open('/etc/passwd').read()"),
    "read the host's file": Probe("return open(f'{folder}/secret').read()"),
    "read up the tree": Probe("return open('../' * 20 + folder[1:] + '/secret').read()"),
    "list /": Probe("import os; return os.listdir('/')", gives=_only_python),
    "list the working folder": Probe("import os; return os.listdir('.')", gives=_only_python),
    "list other packages": Probe(
        "import sys, os; return os.listdir(sys.path[1] + '/site-packages')", gives=lambda v: v == []
    ),
    "write a file": Probe("open('pwned', 'w').write('x')"),
    "write /tmp": Probe("open('/tmp/pwned', 'w').write('x')"),
    "write the host's file": Probe("open(f'{folder}/secret', 'w').write('x')"),
    "remove the host's file": Probe("import os; os.remove(f'{folder}/secret')"),
    "change Python itself": Probe("import json; open(json.__file__, 'a').write('x')"),
    "make a temporary file": Probe("import tempfile; tempfile.NamedTemporaryFile().write(b'x')"),
    "make a symlink": Probe("import os; os.symlink('/etc', 'etc'); return os.listdir('etc')"),
    "make a hard link": Probe("import os; os.link(f'{folder}/secret', 'secret')"),
    "follow /proc/self/root": Probe("return open('/proc/self/root/etc/passwd').read()"),
    "open a device": Probe("return open('/dev/mem', 'rb').read(1)"),
    "use open descriptors": Probe(
        "import os\nseen = []\nfor n in range(3, 256):\n"
        "    try: seen.append(os.read(n, 100).decode('latin-1'))\n    except OSError: pass\nreturn seen",
        gives=lambda v: v == [],
    ),
    "chroot": Probe("import os; os.chroot('/')"),
    # environment
    "read the environment": Probe("import os; return dict(os.environ)", gives=lambda v: v == {}),
    "read a parent's environment": Probe("return open('/proc/1/environ').read()"),
    "read its own environment": Probe("return open('/proc/self/environ').read()"),
    # /proc and /sys
    "list /proc": Probe("import os; return os.listdir('/proc')"),
    "read memory": Probe("return open('/proc/self/mem', 'rb').read(1)"),
    "write /proc/sys": Probe("open('/proc/sys/kernel/core_pattern', 'w').write('|x')"),
    "read /sys": Probe("import os; return os.listdir('/sys')"),
    # network
    "connect": Probe("import socket; socket.create_connection(('127.0.0.1', port), 1)"),
    "fetch": Probe(
        "import urllib.request as u; return u.urlopen(f'http://127.0.0.1:{port}/').read().decode()"
    ),
    "send a datagram": Probe(
        "import socket as s; s.socket(s.AF_INET, s.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', port))"
    ),
    "connect to a socket file": Probe(
        "import socket as s; s.socket(s.AF_UNIX).connect(f'{folder}/socket')"
    ),
    "connect to an abstract socket": Probe(
        "import socket as s; s.socket(s.AF_UNIX).connect('\\0' + folder)"
    ),
    "make a pair of sockets": Probe("import socket; socket.socketpair()"),
    "look up a name": Probe("import socket; return socket.gethostbyname('localhost')"),
    # processes and threads
    "fork": Probe("import os; return os.fork()"),
    "fork bomb": Probe("import os\nwhile True: os.fork()"),
    "start a process": Probe("import subprocess; return subprocess.run(['id'])"),
    "spawn": Probe("import os, sys; os.posix_spawn(sys.executable, ['x'], {})"),
    "run a shell": Probe(
        "import os; return os.system(f'touch {folder}/pwned')", gives=lambda v: v != 0
    ),
    "become another program": Probe(
        "import os, sys; os.execv(sys.executable, ['x', '-c', 'while 1: pass'])",
        fails=f"{ERRORS}|{OVER_TIME}",
        limits=SHORT,
    ),
    "start a thread": Probe("import threading; threading.Thread(target=print).start()"),
    "start many threads": Probe("import _thread\nwhile True: _thread.start_new_thread(print, ())"),
    # signals
    "signal the parent": Probe("import os, signal; os.kill(os.getppid(), signal.SIGKILL)"),
    "signal process 1": Probe("import os; os.kill(1, 9)"),
    "signal everybody": Probe("import os; os.kill(-1, 9)"),
    "catch its own end": Probe(
        "import signal\nfor n in range(1, 32):\n    try: signal.signal(n, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\nwhile True: pass",
        fails=f"{ERRORS}|{OVER_TIME}",
        limits=SHORT,
    ),
    # the machine below
    "load a library": Probe(
        "import ctypes; return ctypes.CDLL(None).system(b'true')", gives=lambda v: v != 0
    ),
    "call the kernel": Probe(
        "import ctypes, os; k = ctypes.CDLL(None).syscall\n"
        "calls = {'x86_64': (41, 56, 57, 62, 101, 165, 272), 'aarch64': (198, 220, 129, 117, 40, 97)}\n"
        "return [k(n, 0, 0, 0) for n in calls[os.uname().machine]]",
        gives=lambda v: set(v) == {-1},
    ),
    "become root again": Probe(
        "import ctypes; c = ctypes.CDLL(None); return [c.setuid(0), c.setresuid(0, 0, 0), c.unshare(0x10000000)]",
        gives=lambda v: set(v) == {-1},
    ),
    "be nobody": Probe(
        "import os; return [os.getuid(), os.geteuid(), os.getgid()]",
        gives=lambda v: set(v) == {65534},
    ),
    "raise its limits": Probe(
        "import resource as r; r.setrlimit(r.RLIMIT_AS, (r.RLIM_INFINITY, r.RLIM_INFINITY))"
    ),
    "crash": Probe("import ctypes; ctypes.string_at(0)", fails=f"{ERRORS}|{NO_ANSWER}"),
    "abort": Probe("import os; os.abort()", fails=f"{ERRORS}|{NO_ANSWER}"),
    # time
    "spin": Probe("while True: pass", OVER_TIME, limits=SHORT),
    "spin in C": Probe("return sum(iter(int, 1))", OVER_TIME, limits=SHORT),
    "backtrack": Probe("import re; re.match('(a+)+$', 'a' * 50 + 'b')", OVER_TIME, limits=SHORT),
    "count high": Probe("return 3 ** (3 ** 25) % 7", f"{OVER_TIME}|{OVER_MEMORY}", limits=SHORT),
    "sleep": Probe("import time; time.sleep(60)", f"{ERRORS}|{OVER_TIME}", limits=SHORT),
    "wait for input": Probe("return input()", "EOFError"),
    "never end": Probe(
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        OVER_TIME,
        limits=SHORT,
    ),
    # memory
    "allocate 1 GB": Probe("return len(bytearray(2**30))", OVER_MEMORY),
    "allocate bit by bit": Probe("kept = []\nwhile True: kept.append(bytes(2**20))", OVER_MEMORY),
    "allocate small things": Probe(
        "kept = []\nwhile True: kept.append([kept])", f"{OVER_MEMORY}|{NO_ANSWER}", limits=NARROW
    ),
    "ask for 1 GB of chance": Probe("import os; return len(os.urandom(2**30))", OVER_MEMORY),
    # output
    "print 1 GB": Probe("for _ in range(2**20): print('x' * 1024)", OVER_OUTPUT, limits=SMALL),
    "write 1 GB": Probe(
        "import os\nfor _ in range(2**14): os.write(1, b'x' * 2**16)", OVER_OUTPUT, limits=SMALL
    ),
    "return 1 GB": Probe(
        "return ['x' * 2**20] * 1024", limits=NARROW, fails=f"{OVER_MEMORY}|{OVER_OUTPUT}"
    ),
    "return too much": Probe("return 'x' * 2**20", OVER_OUTPUT, limits=SMALL),
    # the answer
    "recurse": Probe("def g(n): return g(n + 1)\nreturn g(0)", "RecursionError"),
    "recurse without bound": Probe(
        "import sys; sys.setrecursionlimit(2**31 - 1)\ndef g(n): return g(n + 1)\nreturn g(0)",
        f"{ERRORS}|{NO_ANSWER}",
        limits=NARROW,
    ),
    "nest deeply": Probe(
        "value = []\nfor _ in range(500): value = [value]\nreturn value",
        "nested deeper|RecursionError",
    ),
    "forge depth": Probe(
        "import os; os.write(1, b'\\n' + b'[' * 90000); os._exit(0)", "nested deeper"
    ),
    "return NaN": Probe("return float('nan')", "not JSON compliant"),
    "forge NaN": Probe("import os; os.write(1, b'\\n{\"value\": NaN}'); os._exit(0)", "not JSON"),
    "return half a character": Probe("return '\\ud800'", "not Unicode"),
    "return no JSON": Probe("return {1, 2}", "not JSON serializable"),
    "return itself": Probe("value = []; value.append(value); return value", "Circular|Recursion"),
    "say nothing": Probe("import os; os._exit(0)", NO_ANSWER),
    "close its channels": Probe(
        "import os\nfor n in range(3): os.close(n)\nwhile True: pass",
        f"{ERRORS}|{OVER_TIME}",
        limits=SHORT,
    ),
    "exit": Probe("raise SystemExit(0)", "SystemExit"),
}


async def run_all(folder: Path) -> dict[str, dict[str, Any]]:
    """How each probe ended: `value` or `error` and `kind`."""
    sandbox = make_sandbox()
    with _Listening(folder) as listening:
        arguments = {"folder": str(folder), "port": listening.port}
        found: dict[str, dict[str, Any]] = {}
        for name, probe in PROBES.items():
            lines = "\n".join(f"    {line}" for line in probe.body.split("\n"))
            try:
                value = await sandbox.call(
                    f"def f(folder, port):\n{lines}", arguments, probe.limits
                )
                found[name] = {"value": value}
            except RegistryError as error:
                found[name] = {"error": str(error), "kind": type(error).__name__}
        found["reached"] = {"value": listening.reached()}
    return found


def contained(probe: Probe, ended: dict[str, Any]) -> bool:
    """True where it ended as it must."""
    if "error" in ended:
        assert not re.search(MISTAKE, ended["error"]), ended["error"]
        return ended["kind"] == "CodeError" and bool(re.search(probe.fails, ended["error"]))
    return probe.gives(ended["value"])


class _Listening:
    """Sockets of three kinds that nobody may reach."""

    def __init__(self, folder: Path) -> None:
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._tcp.getsockname()[1]
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", self.port))
        self._file, self._abstract = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        self._file.bind(f"{folder}/socket")
        self._abstract.bind(f"\0{folder}")
        self._all = (self._tcp, self._udp, self._file, self._abstract)

    def __enter__(self) -> _Listening:
        for one in self._all:
            one.setblocking(False)
            if one is not self._udp:
                one.listen()
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._all:
            one.close()

    def reached(self) -> int:
        """How many of them somebody has reached."""
        count = 0
        for one in self._all:
            try:
                one.recv(1) if one is self._udp else one.accept()[0].close()
                count += 1
            except BlockingIOError:
                pass
        return count


def main() -> None:
    """Print how all probes ended as JSON."""
    os.environ["A_SECRET"] = SECRET
    os.environ["PUPPY_SANDBOX"] = sys.argv[1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "secret").write_text(SECRET)
        folder.chmod(0o755)
        found = asyncio.run(run_all(folder))
        found["files"] = {"value": sorted(path.name for path in folder.iterdir())}
        found["secret"] = {"value": (folder / "secret").read_text()}
        found["user"] = {"value": os.getuid()}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
