"""Open pull requests as the forge tells of them: moments, people and labels are its word, never an author's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A pull request into a branch. `head` is a commit; `repository` and `branch` are where it comes from.

    `repository` is empty where that is gone. `author_id` is the numeric id of who opened it.
    """

    number: int
    url: str
    head: str
    repository: str
    branch: str
    author_id: int
    author: str
    opened: datetime
    changed: datetime
    labels: frozenset[str] = frozenset()
    draft: bool = False


@dataclass(frozen=True, slots=True)
class RequestEvent:
    """What somebody did to a request: `labeled`, `unlabeled`, `reopened` … `label` is its name, or empty.

    Of `review_dismissed`, `review_id` is the review's, and `changes` says that it asked for some.
    """

    kind: str
    at: datetime
    actor_id: int = 0
    actor: str = ""
    label: str = ""
    review_id: int = 0
    changes: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """A review: `state` is the forge's word; `may_push` says that who wrote it belongs to the repository."""

    state: str
    reviewer_id: int
    reviewer: str
    may_push: bool = False
    id: int = 0


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment; `is_bots` says that an app or a job wrote it, which no stranger can."""

    id: int
    body: str
    author_id: int
    changed: datetime
    is_bots: bool = False


@dataclass(frozen=True, slots=True)
class Push:
    """A move of a branch to a commit, when the forge took it and from whom (0: it doesn't tell)."""

    commit: str
    at: datetime
    pusher_id: int = 0
    pusher: str = ""
