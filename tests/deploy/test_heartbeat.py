from __future__ import annotations

import threading

from registry_tool.core.errors import RegistryError
from registry_tool.deploy.heartbeat import Heartbeat
from tests.bounded import PATIENCE


def test_it_beats_until_the_end_also_after_one_failed() -> None:
    third, beats = threading.Event(), 0

    def beat() -> None:
        nonlocal beats
        beats += 1
        if beats == 3:
            third.set()
        raise RegistryError("the remote is away")

    with Heartbeat(beat, 0.001):
        assert third.wait(PATIENCE)
    assert not any(thread.name == "deployer's beat" for thread in threading.enumerate())


def test_what_is_quick_never_beats() -> None:
    beats: list[int] = []
    with Heartbeat(lambda: beats.append(1), 3600):
        pass
    assert beats == []
