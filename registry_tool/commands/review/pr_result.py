"""What judging a pull request gives: findings, verdict, and the label that lets a held one through."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from registry_tool.commands.review.acceptance import (
    LABEL_DIGITS,
    LABEL_HEAD,
)
from registry_tool.commands.review.check import (
    CheckResult,
)
from registry_tool.core.finding import Severity
from registry_tool.core.values import Object
from registry_tool.rules import dependents, look_alike
from registry_tool.rules.base import Subject
from registry_tool.store.changes import Change
from registry_tool.store.git.references import NO_COMMIT

PASSED, HELD, REFUSED = "passed", "held", "refused"
_ON_OTHERS = frozenset({look_alike.RULE.id, dependents.RULE.id})
"""Rules that hold a request for what others have merged: what passed before may be held in a merge queue."""


@dataclass(frozen=True, slots=True)
class MergeSides:
    """What was judged, by git's ids: the tree of the merge result, and the commits head and base."""

    tree: str
    head: str
    base: str


@dataclass(frozen=True)
class PrResult(CheckResult):
    """The findings, the new versions that could be read, and the changes that were judged.

    `unread` are references of new ones that could not be read; `accepted` are the keys that a maintainer has
    accepted; `queued` says that a merge queue asks, which takes only what has passed before; `sides` are the
    commits that were judged (None: folders were); `text` gives a file of the merge result.
    """

    new: tuple[Subject, ...] = ()
    unread: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    accepted: frozenset[str] = frozenset()
    queued: bool = False
    text: Callable[[str], str | None] = field(default=lambda _: None, repr=False)
    sides: MergeSides | None = None

    @cached_property
    def key(self) -> str:
        """The label that accepts what is held, empty if nothing is: the head commit's first digits and 128 bits.

        The bits are a hash over the merge result's tree, head and base, so a label that was set for one commit
        fits no other. Findings are not in it: which event asks (a push, a review, a label) may change them.
        """
        held = [f for f in self.findings if f.severity is Severity.HOLD]
        if self.queued:
            held = [f for f in held if f.rule in _ON_OTHERS]
        if not held:
            return ""
        sides = self.sides or MergeSides("", NO_COMMIT, "")
        sealed = {
            "sides": [sides.tree, sides.head, sides.base],
            "changes": [[c.path, c.new_mode, c.new_blob] for c in self.changes],
        }
        digest = hashlib.sha256(json.dumps(sealed, sort_keys=True).encode()).hexdigest()
        return f"accept-{sides.head[:LABEL_HEAD]}-{digest[:LABEL_DIGITS]}"

    @property
    def verdict(self) -> str:
        """passed; held, where a human must decide; refused."""
        if self.refused:
            return REFUSED
        return HELD if self.key and self.key not in self.accepted else PASSED

    def to_value(self) -> Object:
        """The JSON shape of SPEC.md §4, with the verdict and the label that lets a held request through."""
        return {**super().to_value(), "verdict": self.verdict, "label": self.key or None}
