"""What people and the forge say of a request, as facts to decide by: pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from registry_tool.forge.open_requests import OpenRequest, Push, RequestEvent, Review

_NEW_START: Final = frozenset(
    {
        *("reopened", "ready_for_review", "base_ref_changed", "automatic_base_change_succeeded"),
        *("head_ref_force_pushed", "head_ref_restored"),
    }
)
"""Events after which there is something else, or something again, to look at."""
_OPINIONS: Final = frozenset({"APPROVED", "CHANGES_REQUESTED", "DISMISSED"})
"""What takes the place of a reviewer's earlier review; a mere comment does not."""


def proposed_since(
    request: OpenRequest, push: Push | None, events: Iterable[RequestEvent]
) -> datetime | None:
    """Since when this head is proposed: its push, the request's opening, or a new start; the last of them.

    None where the forge doesn't tell of the push, or tells of a later one: a commit that was pushed before and
    came back began anew.
    """
    if push is None or push.commit != request.head:
        return None
    starts = (event.at for event in events if event.kind in _NEW_START)
    return max(request.opened, push.at, *starts)


def stopped_by(
    events: Iterable[RequestEvent], request: OpenRequest, label: str, maintainers: frozenset[int]
) -> str:
    """The maintainer who set the label and whose word stands; empty where none does.

    Who may push may take a label off, a request's author included: only a maintainer's doing so counts. Where the
    registry names no maintainers, the label itself counts.
    """
    name, found = label.casefold(), ""
    if not maintainers:
        return "somebody" if name in {known.casefold() for known in request.labels} else ""
    for event in events:
        if event.label.casefold() == name and event.actor_id in maintainers:
            if event.kind == "labeled":
                found = event.actor or f"the maintainer {event.actor_id}"
            elif event.kind == "unlabeled":
                found = ""
    return found


def changes_asked_by(
    reviews: Iterable[Review], events: Iterable[RequestEvent], maintainers: frozenset[int]
) -> tuple[str, ...]:
    """Who asks for changes and may: maintainers, and who belongs to the repository. Others stop nothing.

    Who may push may dismiss a review, a request's author included: a maintainer's is only dismissed by one.
    """
    last: dict[int, Review] = {}
    for review in reviews:
        if review.state in _OPINIONS:
            last[review.reviewer_id] = review
    lifted = {
        event.review_id
        for event in events
        if event.kind == "review_dismissed" and event.changes and event.actor_id not in maintainers
    }
    return tuple(
        review.reviewer or f"the reviewer {review.reviewer_id}"
        for review in last.values()
        if _asks(review, review.id in lifted, maintainers)
    )


def _asks(review: Review, lifted_by_another: bool, maintainers: frozenset[int]) -> bool:
    if review.state == "DISMISSED":
        return lifted_by_another and review.reviewer_id in maintainers
    return review.state == "CHANGES_REQUESTED" and (
        review.may_push or review.reviewer_id in maintainers
    )
