"""Drift as an issue on the forge: opened once, kept, and closed."""

from __future__ import annotations

from collections.abc import Callable

from registry_tool.commands.monitor.drift.drift import Tracker, report_drift
from tests.commands.monitor.drift.published import Publish, look, said
from tests.forge.fault_server import FaultServer, Reply


def test_one_issue_is_opened_kept_and_closed(publish: Publish, model: FaultServer) -> None:
    messages: list[tuple[str, str]] = []

    def note(verb: str) -> Callable[[str, str], str]:
        return lambda title, body: messages.append((verb, title)) or f"{verb} {body[:9]}"  # type: ignore[func-returns-value]

    target, tracker = publish(), Tracker(note("report"), note("resolve"))
    for reply in (said("sad"), Reply(503, {}, {"retry-after": "0"}), said("happy")):
        model.replies = [reply]
        list(report_drift(tracker, [look(target)]))
    title = "Drift: mood in development"
    assert messages == [("report", title), ("resolve", title)]
