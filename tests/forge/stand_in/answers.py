"""What the stand-in does for each operation: (status, what is other than in the description's example)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.forge.stand_in import requests
from tests.forge.stand_in.call import Answer, Call, RefusalError
from tests.forge.stand_in.description import Operation, Whole
from tests.forge.stand_in.repositories import RefusedByGitError, Repository

if TYPE_CHECKING:
    from tests.forge.stand_in.server import StandIn

PAGE, LARGEST = 1000, 2**20
"""Entries of a folder, and bytes of a file, that the contents API gives."""


def answer(server: StandIn, value: Operation, call: Call) -> Answer:
    """The answer to one call."""
    try:
        if value.path == "/user":
            return _user(call)
        return _IN_REPOSITORY[value.method, value.path.removeprefix("/repos/{owner}/{repo}")](
            server, _repository(server, call), call
        )
    except RefusalError as refusal:
        return refusal.status, refusal.value


def _user(call: Call) -> Answer:
    if call.person is None:
        raise RefusalError(401, "Requires authentication")
    if call.person.app:
        raise RefusalError(403, "Resource not accessible by integration")
    return 200, {"login": call.login, "id": call.person.id}


def _repository(server: StandIn, call: Call) -> Repository:
    name = f"{call.words['owner']}/{call.words['repo']}"
    found = server.repositories.get(name)
    if found is None:
        raise RefusalError(404, "Not Found")
    if found.late:
        found.late -= 1
        raise RefusalError(404, "Not Found")
    return found


def _writable(here: Repository, call: Call) -> None:
    if call.login not in here.writers:
        raise RefusalError(403, "Resource not accessible by personal access token")


def _about(here: Repository, call: Call) -> dict[str, Any]:
    owner, name = here.name.split("/")
    fields: dict[str, Any] = {
        "full_name": here.name,
        "name": name,
        "owner.login": owner,
        "default_branch": "main",
        "fork": bool(here.parent),
        "archived": here.archived,
        "permissions": {
            "pull": True,
            "push": call.login in here.writers and not (call.person and call.person.app),
            "admin": call.login == owner,
        },
    }
    for key in ("parent", "source"):
        fields[f"{key}.full_name"] = here.parent or "none/none"
    return fields


def _get_repository(server: StandIn, here: Repository, call: Call) -> Answer:
    return 200, _about(here, call)


def _fork(server: StandIn, here: Repository, call: Call) -> Answer:
    own = [
        r for r in server.repositories.values() if r.parent == here.name and r.owner == call.login
    ]
    if not own:
        name = f"{call.login}/{here.name.split('/')[1]}"
        while name in server.repositories:
            name += "-1"
        made = here.fork(name, server.folder / name.replace("/", "-"), call.login)
        made.late = server.late_forks
        server.repositories[name] = made
        own = [made]
    return 202, _about(own[0], call)


def _merge_upstream(server: StandIn, here: Repository, call: Call) -> Answer:
    _writable(here, call)
    above, branch = server.repositories[here.parent], call.body["branch"]
    here.git("fetch", "--quiet", str(above.folder), f"refs/heads/{branch}:refs/heads/{branch}")
    return 200, {
        "message": "ok",
        "merge_type": "fast-forward",
        "base_branch": f"{above.owner}:{branch}",
    }


def _contents(server: StandIn, here: Repository, call: Call) -> Answer:
    ref, path = call.query.get("ref", "HEAD"), call.words["path"]
    sha = here.find(f"{ref}:{path}")
    if not sha:
        raise RefusalError(404, "Not Found")
    if here.kind(sha) == "tree":
        listed = here.entries(sha)[:PAGE]
        return 200, Whole([_entry(path, entry) for entry in listed])
    data = here.git("cat-file", "blob", sha)
    content = {"encoding": "base64", "content": base64.encodebytes(data).decode()}
    if len(data) > LARGEST:
        content = {"encoding": "none", "content": ""}
    return 200, Whole({**_file(path, sha, "file", len(data)), **content})


_KINDS = {"tree": "dir", "blob": "file", "commit": "submodule"}


def _entry(path: str, entry: dict[str, object]) -> dict[str, Any]:
    kind = "symlink" if entry["mode"] == "120000" else _KINDS[str(entry["type"])]
    size = entry.get("size", 0)
    return _file(f"{path}/{entry['path']}", str(entry["sha"]), kind, int(str(size)))


def _file(path: str, sha: str, kind: str, size: int = 0) -> dict[str, Any]:
    about: dict[str, Any] = {"type": kind, "size": size, "path": path, "sha": sha}
    urls = dict.fromkeys(("url", "git_url", "html_url", "download_url"), "https://x/")
    links = dict.fromkeys(("self", "git", "html"), "https://x/")
    return {**about, "name": path.rsplit("/", 1)[-1], **urls, "_links": links}


def _object(here: Repository, sha: str, kind: str) -> None:
    if here.kind(sha) != kind:
        raise RefusalError(422, f"{sha[:40]} is not a valid {kind}")


def _get_blob(server: StandIn, here: Repository, call: Call) -> Answer:
    sha = call.words["file_sha"]
    if here.kind(sha) != "blob":
        raise RefusalError(404, "Not Found")
    data = here.git("cat-file", "blob", sha)
    content = base64.encodebytes(data).decode()
    return 200, {"sha": sha, "size": len(data), "encoding": "base64", "content": content}


def _post_blob(server: StandIn, here: Repository, call: Call) -> Answer:
    _writable(here, call)
    data = base64.b64decode(call.body["content"], validate=True)
    assert call.body["encoding"] == "base64"
    return 201, {"sha": here.line("hash-object", "-w", "--stdin", given=data)}


def _get_tree(server: StandIn, here: Repository, call: Call) -> Answer:
    sha = call.words["tree_sha"]
    if not here.find(f"{sha}^{{tree}}"):
        raise RefusalError(404, "Not Found")
    more = ("-r", "-t") if "recursive" in call.query else ()
    return 200, {"sha": sha, "truncated": False, "tree": here.entries(sha, *more)}


def _post_tree(server: StandIn, here: Repository, call: Call) -> Answer:
    _writable(here, call)
    base = call.body.get("base_tree", "")
    if base:
        _object(here, base, "tree")
    for entry in call.body["tree"]:
        if entry["sha"] is not None:
            _object(here, entry["sha"], "blob")
    sha = here.tree(base, call.body["tree"])
    return 201, {"sha": sha, "truncated": False, "tree": here.entries(sha)}


def _get_commit(server: StandIn, here: Repository, call: Call) -> Answer:
    sha = call.words["commit_sha"]
    if here.kind(sha) != "commit":
        raise RefusalError(404, "Not Found")
    return 200, {"sha": sha, "tree.sha": here.find(f"{sha}^{{tree}}")}


def _post_commit(server: StandIn, here: Repository, call: Call) -> Answer:
    _writable(here, call)
    _object(here, call.body["tree"], "tree")
    parents = call.body.get("parents", [])
    for parent in parents:
        _object(here, parent, "commit")
    above = [word for parent in parents for word in ("-p", parent)]
    words = ("commit-tree", call.body["tree"], *above, "-m", call.body["message"])
    return 201, {"sha": here.line(*words), "tree.sha": call.body["tree"]}


def _ref(ref: str, sha: str) -> dict[str, Any]:
    return {"ref": ref, "object.sha": sha, "object.type": "commit"}


def _get_ref(server: StandIn, here: Repository, call: Call) -> Answer:
    ref = f"refs/{call.words['ref']}"
    if not (sha := here.find(ref)):
        raise RefusalError(404, "Not Found")
    return 200, _ref(ref, sha)


def _post_ref(server: StandIn, here: Repository, call: Call) -> Answer:
    _writable(here, call)
    ref, sha = call.body["ref"], call.body["sha"]
    if not ref.startswith("refs/heads/"):
        raise RefusalError(422, "Reference name must start with 'refs/'")
    if here.find(ref):
        raise RefusalError(422, "Reference already exists")
    if here.kind(sha) != "commit":
        raise RefusalError(422, "Object does not exist")
    here.git("update-ref", ref, sha, "0" * 40)
    requests.moved(server, here, ref, "0" * 40, sha, call)
    return 201, _ref(ref, sha)


def _patch_ref(server: StandIn, here: Repository, call: Call) -> Answer:
    _writable(here, call)
    ref, sha = f"refs/{call.words['ref']}", call.body["sha"]
    if not (old := here.find(ref)):
        raise RefusalError(422, "Reference does not exist")
    try:
        here.git("merge-base", "--is-ancestor", old, sha)
    except RefusedByGitError:
        raise RefusalError(422, "Update is not a fast forward") from None
    here.git("update-ref", ref, sha, old)
    requests.moved(server, here, ref, old, sha, call)
    _follow(server, here, ref.removeprefix("refs/heads/"), sha)
    return 200, _ref(ref, sha)


def _follow(server: StandIn, here: Repository, branch: str, sha: str) -> None:
    """Pull requests from a branch move with it."""
    above = server.repositories[here.parent or here.name]
    for pull in above.pulls:
        if pull["head.label"] == f"{here.owner}:{branch}" and pull["state"] == "open":
            pull["head.sha"], pull["updated_at"] = sha, server.now
            above.git(
                "fetch", "--quiet", str(here.folder), f"+{sha}:refs/pull/{pull['number']}/head"
            )


def _get_pulls(server: StandIn, here: Repository, call: Call) -> Answer:
    wanted = {key: call.query[key] for key in ("head", "base") if key in call.query}
    state = call.query.get("state", "open")
    found = [
        pull
        for pull in here.pulls
        if pull["state"] == state and all(pull["as_asked"][key] == wanted[key] for key in wanted)
    ]
    found = requests.page(found, call)
    return 200, [{k: v for k, v in pull.items() if k not in requests.INSIDE} for pull in found]


def _post_pull(server: StandIn, here: Repository, call: Call) -> Answer:
    owner, _, branch = call.body["head"].rpartition(":")
    owner, base = owner or here.owner, call.body["base"]
    network = [r for r in server.repositories.values() if here.name in {r.name, r.parent}]
    source = next((r for r in network if r.owner == owner), None)
    tip = source.find(f"refs/heads/{branch}") if source else ""
    if not source or not tip:
        wrong = {"resource": "PullRequest", "field": "head", "code": "invalid"}
        raise RefusalError(422, "Validation Failed", wrong)
    asked = {"head": f"{owner}:{branch}", "base": base}
    if any(p["as_asked"] == asked and p["state"] == "open" for p in here.pulls):
        message = f"A pull request already exists for {owner}:{branch}."
        wrong = {"resource": "PullRequest", "code": "custom", "message": message}
        raise RefusalError(422, "Validation Failed", wrong)
    if tip == here.find(f"refs/heads/{base}"):
        raise RefusalError(422, f"No commits between {base} and {branch}")
    number = len(here.pulls) + 1
    here.git("fetch", "--quiet", str(source.folder), f"{tip}:refs/pull/{number}/head")
    pull = {
        "number": number,
        "title": call.body["title"],
        "body": call.body.get("body"),
        "state": "open",
        "html_url": f"https://github.example/{here.name}/pull/{number}",
        "user.login": call.login,
        "user.id": call.person.id if call.person else 0,
        "head.ref": branch,
        "head.sha": tip,
        "head.label": f"{owner}:{branch}",
        "as_asked": asked,
        **requests.opened(server, source, base),
    }
    here.pulls.append(pull)
    return 201, {k: v for k, v in pull.items() if k not in requests.INSIDE}


def _check_runs(server: StandIn, here: Repository, call: Call) -> Answer:
    runs = server.checks.get(call.words["ref"], [])
    return 200, {"total_count": len(runs), "check_runs": runs}


def _annotations(server: StandIn, here: Repository, call: Call) -> Answer:
    return 200, server.annotations.get(int(call.words["check_run_id"]), [])


def _status(server: StandIn, here: Repository, call: Call) -> Answer:
    result = server.statuses.get(call.words["ref"], [])
    state = result[0]["state"] if result else "pending"
    return 200, {"state": state, "statuses": result, "total_count": len(result)}


_IN_REPOSITORY: dict[tuple[str, str], Callable[[StandIn, Repository, Call], Answer]] = {
    ("get", ""): _get_repository,
    ("post", "/forks"): _fork,
    ("post", "/merge-upstream"): _merge_upstream,
    ("get", "/contents/{path}"): _contents,
    ("get", "/git/blobs/{file_sha}"): _get_blob,
    ("post", "/git/blobs"): _post_blob,
    ("get", "/git/trees/{tree_sha}"): _get_tree,
    ("post", "/git/trees"): _post_tree,
    ("get", "/git/commits/{commit_sha}"): _get_commit,
    ("post", "/git/commits"): _post_commit,
    ("get", "/git/ref/{ref}"): _get_ref,
    ("post", "/git/refs"): _post_ref,
    ("patch", "/git/refs/{ref}"): _patch_ref,
    ("get", "/pulls"): _get_pulls,
    ("post", "/pulls"): _post_pull,
    **requests.ANSWERS,
    ("get", "/commits/{ref}/check-runs"): _check_runs,
    ("get", "/commits/{ref}/status"): _status,
    ("get", "/check-runs/{check_run_id}/annotations"): _annotations,
}
