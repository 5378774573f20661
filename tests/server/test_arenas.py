"""One arena for all threads."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

ALLOCATES = """
import ctypes, sys, threading

if sys.argv[1] == "one":
    from registry_tool.server.arenas import use_one_arena
    use_one_arena()
together = threading.Barrier(4)

def allocate():
    together.wait()
    kept.append(bytearray(100_000))
    together.wait()

kept = []
threads = [threading.Thread(target=allocate) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
libc.malloc_info(0, ctypes.c_void_p(libc.fdopen(1, b"w")))
libc.fflush(None)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="arenas are the GNU C library's")
def test_threads_allocate_from_one_arena() -> None:
    def arenas(how: str) -> int:
        words = [sys.executable, "-c", ALLOCATES, how]
        return subprocess.run(words, check=True, capture_output=True).stdout.count(b"<heap nr=")

    assert arenas("one") == 1
    assert arenas("as it is") > 1
