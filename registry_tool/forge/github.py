"""GitHub's REST API (https://docs.github.com/rest), the part that publishing needs."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import cast
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.values import Object
from registry_tool.forge.protocol import PullRequest

API = "https://api.github.com"
_VERSION = "2022-11-28"
_REMOTE = re.compile(
    r"(?:https://[^/]*|ssh://git@[^/]+|git@[^:]+)[:/]([\w.-]+)/([\w.-]+?)(?:\.git)?/?"
)


def repository_of(remote_url: str) -> str:
    """`owner/name` of a remote's address; `UsageError` for one that is no forge's."""
    match = _REMOTE.fullmatch(remote_url)
    if match is None:
        raise UsageError(
            f"{remote_url} is no repository on a forge",
            way_out="open the pull request by hand, or set the remote's address",
        )
    return f"{match[1]}/{match[2]}"


@dataclass(frozen=True, slots=True)
class GitHub:
    """One repository (`owner/name`) with a token that may open pull requests in it."""

    repository: str
    token: str = field(repr=False)
    api: str = API

    def open_pull_request(self, request: PullRequest) -> str:
        """POST /repos/{owner}/{repo}/pulls; gives the pull request's `html_url`."""
        answer = self._post(
            f"/repos/{self.repository}/pulls",
            {
                "title": request.title,
                "body": request.body,
                "head": request.head,
                "base": request.base,
            },
        )
        return str(answer["html_url"])

    def _post(self, path: str, body: Object) -> Object:
        headers = {
            "accept": "application/vnd.github+json",
            "authorization": f"Bearer {self.token}",
            "content-type": "application/json",
            "x-github-api-version": _VERSION,
            "user-agent": "workflow-registry",
        }
        request = Request(  # noqa: S310 - the address is the operator's own
            f"{self.api}{path}", json.dumps(body).encode(), headers, method="POST"
        )
        try:
            with urlopen(request, timeout=30) as reply:  # noqa: S310
                return cast(Object, json.load(reply))
        except HTTPError as error:
            raise _refused(error) from None
        except (OSError, HTTPException, ValueError) as error:
            raise RegistryError(f"GitHub can't be reached: {error}", place=self.api) from None


def _refused(error: HTTPError) -> RegistryError:
    try:
        told = cast(Object, json.loads(error.read()))
        errors = cast(list[Object], told.get("errors") or [])
        reason = "; ".join(str(e.get("message")) for e in errors) or str(told.get("message"))
    except (ValueError, AttributeError, OSError):
        reason = error.reason
    ways = {401: "look at GITHUB_TOKEN", 403: "give the token the right to pull requests"}
    return RegistryError(
        f"GitHub answered {error.code}: {str(reason)[:300]}", way_out=ways.get(error.code, "")
    )
