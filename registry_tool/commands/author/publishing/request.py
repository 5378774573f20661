"""One pull request for one branch: the one that is open, else a new one; never two."""

from __future__ import annotations

from dataclasses import dataclass

from registry_tool.core.errors import RegistryError
from registry_tool.core.http import LostError
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.github.errors import GitHubRefusedError
from registry_tool.forge.github.rate_limits import back_off
from registry_tool.forge.model import FoundRequest, PullRequest

_LOOKS = 4
_UNPROCESSABLE = 422
_BODY = "Made by `puppy-cli publish`. The check judges it; a maintainer decides where it says that it waits."


@dataclass(frozen=True, slots=True)
class RequestBranches:
    """Where a pull request comes from: a branch of a repository, the registry's own or a fork's; and goes to."""

    repository: str
    branch: str
    base: str

    @property
    def owner(self) -> str:
        """Whose repository it is."""
        return self.repository.split("/", 1)[0]


def ensured_request(
    registry: GitHub, place: RequestBranches, title: str, body: str = _BODY
) -> tuple[bool, FoundRequest]:
    """The open request from a place, and whether it was opened now.

    An answer that was lost, or a refusal because one is open, is not the end: the request is looked for.
    `RegistryError` where GitHub refuses for another reason.
    """
    if found := registry.pulls.find(place.owner, place.branch, place.base):
        return False, found
    request = PullRequest(title, body, f"{place.owner}:{place.branch}", place.base)
    try:
        return True, FoundRequest(registry.pulls.open_pull_request(request))
    except GitHubRefusedError as error:
        if error.status < 500 and error.status != _UNPROCESSABLE:
            raise
        return True, _looked_for(registry, place, error)
    except LostError as error:
        return True, _looked_for(registry, place, error)


def _looked_for(registry: GitHub, place: RequestBranches, error: RegistryError) -> FoundRequest:
    refused = isinstance(error, GitHubRefusedError) and error.status == _UNPROCESSABLE
    for look in range(1 if refused else _LOOKS):
        if found := registry.pulls.find(place.owner, place.branch, place.base):
            return found
        if not refused:
            registry.pace.sleep(back_off(look, registry.pace))
    if refused:
        raise error
    raise RegistryError(
        f"the branch {place.branch} is there; whether its pull request was opened is not known: {error.reason}",
        location=place.repository,
        hint="publish again: it finds the request, or opens it",
    )
