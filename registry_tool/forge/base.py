"""What the tool asks of a forge: the place where pull requests are made and jobs run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A request to merge the branch `head` into `base`."""

    title: str
    body: str
    head: str
    base: str


@dataclass(frozen=True, slots=True)
class FoundRequest:
    """A pull request that is there, and the numeric id and login of who opened it."""

    url: str
    author_id: int = 0
    author: str = ""


@dataclass(frozen=True, slots=True)
class RepositoryAbout:
    """A repository as who asks sees it; `parent` is what it is a fork of, or empty."""

    name: str
    default_branch: str
    may_push: bool
    parent: str = ""
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """What one check says of a commit. `conclusion` is empty until `status` is `completed`.

    `id` is 0 for a mere status, which has no annotations.
    """

    name: str
    status: str
    conclusion: str = ""
    url: str = ""
    summary: str = ""
    id: int = 0

    @property
    def ended(self) -> bool:
        """True where nothing more will happen."""
        return self.status == "completed"


@dataclass(frozen=True, slots=True)
class CheckNote:
    """One annotation of a check: a file and line of the pull request, and what is said there."""

    path: str
    line: int
    level: str
    message: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that people should look at. `labels` tell machines what kind it is of."""

    title: str
    body: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """Whose token it is. `scopes` are None where the forge doesn't tell them; `expires` is its word, or empty."""

    login: str
    id: int
    scopes: tuple[str, ...] | None = None
    expires: str = ""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A request that a job runs: the Action file's name, the branch it is taken from, and its inputs.

    `run_name` is the name that the file gives to a run with these inputs; no other run has it.
    """

    workflow_file: str
    run_name: str
    inputs: Mapping[str, str]
    ref: str = "main"


@dataclass(frozen=True, slots=True)
class ActionRun:
    """One run of an Action file. `conclusion` is empty until `status` is `completed`."""

    id: int
    url: str
    status: str = "queued"
    conclusion: str = ""

    @property
    def ended(self) -> bool:
        """True where nothing more will happen."""
        return self.status == "completed"


@dataclass(frozen=True, slots=True)
class JobStep:
    """One step of a job; the words are the forge's."""

    name: str
    status: str
    conclusion: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One job of a run with its steps so far."""

    id: int
    name: str
    status: str
    conclusion: str = ""
    steps: tuple[JobStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Artifact:
    """An archive that a run kept. `size` is what the forge says, in bytes; `created` is RFC 3339, or empty."""

    id: int
    name: str
    size: int
    expired: bool = False
    created: str = ""


@dataclass(frozen=True, slots=True)
class EnvironmentRules:
    """Who lets jobs into it: how many reviewers (one suffices), and whether from few branches only."""

    reviewers: int = 0
    bound_to_branches: bool = False


@dataclass(frozen=True, slots=True)
class BranchRules:
    """What a branch's rules demand: the kinds of rules, checks by name, and review by code owners."""

    kinds: frozenset[str] = frozenset()
    checks: frozenset[str] = frozenset()
    code_owners: bool = False


@dataclass(frozen=True, slots=True)
class ReactedDiscussion:
    """A discussion: its title, its category's short name, and how many gave each reaction (`THUMBS_UP`, …)."""

    title: str
    category: str
    reactions: Mapping[str, int]


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
