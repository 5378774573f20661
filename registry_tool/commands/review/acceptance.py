"""Who asks for a pull request, who approved it, and what a maintainer accepted, from the words of a command."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from registry_tool.catalogue.model import RegistrySettings
from registry_tool.core.errors import UsageError
from registry_tool.rules.change_set import Actor, Pusher

_DIGITS = 18
LABEL_HEAD: Final = 8
"""Digits of the head commit in a label, for people."""
LABEL_DIGITS: Final = 32
"""Hexadecimal digits of a label's hash: 128 bits. GitHub takes labels of at most 50 characters; these have 48."""
_LABEL = re.compile(
    rf"(?<![\w-])accept-[0-9a-f]{{{LABEL_HEAD}}}-[0-9a-f]{{{LABEL_DIGITS}}}(?![\w-])"
)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What lets a held request through: labels and the id of who set them (0: not known), or that a queue asks.

    A merge queue takes only what has passed, so what was held before was accepted there.
    """

    labels: frozenset[str] = frozenset()
    by: int = 0
    queued: bool = False

    def keys(self, settings: RegistrySettings) -> frozenset[str]:
        """The labels that count: those that a maintainer set, or anyone where the registry names none.

        On GitHub everyone who may push may label, a request's own author included.
        """
        known = {person.id for person in settings.maintainers}
        return self.labels if not known or self.by in known else frozenset()


NOTHING_ACCEPTED: Final = Acceptance()


UNKNOWN: Final = "unknown"
"""The word for a last pusher of whom the event doesn't tell."""


def actor_from(
    number: str,
    login: str = "",
    approvals: Sequence[str] = (),
    pusher: str = "",
    pusher_login: str = "",
) -> Actor | None:
    """Who asks; None where nobody is named. `pusher`: the id of who pushed last, `unknown`, or empty."""
    if not number:
        return None
    author, unknown = _id(number), pusher == UNKNOWN
    other = _id(pusher) if pusher and not unknown else author
    return Actor(
        author,
        login,
        frozenset(_id(text) for text in approvals if text),
        () if other == author else (Pusher(other, pusher_login),),
        unknown,
    )


def acceptance_from(texts: Iterable[str], by: str = "", *, queued: bool = False) -> Acceptance:
    """Every `accept-…` label in texts, and who set it."""
    labels = frozenset(_LABEL.findall("\n".join(texts)))
    return Acceptance(labels, _id(by) if by else 0, queued)


def _id(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > _DIGITS:
        raise UsageError(
            f"{text[:40]!r} is not a numeric id",
            hint="the forge's API gives it: GET /users/<login>",
        )
    return int(text)
