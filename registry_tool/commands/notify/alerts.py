"""Alerts that Prometheus fires, as Alertmanager's webhook brings them, sent in every receiver's form.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from registry_tool.catalogue.model import RegistrySettings
from registry_tool.commands.notify.send import Delivery, SendPolicy, send
from registry_tool.core.clock import instant
from registry_tool.core.codec import field_error
from registry_tool.core.errors import UsageError
from registry_tool.report.notifications.wording import AlertFacts, alert

MOST_ALERTS: Final = 20
LARGEST_BODY: Final = 2**20
_LONGEST_URL: Final = 2048


class _Alert(msgspec.Struct, frozen=True):
    status: str
    labels: dict[str, str]
    annotations: dict[str, str] = {}
    startsAt: str = ""  # noqa: N815 - Alertmanager's spelling
    generatorURL: str = ""  # noqa: N815


class _Group(msgspec.Struct, frozen=True):
    alerts: list[_Alert]


def read_alerts(body: bytes) -> tuple[AlertFacts, ...]:
    """The first `MOST_ALERTS` alerts in a message of Alertmanager's webhook; `UsageError` where malformed."""
    if len(body) > LARGEST_BODY:
        raise UsageError(f"it has more than {LARGEST_BODY} bytes", location="the alerts")
    try:
        found = msgspec.json.decode(body, type=_Group)
    except msgspec.DecodeError as error:
        raise UsageError(
            f"this is not what Alertmanager's webhook sends ({field_error(str(error))})",
            location="the alerts",
            hint='it is {"version": "4", "alerts": [{"status", "labels", "annotations", "startsAt"}]}',
        ) from None
    return tuple(map(_facts, found.alerts[:MOST_ALERTS]))


def _facts(found: _Alert) -> AlertFacts:
    url = found.generatorURL
    shown = url.startswith(("https://", "http://")) and url.isprintable()
    return AlertFacts(
        name=found.labels.get("alertname", "alert"),
        firing=found.status != "resolved",
        starts=found.startsAt,
        severity=found.labels.get("severity", ""),
        summary=found.annotations.get("summary", ""),
        description=found.annotations.get("description", ""),
        url=url if shown and len(url) <= _LONGEST_URL else "",
        labels={
            name: value
            for name, value in found.labels.items()
            if name not in {"alertname", "severity"}
        },
    )


def send_alerts(
    settings: RegistrySettings,
    body: bytes,
    environ: Mapping[str, str],
    policy: SendPolicy | None = None,
) -> list[Delivery]:
    """Notify receivers of the alerts in a message of Alertmanager's; `UsageError` where it is malformed."""
    policy = policy or SendPolicy()
    time = instant(policy.clock.now())
    announcements = [alert(settings.name, time, one) for one in read_alerts(body)]
    return send(settings, announcements, environ, policy)
