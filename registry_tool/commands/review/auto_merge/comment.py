"""The one comment that says what becomes of a request, why and until when, with a note for the next look."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from registry_tool.catalogue.auto_merge import AutoMergePolicy
from registry_tool.commands.review.auto_merge.decision import MergeDecision, MergeOutcome
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json
from registry_tool.core.values import Object
from registry_tool.forge.open_requests import Comment, OpenRequest

_NOTE = re.compile(r"<!-- registry-tool auto-merge (\{[^<>]{0,500}\}) -->")
_SLACK: Final = timedelta(minutes=1)
"""Writing the comment changes the request, too, up to here later."""
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_HEADS: Final = {
    MergeOutcome.MERGE: "**Merged** by the registry's policy.",
    MergeOutcome.WAITS: "**Waits**; it is merged by itself then.",
    MergeOutcome.STOPPED: "**Stopped**: it is not merged by itself.",
    MergeOutcome.PERSON: "**A maintainer merges this, or not**: it is not merged by itself.",
    MergeOutcome.REFUSED: "**Not merged**: push a fix.",
}


@dataclass(frozen=True, slots=True)
class StatusComment:
    """The comment that is there: for which head and policy, and when to look again at the latest."""

    id: int
    body: str
    changed: datetime
    head: str = ""
    policy: str = ""
    next_look: datetime | None = None


def policy_key(policy: AutoMergePolicy) -> str:
    """Names a policy: another one makes every request be looked at again."""
    parts = [sorted(policy.bumps), str(policy.new_version), str(policy.new_name), policy.score]
    text = json.dumps([*parts, policy.stop_label, policy.method])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def status_comment(comments: Iterable[Comment], own_id: int) -> StatusComment | None:
    """The first comment with a note that a job, an app, or `own_id` wrote; a stranger's copy doesn't count."""
    for comment in comments:
        if (comment.is_bots or (own_id and comment.author_id == own_id)) and (
            found := _NOTE.match(comment.body)
        ):
            return _read(comment, found[1])
    return None


def is_recheck_due(
    request: OpenRequest, known: StatusComment | None, policy: str, now: datetime
) -> bool:
    """Whether anything can have changed since the comment, or its time has come: a day after it at the latest."""
    if known is None or (known.head, known.policy) != (request.head, policy):
        return True
    if known.next_look is None or min(known.next_look, known.changed + _DAY) <= now:
        return True
    return request.changed > known.changed + _SLACK


def comment_text(
    decision: MergeDecision, request: OpenRequest, policy: AutoMergePolicy, now: datetime
) -> str:
    """The comment's Markdown: words of ours, names and numbers in code, and logins; no text of an author's."""
    note = {
        "head": request.head,
        "policy": policy_key(policy),
        "looked": now.isoformat(timespec="seconds"),
        "next": _next_look(decision, now).isoformat(timespec="seconds"),
    }
    return "\n".join(
        [
            f"<!-- registry-tool auto-merge {json.dumps(note)} -->",
            *_lines(decision, request, policy),
        ]
    )


def _lines(decision: MergeDecision, request: OpenRequest, policy: AutoMergePolicy) -> Iterator[str]:
    head = _HEADS[decision.outcome]
    if decision.until and decision.outcome is MergeOutcome.WAITS:
        head = f"**Waits until {decision.until:%Y-%m-%d %H:%M} UTC**; it is merged by itself then."
    yield f"{head}\n"
    for reason in decision.reasons:
        yield f"- {reason}"
    for release in decision.releases:
        yield f"- `{release.name}` `{release.version}`: {release.bump}, score {release.score}"
    yield f"- commit `{request.head}`; another push begins its time anew"
    if decision.outcome in {MergeOutcome.WAITS, MergeOutcome.STOPPED}:
        yield (
            f"\nA maintainer's label `{policy.stop_label}` stops it until a maintainer takes it off, and so do "
            "changes that somebody of this repository asks for in a review. Comments don't."
        )


def _next_look(decision: MergeDecision, now: datetime) -> datetime:
    if decision.outcome is MergeOutcome.WAITS:
        return decision.until or (now if decision.pending else now + _HOUR)
    return now + _DAY


def _read(comment: Comment, note: str) -> StatusComment:
    try:
        value = parse_json(note.encode(), location="")
        fields: Object = value if isinstance(value, dict) else {}
        look = datetime.fromisoformat(str(fields.get("next")))
    except (RegistryError, ValueError):
        return StatusComment(comment.id, comment.body, comment.changed)
    return StatusComment(
        *(comment.id, comment.body, comment.changed),
        *(str(fields.get("head")), str(fields.get("policy"))),
        look if look.tzinfo else None,
    )
