"""`notifications` of `registry.yaml`: which webhooks are notified of what, in which form.

Addresses of chats are as good as passwords, so that settings name the variables that hold them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import cast

from registry_tool.core.finding import Problem
from registry_tool.core.records import Record
from registry_tool.core.values import Object, Value


class WebhookForm(StrEnum):
    """What a receiver understands."""

    GENERIC = "generic"
    SLACK = "slack"
    FEISHU = "feishu"
    DINGTALK = "dingtalk"


class AnnouncedKind(StrEnum):
    """What receivers choose from."""

    PUBLISHED = "published"
    DEPLOYMENT_FAILED = "deployment_failed"
    ALERT = "alert"


EVERYTHING = frozenset(AnnouncedKind)


class NotificationTarget(Record, frozen=True):
    """One receiver. `url` is empty where a variable holds the address, `language` is a page's language.

    `url_variable` and `secret_variable` are names of environment variables.
    """

    name: str
    form: WebhookForm
    url: str = ""
    url_variable: str = ""
    secret_variable: str = ""
    kinds: frozenset[AnnouncedKind] = EVERYTHING
    language: str = "en"

    def secret(self, environ: Mapping[str, str]) -> str:
        """What messages are signed with, empty where nothing is set."""
        return environ.get(self.secret_variable, "").strip()

    def address(self, environ: Mapping[str, str]) -> str:
        """Where messages go, empty where nothing is set."""
        return self.url or environ.get(self.url_variable, "").strip()


def read_notifications(value: Object) -> tuple[NotificationTarget, ...]:
    """The receivers of a checked `registry.yaml`, in its order."""
    return tuple(map(_target, cast(list[Object], value.get("notifications") or [])))


def _target(item: Object) -> NotificationTarget:
    form = WebhookForm(cast(str, item["form"]))
    prefix = f"NOTIFY_{form.value.upper()}"
    kinds = cast(list[str], item.get("events") or [])
    return NotificationTarget(
        name=cast(str, item.get("name", form.value)),
        form=form,
        url=cast(str, item.get("url", "")),
        url_variable=cast(str, item.get("url_variable", f"{prefix}_URL")),
        secret_variable=cast(str, item.get("secret_variable", f"{prefix}_SECRET")),
        kinds=frozenset(map(AnnouncedKind, kinds)) or EVERYTHING,
        language=cast(str, item.get("language", "en")),
    )


def notification_problems(value: Value) -> Iterator[Problem]:
    """What the schema can't say: names twice, an address that is a password, an address said twice."""
    if not isinstance(value, dict):
        return
    seen: set[str] = set()
    for number, item in enumerate(cast(list[Object], value.get("notifications") or [])):
        at = ("notifications", number)
        target = _target(item)
        if target.name in seen:
            yield Problem(
                at, f"duplicate receiver {target.name!r}", "give each a `name` of its own"
            )
        seen.add(target.name)
        if not target.url:
            continue
        if "url_variable" in item:
            yield Problem((*at, "url"), "the address stands here and in a variable", "keep one")
        if target.form is not WebhookForm.GENERIC:
            yield Problem(
                (*at, "url"),
                "who has this address can write to the chat, and everyone reads registry.yaml",
                f"keep it as a secret and name its variable: url_variable: {target.url_variable}",
            )
