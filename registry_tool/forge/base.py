"""What the tool asks of a forge: the place where pull requests are made and jobs run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from registry_tool.forge.model import (
    ActionRun,
    Artifact,
    BranchRules,
    Dispatch,
    EnvironmentRules,
    Issue,
    Job,
    PullRequest,
    ReactedDiscussion,
)


class PullRequests(Protocol):
    """Merges that are asked for."""

    def open_pull_request(self, request: PullRequest) -> str:
        """The address of the opened pull request; `RegistryError` where the forge refuses."""

    def find_pull_request(self, head: str, base: str) -> str:
        """The address of the open pull request from the branch `head` into `base`, empty where there is none."""


class Issues(Protocol):
    """What is reported to people."""

    def report(self, issue: Issue) -> str:
        """The issue's address. An open one with the same title and labels gets a comment instead of a twin."""

    def resolve(self, issue: Issue) -> str:
        """The address of the open issue with this title and these labels, closed with the body as a comment.

        Empty where there is none.
        """


class Dispatches(Protocol):
    """Jobs that are asked for, and how they go."""

    def dispatch(self, request: Dispatch) -> ActionRun:
        """The run that it started; asked for once, never twice."""

    def run(self, id: int) -> ActionRun:
        """The run now."""

    def jobs(self, id: int) -> tuple[Job, ...]:
        """The jobs of the newest attempt of a run, in the forge's order."""


class Artifacts(Protocol):
    """What runs keep."""

    def of_run(self, id: int) -> tuple[Artifact, ...]:
        """The artifacts of a run, newest first."""

    def named(self, name: str) -> tuple[Artifact, ...]:
        """Every run's artifacts of that name, newest first."""

    def files(self, artifact: Artifact) -> dict[str, bytes]:
        """Its files by their paths; `RegistryError` for an unsafe, broken or too large archive."""

    def remove(self, name: str) -> bool:
        """Remove every artifact of that name; False where there was none."""


class Contents(Protocol):
    """Files on branches, without a clone."""

    def read(self, branch: str, path: str) -> bytes | None:
        """A file's bytes, None where there is no such branch or file."""

    def add_branch(self, branch: str, files: Mapping[str, bytes], message: str) -> None:
        """A new branch of one commit without parents that holds just these files."""


class RepositorySettings(Protocol):
    """How the repository is set up, only read. `RegistryError` where the token may not see it."""

    def environment(self, name: str) -> EnvironmentRules | None:
        """Who is let into an environment; None where there is none."""

    def secrets(self, environment: str) -> frozenset[str]:
        """The names of an environment's secrets."""

    def rules(self, branch: str) -> BranchRules:
        """What is demanded of a branch."""

    def pages_source(self) -> str:
        """`workflow`, `legacy`, or empty where no site is served."""

    def jobs_may(self) -> tuple[str, bool]:
        """A job's usual rights (`read`, `write`), and whether it may open pull requests."""


class Releases(Protocol):
    """Files that were published beside the repository."""

    def downloads(self) -> Mapping[str, int]:
        """How often each file was downloaded, by its name."""


class Discussions(Protocol):
    """What people say."""

    def reacted(self) -> Iterable[ReactedDiscussion]:
        """Every discussion with its reactions, the oldest first."""


class Forge(Protocol):
    """One forge, one repository."""

    @property
    def pulls(self) -> PullRequests:
        """Its pull requests."""

    @property
    def issues(self) -> Issues:
        """Its issues."""

    @property
    def dispatches(self) -> Dispatches:
        """Its jobs."""

    @property
    def artifacts(self) -> Artifacts:
        """What its jobs keep."""

    @property
    def contents(self) -> Contents:
        """Its files."""

    @property
    def releases(self) -> Releases:
        """Its releases."""

    @property
    def discussions(self) -> Discussions:
        """Its discussions."""

    @property
    def settings(self) -> RepositorySettings:
        """How it is set up."""

    def token_owner(self) -> int:
        """The numeric id of whose token asks; 0 where it belongs to a job or an app, so to no person."""
