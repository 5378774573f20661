"""`notify test`: one message to every receiver, so that somebody can look whether it arrives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from registry_tool.catalogue.model import RegistrySettings
from registry_tool.commands.notify.send import Delivery, SendPolicy, send
from registry_tool.core.clock import instant
from registry_tool.core.errors import UsageError
from registry_tool.report.notifications.wording import trial


def send_trial(
    settings: RegistrySettings,
    environ: Mapping[str, str],
    receiver: str = "",
    policy: SendPolicy | None = None,
) -> list[Delivery]:
    """Send it, to one receiver or all, whatever they want to hear of; `UsageError` where there is none."""
    policy = policy or SendPolicy()
    wanted = [one for one in settings.notifications if receiver in {"", one.name}]
    if not wanted:
        known = ", ".join(one.name for one in settings.notifications)
        raise UsageError(
            f"there is no receiver {receiver!r}" if receiver else "there are no receivers",
            location="registry/registry.yaml",
            hint=f"there are {known}" if known else "add `notifications` (docs/notifications.md)",
        )
    time = instant(policy.clock.now())
    found: list[Delivery] = []
    for one in wanted:
        announcement = trial(settings.name, time, min(one.kinds))
        found += send(replace(settings, notifications=(one,)), [announcement], environ, policy)
    return found
