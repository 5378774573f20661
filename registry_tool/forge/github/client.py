"""GitHub (https://docs.github.com/rest): one repository with a token, by its parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from registry_tool.core.errors import UsageError
from registry_tool.forge.github.accounts import GitHubAccounts
from registry_tool.forge.github.artifacts import GitHubArtifacts
from registry_tool.forge.github.checks import GitHubChecks
from registry_tool.forge.github.contents import GitHubContents
from registry_tool.forge.github.discussions import GitHubDiscussions
from registry_tool.forge.github.http import API, GitHubHttp
from registry_tool.forge.github.issues import GitHubIssues
from registry_tool.forge.github.objects import GitHubObjects
from registry_tool.forge.github.open_requests import GitHubOpenRequests
from registry_tool.forge.github.pulls import GitHubPulls
from registry_tool.forge.github.rate_limits import Pace
from registry_tool.forge.github.releases import GitHubReleases
from registry_tool.forge.github.repositories import GitHubRepositories
from registry_tool.forge.github.runs import GitHubRuns
from registry_tool.forge.github.settings import GitHubSettings

_REMOTE = re.compile(
    r"(?:https://(?:[^/@]*@)?|ssh://git@|git@)([\w.-]+(?::\d+)?)[:/]([\w.-]+)/([\w.-]+?)(?:\.git)?/?"
)
_NAME = re.compile(r"[\w.-]{1,100}/[\w.-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Remote:
    """A remote's address: the forge's host, and `owner/name` there."""

    host: str
    repository: str


def remote_of(address: str) -> Remote:
    """The forge and repository that a remote's address names; `UsageError` for one that belongs to no forge."""
    match = _REMOTE.fullmatch(address)
    if match is None or ".." in {match[2], match[3]}:
        raise UsageError(
            f"{_shown(address)} is not a repository on a forge",
            hint="open the pull request by hand, or set the remote's address",
        )
    return Remote(match[1].lower(), f"{match[2]}/{match[3]}")


def _shown(address: str) -> str:
    """Without the password that an address may hold."""
    host = urlsplit(address).hostname
    return f"the remote at {host}" if host and "@" in address else address[:200]


def repository_named(text: str, host: str) -> str:
    """`owner/name` where a text names a repository on a forge's host (`OWNER/REPO`, its address), else empty."""
    if _NAME.fullmatch(text) and not set(text.split("/")) & {".", ".."}:
        return text
    try:
        remote = remote_of(text)
    except UsageError:
        return ""
    return remote.repository if remote.host == host else ""


class GitHub:
    """One repository (`owner/name`) with a token; `api` is an enterprise's own address where it is one."""

    def __init__(
        self,
        repository: str,
        token: str,
        api: str = API,
        *,
        pace: Pace | None = None,
        http: GitHubHttp | None = None,
    ) -> None:
        if not _NAME.fullmatch(repository) or set(repository.split("/")) & {".", ".."}:
            raise UsageError(f"{repository[:80]!r} is not a repository", hint="write OWNER/NAME")
        self.repository = repository
        self.pace = pace or Pace()
        self.http = http or GitHubHttp(token, api, pace=self.pace)
        self.accounts = GitHubAccounts(self.http)
        self.pulls = GitHubPulls(self.http, repository)
        self.open_requests = GitHubOpenRequests(self.http, repository)
        self.issues = GitHubIssues(self.http, repository)
        self.dispatches = GitHubRuns(self.http, repository, self.pace)
        self.artifacts = GitHubArtifacts(self.http, repository)
        self.repositories = GitHubRepositories(self.http, self.pace)
        self.objects = GitHubObjects(self.http, repository)
        self.checks = GitHubChecks(self.http, repository)
        self.contents = GitHubContents(self.http, repository)
        self.releases = GitHubReleases(self.http, repository)
        self.discussions = GitHubDiscussions(self.http, repository)
        self.settings = GitHubSettings(self.http, repository)

    def at(self, repository: str) -> GitHub:
        """Another repository of the same forge, by the same connection."""
        return GitHub(repository, "", pace=self.pace, http=self.http)

    def token_owner(self) -> int:
        """GET /user: the numeric id of whose token it is; 0 for a job's or an app's, which may not ask that."""
        account = self.accounts.who()
        return account.id if account else 0

    def __repr__(self) -> str:
        return f"GitHub({self.repository!r})"
