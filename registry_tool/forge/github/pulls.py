"""Pull requests: https://docs.github.com/rest/pulls/pulls."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.forge.github.fields import address, number, text
from registry_tool.forge.github.http import GitHubHttp
from registry_tool.forge.model import FoundRequest, PullRequest


@dataclass(frozen=True, slots=True)
class GitHubPulls:
    """The pull requests of `owner/name`."""

    http: GitHubHttp
    repository: str

    def open_pull_request(self, request: PullRequest) -> str:
        """POST /repos/{owner}/{repo}/pulls; gives the pull request's `html_url`."""
        answer = self.http.post(
            f"/repos/{self.repository}/pulls",
            {
                "title": request.title,
                "body": request.body,
                "head": request.head,
                "base": request.base,
            },
            resend=False,
        )
        if answer is None:
            raise RegistryError("GitHub did not say which pull request it opened")
        return address(answer, "html_url")

    def find_pull_request(self, head: str, base: str) -> str:
        """GET /repos/{owner}/{repo}/pulls, of this repository's own branch `head`."""
        found = self.find(self.repository.split("/", 1)[0], head, base)
        return found.url if found else ""

    def find(self, owner: str, branch: str, base: str) -> FoundRequest | None:
        """The open pull request from `owner`'s branch, in a fork or here; None where there is none."""
        return next((_found(item) for item in self._from(owner, branch, base, "open")), None)

    def closed(self, owner: str, branch: str, base: str, commit: str) -> FoundRequest | None:
        """A pull request from `owner`'s branch that was closed while it stood at a commit, of the newest 30."""
        for item in self._from(owner, branch, base, "closed"):
            head = item.get("head")
            if isinstance(head, dict) and head.get("sha") == commit:
                return _found(item)
        return None

    def change(self, number: int, title: str, body: str) -> None:
        """PATCH /repos/{owner}/{repo}/pulls/{n}: another title and text."""
        self.http.patch(f"/repos/{self.repository}/pulls/{number}", {"title": title, "body": body})

    def close(self, number: int) -> None:
        """PATCH /repos/{owner}/{repo}/pulls/{n}: closed, not merged."""
        self.http.patch(f"/repos/{self.repository}/pulls/{number}", {"state": "closed"})

    def _from(self, owner: str, branch: str, base: str, state: str) -> list[Object]:
        query = urlencode({"state": state, "head": f"{owner}:{branch}", "base": base})
        return self.http.get_list(f"/repos/{self.repository}/pulls?{query}")


def _found(item: Object) -> FoundRequest:
    user = item.get("user")
    who: Object = user if isinstance(user, dict) else {"id": 0}
    own = number(item, "number") if "number" in item else 0
    return FoundRequest(address(item, "html_url"), number(who, "id"), text(who, "login"), own)
