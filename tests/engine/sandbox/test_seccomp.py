"""The filter of system calls: its numbers against the kernel's own headers, its answers in a small interpreter."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from registry_tool.core.errors import MissingToolError
from registry_tool.engine.sandbox.seccomp import CALLS, MACHINES, seccomp_filter

HEADERS = {
    "x86_64": ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", {}),
    "aarch64": ("/usr/include/asm-generic/unistd.h", {"newfstatat": "fstatat"}),
}
ALLOW, EPERM, KILL = 0x7FFF0000, 0x00050001, 0x80000000


def answer(machine: str, audit: int, call: int) -> int:
    """What the kernel would do with a call."""
    program = [*struct.iter_unpack("=HBBI", seccomp_filter(machine))]
    data = struct.pack("=iI", call if call < 2**31 else call - 2**32, audit)
    at = loaded = 0
    while True:
        code, yes, no, value = program[at]
        at += 1
        if code == 0x20:
            loaded = struct.unpack_from("=I", data, value)[0]
        elif code == 0x15:
            at += yes if loaded == value else no
        else:
            assert code == 0x06
            return int(value)


@pytest.mark.parametrize("machine", MACHINES)
def test_only_what_is_named_is_allowed(machine: str) -> None:
    known = MACHINES[machine]
    allowed = {numbers[known.column] for numbers in CALLS.values()} - {-1}
    for call in range(600):
        wanted = ALLOW if call in allowed else EPERM
        assert answer(machine, known.audit, call) == wanted, call
    assert answer(machine, known.audit, 0x40000000) == EPERM  # x32's way to the same calls
    assert answer(machine, 0x40000003, min(allowed)) == KILL  # another machine's calls


@pytest.mark.parametrize("machine", MACHINES)
def test_the_numbers_are_the_kernels(machine: str) -> None:
    path, other_names = HEADERS[machine]
    if not Path(path).is_file():
        pytest.skip(f"{path} is absent (Debian: linux-libc-dev)")
    named = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", Path(path).read_text()))
    for name, numbers in CALLS.items():
        number = numbers[MACHINES[machine].column]
        assert int(named.get(other_names.get(name, name), -1)) == number, name


def test_nothing_that_leads_out_is_named() -> None:
    processes = {"clone", "clone3", "fork", "vfork", "kill", "tkill", "ptrace"}
    walls = {"mount", "unshare", "setns", "bpf", "keyctl", "io_uring_setup"}
    assert not CALLS.keys() & (processes | walls | {"socket", "connect", "memfd_create", "ioctl"})


def test_another_machine_is_refused() -> None:
    with pytest.raises(MissingToolError, match="was not run"):
        seccomp_filter("riscv64")
