"""An announcement: something that happened, as facts for machines and as a message for people. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from registry_tool.catalogue.notifications import AnnouncedKind
from registry_tool.core.records import Record
from registry_tool.core.values import Object, Value
from registry_tool.report.text import inert

MOST_LINES = 12
LONGEST_LINE = 300


class AnnouncedText(Record, frozen=True):
    """What people read: a title, lines of text, and an address to read on, or none. All of it is plain text."""

    title: str
    lines: tuple[str, ...] = ()
    url: str = ""

    @property
    def text(self) -> str:
        """All of it, a line each."""
        return "\n".join(filter(None, (self.title, *self.lines, self.url)))


class Announcement(Record, frozen=True):
    """Something that happened. `key` tells it from all others of its registry; `time` is RFC 3339.

    `type` is its kind for machines, such as `version.published`; `data` are its facts; `messages` are by language.
    """

    kind: AnnouncedKind
    type: str
    registry: str
    time: str
    key: str
    data: Object
    messages: dict[str, AnnouncedText]

    @property
    def id(self) -> str:
        """The same however often it is sent, so that a receiver can tell what it has already."""
        identity = "\0".join((self.registry, self.type, self.key))
        return f"msg_{hashlib.sha256(identity.encode()).hexdigest()[:32]}"

    def message(self, language: str) -> AnnouncedText:
        """In a language."""
        return self.messages[language]


def message(title: str, lines: Iterable[str] = (), url: str = "") -> AnnouncedText:
    """A message of strangers' words: one line each, bounded, no secret in it, nothing that hides."""
    shown = [line for line in map(plain, lines) if line]
    if len(shown) > MOST_LINES:
        shown = [*shown[: MOST_LINES - 1], f"… (+{len(shown) - MOST_LINES + 1})"]
    return AnnouncedText(plain(title), tuple(shown), url)


def plain(text: str) -> str:
    """A text on one line of at most `LONGEST_LINE` characters."""
    line = " ".join(inert(text).split())
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1]}…"


def plain_value(value: Value, key: str = "") -> Value:
    """JSON in which each text and each name is plain; an address (`url`), which is ours, stays whole."""
    if isinstance(value, str):
        return value if key == "url" else plain(value)
    if isinstance(value, list):
        return [plain_value(item) for item in value]
    if isinstance(value, dict):
        return {plain(name): plain_value(item, name) for name, item in value.items()}
    return value
