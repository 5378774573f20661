"""Announcements of what happens in a registry, in each language. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from registry_tool.catalogue.notifications import AnnouncedKind
from registry_tool.core.records import Record
from registry_tool.core.values import Object, Value
from registry_tool.report.notifications.announcement import AnnouncedText, Announcement, message

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "published": "{name} {version} is published in {registry}",
        "many": "{count} versions are published in {registry}",
        "failed": "The deployment of {name} to {environment} failed",
        "stage": "at {stage}: {reason}",
        "firing": "Alert {alert} in {registry}",
        "resolved": "Alert {alert} in {registry} has ended",
        "by": "by {author}",
        "test": "A test of the notifications of {registry}",
    },
    "zh": {
        "published": "{registry} 发布了 {name} {version}",
        "many": "{registry} 发布了 {count} 个版本",
        "failed": "{name} 部署到 {environment} 失败",
        "stage": "阶段 {stage}：{reason}",
        "firing": "{registry} 告警：{alert}",
        "resolved": "{registry} 告警已恢复：{alert}",
        "by": "作者：{author}",
        "test": "{registry} 的通知测试",
    },
}


class PublishedFacts(Record, frozen=True):
    """A version that was published; a first version has neither `bump` nor `changes`."""

    name: str
    version: str
    author: str = ""
    description: str = ""
    url: str = ""
    bump: str = ""
    changes: tuple[str, ...] = ()

    def to_value(self) -> Object:
        """As receivers get it."""
        return {
            "name": self.name,
            "version": self.version,
            "author": self.author,
            "description": self.description,
            "url": self.url,
            "bump": self.bump,
            "changes": list[Value](self.changes),
        }


class FailureFacts(Record, frozen=True):
    """A deployment that failed: where, at which stage, and why; ids are those of the state branch."""

    workflow: str
    environment: str
    stage: str
    reason: str
    deployment: str = ""
    version: str = ""
    time: str = ""

    def to_value(self) -> Object:
        """As receivers get it."""
        return {
            "workflow": self.workflow,
            "version": self.version,
            "environment": self.environment,
            "deployment": self.deployment,
            "stage": self.stage,
            "reason": self.reason,
        }


class AlertFacts(Record, frozen=True):
    """An alert of Prometheus. `starts` tells one firing from the next, `labels` are all that it has."""

    name: str
    firing: bool
    starts: str = ""
    severity: str = ""
    summary: str = ""
    description: str = ""
    url: str = ""
    labels: Mapping[str, str] = {}

    def to_value(self) -> Object:
        """As receivers get it."""
        return {
            "alert": self.name,
            "status": "firing" if self.firing else "resolved",
            "starts_at": self.starts,
            "severity": self.severity,
            "summary": self.summary,
            "description": self.description,
            "labels": dict(self.labels),
        }


def published(registry: str, time: str, facts: PublishedFacts) -> Announcement:
    """A version was published."""

    def text(words: Mapping[str, str]) -> AnnouncedText:
        title = words["published"].format(name=facts.name, version=facts.version, registry=registry)
        bump = f"({facts.bump})" if facts.bump else ""
        by = words["by"].format(author=facts.author) if facts.author else ""
        return message(f"{title} {bump}", (facts.description, by, *facts.changes), facts.url)

    return Announcement(
        *(AnnouncedKind.PUBLISHED, "version.published", registry, time),
        key=f"{facts.name}:{facts.version}",
        data=facts.to_value(),
        messages=_worded(text),
    )


def many_published(registry: str, time: str, all_: Sequence[PublishedFacts]) -> Announcement:
    """Many versions were published at once: one message for all of them."""
    references = [f"{facts.name}:{facts.version}" for facts in all_]

    def text(words: Mapping[str, str]) -> AnnouncedText:
        return message(words["many"].format(count=len(all_), registry=registry), references)

    return Announcement(
        *(AnnouncedKind.PUBLISHED, "versions.published", registry, time),
        key="\n".join(references),
        data={"versions": [facts.to_value() for facts in all_]},
        messages=_worded(text),
    )


def deployment_failed(registry: str, time: str, facts: FailureFacts) -> Announcement:
    """A deployment failed."""
    name = f"{facts.workflow} {facts.version}".strip()

    def text(words: Mapping[str, str]) -> AnnouncedText:
        title = words["failed"].format(name=name, environment=facts.environment)
        where = words["stage"].format(stage=facts.stage, reason=facts.reason)
        return message(f"{title} · {registry}", (where, facts.deployment))

    return Announcement(
        *(AnnouncedKind.DEPLOYMENT_FAILED, "deployment.failed", registry, time),
        key=f"{facts.environment}/{facts.workflow}/{facts.deployment}/{facts.stage}/{time}",
        data=facts.to_value(),
        messages=_worded(text),
    )


def alert(registry: str, time: str, facts: AlertFacts) -> Announcement:
    """An alert fires, or has ended."""
    state = "firing" if facts.firing else "resolved"
    labels = ", ".join(f"{name}={value}" for name, value in sorted(facts.labels.items()))

    def text(words: Mapping[str, str]) -> AnnouncedText:
        title = words[state].format(alert=facts.name, registry=registry)
        severity = f" [{facts.severity}]" if facts.severity else ""
        return message(f"{title}{severity}", (facts.summary, facts.description, labels), facts.url)

    return Announcement(
        *(AnnouncedKind.ALERT, f"alert.{state}", registry, time),
        key=f"{facts.name}/{labels}/{facts.starts}",
        data=facts.to_value(),
        messages=_worded(text),
    )


def trial(registry: str, time: str, kind: AnnouncedKind) -> Announcement:
    """Something that a person sends to see whether it arrives."""
    texts = {
        language: message(words["test"].format(registry=registry))
        for language, words in _WORDS.items()
    }
    return Announcement(kind, "test", registry, time, time, {}, texts)


def _worded(text: Callable[[Mapping[str, str]], AnnouncedText]) -> dict[str, AnnouncedText]:
    return {language: text(words) for language, words in _WORDS.items()}
