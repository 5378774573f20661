"""A part of a process's work ends at its bounds, and what comes after is free again."""

from __future__ import annotations

import signal
import sys
import threading

import pytest

from registry_tool.core.bounded import OverBoundError, bounded


def spin() -> None:
    while True:
        pass


def test_what_takes_too_long_is_ended() -> None:
    before = signal.getsignal(signal.SIGPROF)
    with pytest.raises(OverBoundError, match=r"0\.05 s"), bounded(0.05, 2**30):
        spin()
    assert signal.getsignal(signal.SIGPROF) is before
    assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much memory is used")
def test_what_takes_too_much_memory_is_ended() -> None:
    with pytest.raises(MemoryError), bounded(10, 2**20):
        bytearray(2**28)
    assert len(bytearray(2**28)) == 2**28


def test_another_thread_works_without_bounds() -> None:
    done: list[bool] = []

    def work() -> None:
        with bounded(0.001, 0):
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]
