"""The system calls that code may make in the native sandbox, as a filter that the kernel runs.

What is not named fails with EPERM: sockets, new processes and threads, signals, mounts, namespaces, tracing,
keys, shared memory and whatever a later kernel brings. The numbers are Linux's (`asm/unistd_64.h`,
`asm-generic/unistd.h`); the program is classic BPF over `struct seccomp_data` (linux/seccomp.h, linux/filter.h).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from registry_tool.core.errors import MissingToolError


@dataclass(frozen=True, slots=True)
class Machine:
    """A processor's way to call the kernel: its audit number, and its calls' column in `CALLS`."""

    audit: int
    column: int


MACHINES = {"x86_64": Machine(0xC000003E, 0), "aarch64": Machine(0xC00000B7, 1)}

# `execve` starts the interpreter and `wait4` is the reaper's, both after the filter has been set; `setgroups`,
# `setresuid` and `setresgid` drop root. None of them leads out. A -1 is a call that the machine does not have.
CALLS: dict[str, tuple[int, int]] = {
    "access": (21, -1),
    "arch_prctl": (158, -1),
    "brk": (12, 214),
    "clock_getres": (229, 114),
    "clock_gettime": (228, 113),
    "clock_nanosleep": (230, 115),
    "close": (3, 57),
    "dup": (32, 23),
    "execve": (59, 221),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "fcntl": (72, 25),
    "fstat": (5, 80),
    "futex": (202, 98),
    "getcwd": (79, 17),
    "getdents64": (217, 61),
    "getegid": (108, 177),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getpid": (39, 172),
    "getppid": (110, 173),
    "getrandom": (318, 278),
    "getrlimit": (97, 163),
    "getrusage": (98, 165),
    "gettid": (186, 178),
    "gettimeofday": (96, 169),
    "getuid": (102, 174),
    "lseek": (8, 62),
    "lstat": (6, -1),
    "madvise": (28, 233),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "munmap": (11, 215),
    "nanosleep": (35, 101),
    "newfstatat": (262, 79),
    "open": (2, -1),
    "openat": (257, 56),
    "pread64": (17, 67),
    "prlimit64": (302, 261),
    "read": (0, 63),
    "readlink": (89, -1),
    "readlinkat": (267, 78),
    "readv": (19, 65),
    "restart_syscall": (219, 128),
    "rseq": (334, 293),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_getaffinity": (204, 123),
    "sched_yield": (24, 124),
    "set_robust_list": (273, 99),
    "set_tid_address": (218, 96),
    "setgroups": (116, 159),
    "setresgid": (119, 149),
    "setresuid": (117, 147),
    "sigaltstack": (131, 132),
    "stat": (4, -1),
    "statx": (332, 291),
    "sysinfo": (99, 179),
    "times": (100, 153),
    "uname": (63, 160),
    "wait4": (61, 260),
    "write": (1, 64),
    "writev": (20, 66),
}

_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_CALL, _MACHINE = 0, 4  # offsets in `struct seccomp_data`
_ALLOW, _KILL, _EPERM = 0x7FFF0000, 0x80000000, 0x00050001


def seccomp_filter(machine: str) -> bytes:
    """The filter for a machine as `platform.machine` names it; `MissingToolError` for another one."""
    if machine not in MACHINES:
        raise MissingToolError(
            f"the native sandbox does not know this processor ({machine}), so the code was not run",
            hint=f"unset PUPPY_SANDBOX, or use one of {', '.join(MACHINES)}",
        )
    known = MACHINES[machine]
    numbers = sorted(numbers[known.column] for numbers in CALLS.values())
    allowed = [number for number in numbers if number >= 0]
    program = [
        (_LOAD, 0, 0, _MACHINE),
        (_JUMP_IF_EQUAL, 1, 0, known.audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _CALL),
        *((_JUMP_IF_EQUAL, len(allowed) - at, 0, call) for at, call in enumerate(allowed)),
        (_RETURN, 0, 0, _EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
