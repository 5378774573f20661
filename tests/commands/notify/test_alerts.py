from __future__ import annotations

import json

import pytest

from registry_tool.commands.notify.alerts import (
    LARGEST_BODY,
    MOST_ALERTS,
    read_alerts,
    send_alerts,
)
from registry_tool.core.errors import UsageError
from tests.commands.notify.receiver import quick, receiver, receivers

# What Alertmanager 0.28 sends; https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
MESSAGE = {
    "version": "4",
    "groupKey": '{}:{alertname="workflow_down"}',
    "truncatedAlerts": 0,
    "status": "firing",
    "receiver": "registry",
    "groupLabels": {"alertname": "workflow_down"},
    "commonLabels": {},
    "commonAnnotations": {},
    "externalURL": "http://alertmanager:9093",
    "alerts": [
        {
            "status": "firing",
            "labels": {
                "alertname": "workflow_down",
                "severity": "critical",
                "workflow_name": "greet",
            },
            "annotations": {"summary": "greet is down"},
            "startsAt": "2026-01-20T15:30:00.000Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus:9090/graph?g0.expr=x",
            "fingerprint": "c1",
        },
        {
            "status": "resolved",
            "labels": {"alertname": "rollout_stuck"},
            "generatorURL": "javascript:1",
        },
    ],
}


def test_alerts_are_passed_on() -> None:
    with receiver() as hook:
        found = send_alerts(
            receivers("generic"), json.dumps(MESSAGE).encode(), hook.environ, quick()
        )
        assert [(one.type, one.reason) for one in found] == [
            ("alert.firing", ""),
            ("alert.resolved", ""),
        ]
        first, second = (json.loads(post.body)["data"] for post in hook.posts)
    assert (first["alert"], first["severity"]) == ("workflow_down", "critical")
    assert first["labels"] == {"workflow_name": "greet"}
    assert second["status"] == "resolved"


def test_addresses_are_those_of_a_page_or_none() -> None:
    one, other = read_alerts(json.dumps(MESSAGE).encode())
    assert (one.url, other.url) == ("http://prometheus:9090/graph?g0.expr=x", "")


def test_a_flood_is_bounded() -> None:
    flood = {"alerts": MESSAGE["alerts"][:1] * 1000}  # type: ignore[index]
    assert len(read_alerts(json.dumps(flood).encode())) == MOST_ALERTS


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not what Alertmanager's webhook sends"),
        (b"[]", "not what Alertmanager's webhook sends"),
        (b'{"alerts": [{"labels": {}}]}', "status"),
        (b'{"alerts": [{"status": "firing", "labels": {"a": 1}}]}', "labels"),
        (b" " * (LARGEST_BODY + 1), "more than"),
    ],
)
def test_what_is_no_message_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        read_alerts(body)
