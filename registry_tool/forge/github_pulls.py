"""Pull requests: https://docs.github.com/rest/pulls/pulls."""

from __future__ import annotations

from dataclasses import dataclass

from registry_tool.core.errors import RegistryError
from registry_tool.forge.github_fields import address
from registry_tool.forge.github_http import GitHubHttp
from registry_tool.forge.protocol import PullRequest


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
