"""The outcome of one request in one call of auto-merge, and a forge's words about it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from registry_tool.commands.review.auto_merge.decision import MergeDecision, MergeOutcome
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object, Value
from registry_tool.forge.open_requests import OpenRequest


@dataclass(frozen=True, slots=True)
class MergeAttempt:
    """A request, what becomes of it, and the commit that it was merged as; `problem` is what went wrong."""

    request: OpenRequest
    decision: MergeDecision
    merged: str = ""
    problem: str = ""

    def to_value(self) -> Object:
        """As JSON."""
        decision = self.decision
        return {
            "number": self.request.number,
            "url": self.request.url,
            "head": self.request.head,
            "outcome": decision.outcome.value,
            "reasons": list[Value](decision.reasons),
            "until": decision.until.isoformat() if decision.until else None,
            "merged": self.merged or None,
            "problem": self.problem or None,
        }


def unknown_outcome(looked: MergeAttempt, error: RegistryError) -> MergeAttempt:
    """The answer to the merge was lost: the request is open or it isn't, which the next call sees."""
    decision = replace(looked.decision, outcome=MergeOutcome.WAITS, pending=True)
    why = f"whether it was merged is not known: {in_code(error.reason)}"
    return replace(looked, decision=decision, problem=why)


def in_code(text: str) -> str:
    """A forge's words as one line of code."""
    return f"`{' '.join(text.replace('`', ' ').split())[:200]}`"
