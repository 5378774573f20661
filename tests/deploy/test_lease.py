from __future__ import annotations

from registry_tool.deploy.lease import LeasePolicy, LeaseWatcher
from registry_tool.deploy.model import Rollout


class Hand:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def watching(hand: Hand, *, dead: bool = False) -> LeaseWatcher:
    return LeaseWatcher(
        LeasePolicy(lease=60, monotonic=hand, sleep=lambda _: None, dead=lambda _: dead)
    )


def test_what_nobody_holds_is_free() -> None:
    assert watching(Hand()).free(Rollout("dep-1"))


def test_a_beat_that_stands_still_is_waited_for() -> None:
    hand = Hand()
    watcher, rollout = watching(hand), Rollout("dep-1", holder="m/1/1/a", beat=4)
    assert not watcher.free(rollout)
    hand.now += 59
    assert not watcher.free(rollout)
    hand.now += 1
    assert watcher.free(rollout)


def test_a_beat_that_grows_keeps_the_lease_for_ever() -> None:
    hand = Hand()
    watcher = watching(hand)
    for beat in range(100):
        assert not watcher.free(Rollout("dep-1", holder="m/1/1/a", beat=beat))
        hand.now += 59


def test_another_holder_starts_anew() -> None:
    hand = Hand()
    watcher = watching(hand)
    assert not watcher.free(Rollout("dep-1", holder="m/1/1/a", beat=4))
    hand.now += 59
    assert not watcher.free(Rollout("dep-1", holder="m/2/1/b", beat=4))
    hand.now += 59
    assert not watcher.free(Rollout("dep-1", holder="m/2/1/b", beat=4))


def test_the_dead_and_the_same_deployment_are_not_waited_for() -> None:
    rollout = Rollout("dep-1", holder="m/1/1/a")
    assert watching(Hand(), dead=True).free(rollout)
    assert watching(Hand()).free(rollout, "dep-1")


def test_patience_ends() -> None:
    hand = Hand()
    watcher = watching(hand)
    hand.now += 899
    assert not watcher.tired
    hand.now += 1
    assert watcher.tired
