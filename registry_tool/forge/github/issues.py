"""Issues: https://docs.github.com/rest/issues."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object, Value
from registry_tool.forge.github.fields import address, number, text
from registry_tool.forge.github.http import GitHubHttp
from registry_tool.forge.model import Issue

_LONGEST_BODY = 65_000  # GitHub takes 65,536 characters


@dataclass(frozen=True, slots=True)
class GitHubIssues:
    """The issues of `owner/name`."""

    http: GitHubHttp
    repository: str

    def report(self, issue: Issue) -> str:
        """A new issue's address, or that of the open one with the same title and labels, which gets a comment."""
        known = self._twin(issue)
        if known is not None:
            path = f"{self._issues}/{number(known, 'number')}/comments"
            self._post(path, {"body": issue.body[:_LONGEST_BODY]})
            return address(known, "html_url")
        labels: list[Value] = list(issue.labels)
        made = self._post(
            self._issues,
            {"title": issue.title, "body": issue.body[:_LONGEST_BODY], "labels": labels},
        )
        return address(made, "html_url")

    def resolve(self, issue: Issue) -> str:
        """The address of the open issue of that title and labels, closed with the body as its last comment."""
        known = self._twin(issue)
        if known is None:
            return ""
        path = f"{self._issues}/{number(known, 'number')}"
        self._post(f"{path}/comments", {"body": issue.body[:_LONGEST_BODY]})
        self.http.patch(path, {"state": "closed", "state_reason": "completed"})
        return address(known, "html_url")

    @property
    def _issues(self) -> str:
        return f"/repos/{self.repository}/issues"

    def _twin(self, issue: Issue) -> Object | None:
        """Among the hundred open issues of these labels that changed last; pull requests stand there, too."""
        query = urlencode(
            {"state": "open", "labels": ",".join(issue.labels), "sort": "updated", "per_page": 100}
        )
        return next(
            (
                found
                for found in self.http.get_list(f"{self._issues}?{query}")
                if text(found, "title") == issue.title[:500] and "pull_request" not in found
            ),
            None,
        )

    def _post(self, path: str, body: Object) -> Object:
        answer = self.http.post(path, body, resend=False)
        if answer is None:
            raise RegistryError("GitHub did not say what became of the issue")
        return answer
