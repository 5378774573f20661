"""Open pull requests, what people did to them, merging: https://docs.github.com/rest/pulls, …/issues, …/repos."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeVar
from urllib.parse import urlencode

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.values import Object
from registry_tool.forge.github.errors import GitHubRefusedError
from registry_tool.forge.github.fields import address, number, objects, text
from registry_tool.forge.github.http import MOST_LISTED, GitHubHttp, TooManyError
from registry_tool.forge.open_requests import Comment, OpenRequest, Push, RequestEvent, Review

T = TypeVar("T")
_PUSHERS: Final = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
_SHA: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_BLOCKED: Final = frozenset({403, 409, 422, 451})
_LONGEST: Final = 65_000  # GitHub takes 65,536 characters


@dataclass(frozen=True, slots=True)
class GitHubOpenRequests:
    """The open pull requests of `owner/name`."""

    http: GitHubHttp
    repository: str

    def into(self, base: str) -> tuple[OpenRequest, ...]:
        """GET …/pulls: the open ones into a branch, oldest first, a thousand at most."""
        query = {"state": "open", "base": base, "sort": "created", "direction": "asc"}
        return self._all(f"pulls?{urlencode(query)}&", _request)

    def events(self, request: int) -> tuple[RequestEvent, ...]:
        """GET …/issues/{n}/events: all, oldest first; `TooManyError` where they are over a thousand."""
        return _whole(self._all(f"issues/{request}/events?", _event))

    def reviews(self, request: int) -> tuple[Review, ...]:
        """GET …/pulls/{n}/reviews: all, oldest first; `TooManyError` as above."""
        return _whole(self._all(f"pulls/{request}/reviews?", _review))

    def comments(self, request: int) -> Iterator[Comment]:
        """GET …/issues/{n}/comments: oldest first, a thousand at most, and no more pages than are taken."""
        path = f"/repos/{self.repository}/issues/{request}/comments?"
        return map(_comment, self.http.each_of(path))

    def comment(self, request: int, body: str) -> None:
        """POST …/issues/{n}/comments; asked for once."""
        path = f"/repos/{self.repository}/issues/{request}/comments"
        self.http.post(path, {"body": body[:_LONGEST]}, resend=False)

    def change_comment(self, comment: int, body: str) -> None:
        """PATCH …/issues/comments/{id}."""
        path = f"/repos/{self.repository}/issues/comments/{comment}"
        self.http.patch(path, {"body": body[:_LONGEST]})

    def newest_push(self, repository: str, branch: str) -> Push | None:
        """GET /repos/{head}/activity: a branch's last move, by the forge's clock; None where it may not be seen.

        Dates of commits are not asked: whoever makes a commit writes them. A fork may be blocked, which is its
        owner's matter alone.
        """
        query = urlencode({"ref": f"refs/heads/{branch}", "per_page": 1})
        try:
            found = self.http.get_list(f"/repos/{repository}/activity?{query}")
        except NotFoundError:
            return None
        except GitHubRefusedError as error:
            if error.status not in _BLOCKED:
                raise
            return None
        return _push(found[0]) if found else None

    def merge(self, request: int, head: str, method: str, title: str) -> str:
        """PUT …/pulls/{n}/merge: the commit that came of it. Refused (409) where `head` is the head no more."""
        body: Object = {"sha": head, "merge_method": method, "commit_title": title}
        answer = self.http.put(
            f"/repos/{self.repository}/pulls/{request}/merge", {**body, "commit_message": ""}
        )
        commit = text(answer, "sha")
        if not _SHA.fullmatch(commit):
            raise RegistryError("GitHub did not say what it merged", location=f"#{request}")
        return commit

    def _all(self, path: str, read: Callable[[Object], T]) -> tuple[T, ...]:
        return tuple(map(read, self.http.get_pages(f"/repos/{self.repository}/{path}")))


def _whole(found: tuple[T, ...]) -> tuple[T, ...]:
    if len(found) >= MOST_LISTED:
        raise TooManyError("GitHub lists a thousand of them, or more")
    return found


def _request(value: Object) -> OpenRequest:
    head, user = _part(value, "head"), _part(value, "user")
    return OpenRequest(
        number(value, "number"),
        address(value, "html_url"),
        text(head, "sha"),
        text(_part(head, "repo"), "full_name"),
        text(head, "ref"),
        number(user, "id") if user else 0,
        text(user, "login"),
        _moment(value, "created_at"),
        _moment(value, "updated_at"),
        frozenset(text(label, "name") for label in objects(value, "labels")),
        value.get("draft") is True,
    )


def _event(value: Object) -> RequestEvent:
    actor, review = _part(value, "actor"), _part(value, "dismissed_review")
    return RequestEvent(
        text(value, "event"),
        _moment(value, "created_at"),
        number(actor, "id") if actor else 0,
        text(actor, "login"),
        text(_part(value, "label"), "name"),
        number(review, "review_id") if review else 0,
        text(review, "state").casefold() == "changes_requested",
    )


def _review(value: Object) -> Review:
    user = _part(value, "user")
    return Review(
        text(value, "state"),
        number(user, "id") if user else 0,
        text(user, "login"),
        text(value, "author_association") in _PUSHERS,
        number(value, "id"),
    )


def _comment(value: Object) -> Comment:
    user, body = _part(value, "user"), value.get("body")
    return Comment(
        number(value, "id"),
        body if isinstance(body, str) else "",
        number(user, "id") if user else 0,
        _moment(value, "updated_at"),
        text(user, "type") == "Bot",
    )


def _push(value: Object) -> Push | None:
    if not text(value, "timestamp"):
        return None
    actor = _part(value, "actor")
    return Push(
        text(value, "after"),
        _moment(value, "timestamp"),
        number(actor, "id") if actor else 0,
        text(actor, "login"),
    )


def _part(value: Object, key: str) -> Object:
    """An object inside; an empty one for null."""
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _moment(value: Object, key: str) -> datetime:
    written = text(value, key)
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise RegistryError(f"GitHub's answer has no moment {key!r}") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
