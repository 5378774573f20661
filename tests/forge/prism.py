"""Prism (npm `@stoplight/prism-cli`) that serves GitHub's own OpenAPI description (npm `@octokit/openapi`).

Only the paths that the product uses are served, with all that they refer to: the whole has 13 MB. Requests that
don't fit the description are refused with 422, and answers are the description's examples.
"""

from __future__ import annotations

import atexit
import json
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from tests.node_tools import node_tool

USED = {
    "/user": ("get",),
    "/repos/{owner}/{repo}": ("get",),
    "/repos/{owner}/{repo}/forks": ("post",),
    "/repos/{owner}/{repo}/merge-upstream": ("post",),
    "/repos/{owner}/{repo}/commits/{ref}/check-runs": ("get",),
    "/repos/{owner}/{repo}/commits/{ref}/status": ("get",),
    "/repos/{owner}/{repo}/check-runs/{check_run_id}/annotations": ("get",),
    "/repos/{owner}/{repo}/pulls": ("get", "post"),
    "/repos/{owner}/{repo}/pulls/{pull_number}": ("patch",),
    "/repos/{owner}/{repo}/releases": ("get",),
    "/repos/{owner}/{repo}/pulls/{pull_number}/merge": ("put",),
    "/repos/{owner}/{repo}/pulls/{pull_number}/reviews": ("get",),
    "/repos/{owner}/{repo}/activity": ("get",),
    "/repos/{owner}/{repo}/issues": ("get", "post"),
    "/repos/{owner}/{repo}/issues/{issue_number}/events": ("get",),
    "/repos/{owner}/{repo}/issues/comments/{comment_id}": ("patch",),
    "/repos/{owner}/{repo}/issues/{issue_number}": ("patch",),
    "/repos/{owner}/{repo}/issues/{issue_number}/comments": ("get", "post"),
    "/repos/{owner}/{repo}/contents/{path}": ("get",),
    "/repos/{owner}/{repo}/environments/{environment_name}": ("get",),
    "/repos/{owner}/{repo}/environments/{environment_name}/secrets": ("get",),
    "/repos/{owner}/{repo}/rules/branches/{branch}": ("get",),
    "/repos/{owner}/{repo}/pages": ("get",),
    "/repos/{owner}/{repo}/actions/permissions/workflow": ("get",),
    "/repos/{owner}/{repo}/git/blobs": ("post",),
    "/repos/{owner}/{repo}/git/trees": ("post",),
    "/repos/{owner}/{repo}/git/commits": ("post",),
    "/repos/{owner}/{repo}/git/refs": ("post",),
    "/repos/{owner}/{repo}/git/refs/{ref}": ("patch",),
    "/repos/{owner}/{repo}/git/ref/{ref}": ("get",),
    "/repos/{owner}/{repo}/git/blobs/{file_sha}": ("get",),
    "/repos/{owner}/{repo}/git/trees/{tree_sha}": ("get",),
    "/repos/{owner}/{repo}/git/commits/{commit_sha}": ("get",),
    "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches": ("post",),
    "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs": ("get",),
    "/repos/{owner}/{repo}/actions/runs/{run_id}": ("get",),
    "/repos/{owner}/{repo}/actions/runs/{run_id}/jobs": ("get",),
    "/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts": ("get",),
    "/repos/{owner}/{repo}/actions/artifacts": ("get",),
    "/repos/{owner}/{repo}/actions/artifacts/{artifact_id}": ("delete",),
    "/repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}": ("get",),
}

EXAMPLES_LACK = (
    *(("team", "type"), ("team-simple", "type"), ("job", "created_at")),
    *(("full-repository", "language"), ("full-repository", "has_discussions")),
    ("repository", "language"),
)
"""Keys that GitHub's own examples leave out although its own schemas require them."""


def description(name: str) -> dict[str, Any]:
    """`api.github.com`, or an enterprise server's such as `ghes-3.17`, whole."""
    file = node_tool(f"node_modules/@octokit/openapi/generated/{name}.json")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def used_part(whole: dict[str, Any]) -> dict[str, Any]:
    """The description of `USED`, strict: no key in a body that the description doesn't name."""
    paths: dict[str, Any] = {}
    for path, methods in USED.items():
        item = whole["paths"][path]
        paths[path] = {method: _strict(item[method]) for method in methods}
    part = {**{key: whole[key] for key in ("openapi", "info")}, "paths": paths, "components": {}}
    waiting = [paths]
    while waiting:
        for ref in _refs(waiting.pop()):
            kind, name = ref.removeprefix("#/components/").split("/")
            known = part["components"].setdefault(kind, {})
            if name not in known:
                known[name] = whole["components"][kind][name]
                waiting.append(known[name])
    for schema, key in EXAMPLES_LACK:
        required = part["components"]["schemas"][schema]["required"]
        if key in required:  # descriptions of enterprise servers differ
            required.remove(key)
    for issue in part["components"]["examples"]["issue-items"]["value"]:
        issue.pop("pull_request", None)  # GitHub's example of an issue is a pull request
    for one in part["components"]["examples"]["activity-items"]["value"]:
        # GitHub's example is older than its schema, which its answers fit.
        one["timestamp"], one["actor"] = one.pop("pushed_at"), one.pop("pusher")
        one["activity_type"] = "push"
        del one["push_type"]
    return part


def _strict(operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = body.get("schema", {})
    if "properties" in schema:
        schema["additionalProperties"] = False
    return operation


def _refs(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _refs(item)


@cache
def github_prism() -> str:
    """The address of a Prism with the description of github.com, one for all tests of this process."""
    held = ExitStack()
    atexit.register(held.close)
    folder = held.enter_context(tempfile.TemporaryDirectory(prefix="prism-"))
    part = used_part(description("api.github.com"))
    return held.enter_context(prism(part, Path(folder)))


@contextmanager
def prism(part: dict[str, Any], folder: Path, upstream: str = "") -> Iterator[str]:
    """The address of a Prism that serves a description, or holds a server to it; it ends with the block."""
    file = folder / "description.json"
    file.write_text(json.dumps(part), encoding="utf-8")
    program = node_tool("node_modules/@stoplight/prism-cli/dist/index.js")
    port = _free_port()
    command = [
        "node",
        program,
        "proxy" if upstream else "mock",
        "--errors",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        file,
        *([upstream] if upstream else []),
    ]
    log = folder / "prism.log"  # a pipe that nobody reads would stop it one day
    with (
        log.open("wb") as output,
        subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT) as child,
    ):
        try:
            while "is listening" not in log.read_text(encoding="utf-8"):
                assert child.poll() is None, log.read_text(encoding="utf-8")
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            child.terminate()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
