"""Repositories and forks of them: https://docs.github.com/rest/repos."""

from __future__ import annotations

import re
from dataclasses import dataclass

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.http import LostError
from registry_tool.core.values import Object
from registry_tool.forge.github.errors import GitHubRefusedError
from registry_tool.forge.github.fields import text
from registry_tool.forge.github.http import GitHubHttp
from registry_tool.forge.github.objects import GitHubObjects
from registry_tool.forge.github.rate_limits import Pace, back_off
from registry_tool.forge.model import RepositoryAbout

_LOOKS = 8
"""How often to look for a fork that is being made; about two minutes with the pauses."""
_CONFLICT = 409
_NAME = re.compile(r"[A-Za-z0-9_-][\w.-]{0,99}/(?!\.{1,2}$)[\w.-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class GitHubRepositories:
    """All repositories that the token may see."""

    http: GitHubHttp
    pace: Pace

    def about(self, name: str) -> RepositoryAbout:
        """GET /repos/{owner}/{repo}; `NotFoundError` where there is none, or where the token may not see it."""
        return _about(self.http.get(f"/repos/{name}"))

    def find(self, name: str) -> RepositoryAbout | None:
        """GET /repos/{owner}/{repo}; None where there is none, or where the token may not see it."""
        try:
            return self.about(name)
        except NotFoundError:
            return None

    def create_fork(self, name: str, branch: str) -> RepositoryAbout:
        """POST …/forks: one's own fork once it can be written to; the one that is there, where there is one.

        `branch` is looked for in it: GitHub makes forks in the background.
        """
        made = self.http.post(f"/repos/{name}/forks", {"default_branch_only": True}, resend=True)
        if made is None:
            raise RegistryError("GitHub did not say where the fork is", location=name)
        fork = _about(made)
        for look in range(_LOOKS):
            if self._has(fork.name, branch):
                return fork
            self.pace.sleep(back_off(look, self.pace))
        raise RegistryError(
            "the fork is not ready yet",
            location=fork.name,
            hint="publish again in some minutes: it goes on with this fork",
        )

    def sync(self, fork: str, branch: str) -> None:
        """POST …/merge-upstream: bring a fork's branch up to what it is a fork of."""
        try:
            self.http.post(f"/repos/{fork}/merge-upstream", {"branch": branch}, resend=True)
        except GitHubRefusedError as error:
            raise RegistryError(
                f"the fork can't be brought up to date: {error.reason}",
                location=fork,
                hint="press *Sync fork* on its page, or delete the fork; then publish again",
            ) from None

    def _has(self, name: str, branch: str) -> bool:
        try:
            return bool(GitHubObjects(self.http, name).tip(branch))
        except LostError:
            return False
        except GitHubRefusedError as error:
            if error.status != _CONFLICT:  # "Git Repository is empty."
                raise
            return False


def _about(value: Object) -> RepositoryAbout:
    rights, parent = value.get("permissions"), value.get("parent")
    name = text(value, "full_name")
    if not _NAME.fullmatch(name):  # it becomes a part of addresses
        raise RegistryError("GitHub's answer names no repository", location=name[:80])
    return RepositoryAbout(
        name,
        text(value, "default_branch") or "main",
        isinstance(rights, dict) and rights.get("push") is True,
        text(parent, "full_name") if isinstance(parent, dict) and value.get("fork") is True else "",
        value.get("archived") is True,
    )
