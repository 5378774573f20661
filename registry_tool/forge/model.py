"""What a forge holds, as values: pull requests, checks, issues, jobs, artifacts and rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A request to merge the branch `head` into `base`."""

    title: str
    body: str
    head: str
    base: str


@dataclass(frozen=True, slots=True)
class FoundRequest:
    """A pull request that is there, the numeric id and login of who opened it, and its number (0: not known)."""

    url: str
    author_id: int = 0
    author: str = ""
    number: int = 0


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
