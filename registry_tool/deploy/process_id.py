"""Who holds a rollout: one process of one machine, and whether it still lives where that can be known."""

from __future__ import annotations

import hashlib
import os
import socket
import uuid
from functools import cache
from pathlib import Path


@cache
def this_machine() -> str:
    """A name for this machine since it started, the same for all who share its process ids."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        seen = f"{boot} {os.readlink('/proc/self/ns/pid')}"  # noqa: PTH115 - it is not a path of a file
    except OSError:
        seen = f"{socket.gethostname()} {uuid.getnode()}"
    return hashlib.sha256(seen.encode()).hexdigest()[:16]


def this_process(nonce: str) -> str:
    """`machine/pid/started/nonce` of this process; a nonce tells its deployers apart."""
    return f"{this_machine()}/{os.getpid()}/{_started(os.getpid())}/{nonce}"


def holder_words(holder: str) -> str:
    """A holder for people: its process, and whether that is one of this machine."""
    machine, pid, *_ = (*holder.split("/"), "")
    where = "this machine" if machine == this_machine() else f"the machine {machine}"
    return f"process {pid} of {where}"


def is_dead(holder: str) -> bool:
    """True where the holder is a process of this machine that has ended; False where nobody can know."""
    machine, pid, started, _ = (*holder.split("/"), "", "", "", "")[:4]
    if machine != this_machine() or not pid.isascii() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        return False  # it lives, and is somebody else's
    return started != _started(int(pid))


def _started(pid: int) -> str:
    """When a process started, in the system's ticks (proc(5), field 22); empty where the system does not tell."""
    try:
        about = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return ""
    fields = about.rpartition(b")")[2].split()  # a process's name may hold spaces and brackets
    return "" if fields[0] in {b"Z", b"X"} else fields[19].decode("ascii")
