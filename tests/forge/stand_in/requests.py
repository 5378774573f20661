"""What people do to pull requests: labels, reviews, comments, pushes, merges; told as GitHub tells it.

`label`, `review` and `strangers_comment` are a test's hands; the clock is the stand-in's `now`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.forge.stand_in.call import Answer, Call, RefusalError
from tests.forge.stand_in.repositories import RefusedByGitError, Repository

if TYPE_CHECKING:
    from tests.forge.stand_in.server import StandIn


INSIDE = frozenset({"as_asked", "events", "reviews", "comments"})
"""Keys of a pull request that no answer has."""


def opened(server: StandIn, source: Repository, base: str) -> dict[str, Any]:
    """What a new pull request has beside its commits."""
    return {
        "created_at": server.now,
        "updated_at": server.now,
        "draft": False,
        "labels": [],
        "head.repo.full_name": source.name,
        "base.ref": base,
        "events": [],
        "reviews": [],
        "comments": [],
    }


def moved(server: StandIn, here: Repository, ref: str, old: str, new: str, call: Call) -> None:
    """Note that somebody moved a branch."""
    kind = "branch_creation" if set(old) == {"0"} else "push"
    here.moves.append(
        {
            "id": len(here.moves) + 1,
            "node_id": "x",
            "before": old,
            "after": new,
            "ref": ref,
            "timestamp": server.now,
            "activity_type": kind,
            "actor.login": call.login,
            "actor.id": call.person.id if call.person else 0,
        }
    )


def page(found: list[Any], call: Call) -> list[Any]:
    """The part of a list that is asked for."""
    size, number = int(call.query.get("per_page", 30)), int(call.query.get("page", 1))
    return found[(number - 1) * size : number * size]


def event(
    server: StandIn, pull: dict[str, Any], kind: str, who: tuple[int, str], label: str = ""
) -> None:
    """Somebody did something to a request."""
    if label and kind == "labeled":
        pull["labels"].append({"name": label})
    if label and kind == "unlabeled":
        pull["labels"] = [one for one in pull["labels"] if one["name"] != label]
    pull["updated_at"] = server.now
    pull["events"].append(
        {
            "event": kind,
            "created_at": server.now,
            "actor.id": who[0],
            "actor.login": who[1],
            "label": {"name": label or "none", "color": "red"},
        }
    )


def review(pull: dict[str, Any], state: str, who: tuple[int, str], association: str) -> None:
    """Somebody reviewed a request."""
    number = 100 * pull["number"] + len(pull["reviews"])
    fields = {"id": number, "state": state, "user.id": who[0], "user.login": who[1]}
    pull["reviews"].append({**fields, "author_association": association})


def comment(
    server: StandIn, pull: dict[str, Any], body: str, who: tuple[int, str], kind: str
) -> int:
    """Somebody commented a request; the comment's number."""
    number = 1000 * pull["number"] + len(pull["comments"])
    pull["comments"].append(
        {
            "id": number,
            "body": body,
            "user.id": who[0],
            "user.login": who[1],
            "user.type": kind,
            "created_at": server.now,
            "updated_at": server.now,
        }
    )
    pull["updated_at"] = server.now
    return number


def _pull(here: Repository, call: Call) -> dict[str, Any]:
    number = int(call.words.get("issue_number") or call.words["pull_number"])
    for pull in here.pulls:
        if pull["number"] == number:
            return pull
    raise RefusalError(404, "Not Found")


def _list(kind: str) -> Callable[[StandIn, Repository, Call], Answer]:
    return lambda server, here, call: (200, page(_pull(here, call)[kind], call))


def _post_comment(server: StandIn, here: Repository, call: Call) -> Answer:
    assert call.person is not None
    who, kind = (call.person.id, call.login), "Bot" if call.person.app else "User"
    pull = _pull(here, call)
    comment(server, pull, call.body["body"], who, kind)
    return 201, pull["comments"][-1]


def _patch_comment(server: StandIn, here: Repository, call: Call) -> Answer:
    for pull in here.pulls:
        listed: Any = pull["comments"]
        for known in listed:
            if known["id"] == int(call.words["comment_id"]):
                known |= {"body": call.body["body"], "updated_at": server.now}
                pull["updated_at"] = server.now
                return 200, known
    raise RefusalError(404, "Not Found")


def _patch_pull(server: StandIn, here: Repository, call: Call) -> Answer:
    pull = _pull(here, call)
    pull |= {key: call.body[key] for key in ("title", "body", "state") if key in call.body}
    pull["updated_at"] = server.now
    return 200, {key: value for key, value in pull.items() if key not in INSIDE}


def _activity(server: StandIn, here: Repository, call: Call) -> Answer:
    found = [move for move in reversed(here.moves) if move["ref"] == call.query["ref"]]
    return 200, page(found, call)


def _merge(server: StandIn, here: Repository, call: Call) -> Answer:
    pull, body = _pull(here, call), call.body
    if call.login not in here.writers:
        raise RefusalError(403, "Resource not accessible by integration")
    if body["sha"] != pull["head.sha"]:
        raise RefusalError(409, "Head branch was modified. Review and try the merge again.")
    if server.no_merge:
        raise RefusalError(405, server.no_merge)
    base = f"refs/heads/{pull['base.ref']}"
    old = here.line("rev-parse", base)
    try:
        tree = here.line("merge-tree", "--write-tree", old, body["sha"])
    except RefusedByGitError:
        raise RefusalError(405, "Pull Request is not mergeable") from None
    parents = ("-p", old, *(("-p", body["sha"]) if body["merge_method"] == "merge" else ()))
    commit = here.line("commit-tree", tree, *parents, "-m", body["commit_title"])
    here.git("update-ref", base, commit, old)
    pull["state"] = "closed"
    return 200, {"sha": commit, "merged": True, "message": "Pull Request successfully merged"}


def _dispatch(server: StandIn, here: Repository, call: Call) -> Answer:
    server.started.append(f"{call.words['workflow_id']} on {call.body['ref']}")
    return 204, None


ANSWERS: dict[tuple[str, str], Callable[[StandIn, Repository, Call], Answer]] = {
    ("get", "/issues/{issue_number}/events"): _list("events"),
    ("get", "/pulls/{pull_number}/reviews"): _list("reviews"),
    ("get", "/issues/{issue_number}/comments"): _list("comments"),
    ("post", "/issues/{issue_number}/comments"): _post_comment,
    ("patch", "/issues/comments/{comment_id}"): _patch_comment,
    ("get", "/activity"): _activity,
    ("put", "/pulls/{pull_number}/merge"): _merge,
    ("patch", "/pulls/{pull_number}"): _patch_pull,
    ("post", "/actions/workflows/{workflow_id}/dispatches"): _dispatch,
}
