"""Publishing to a registry on GitHub by its REST API alone: nothing is cloned, so its size costs nothing.

Everything is read and judged before anything is sent. Then come blobs, a tree on top of the base's, a commit, the
branch that makes it seen, and the pull request; each finds what an earlier attempt left, so that a command that
was killed anywhere is said again and one request results.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from registry_tool.commands.author.candidate import UnpublishedVersion, judge_candidate
from registry_tool.commands.author.publishing.forge_ground import forge_ground
from registry_tool.commands.author.publishing.plan import (
    NEW,
    SAME,
    BranchPlan,
    BranchSides,
    branch_of,
    branch_plan,
    demand_unpublished,
)
from registry_tool.commands.author.publishing.request import RequestBranches, ensured_request
from registry_tool.commands.author.publishing.rivals import demand_no_colleagues, rivals_of
from registry_tool.core.clock import Clock, SystemClock
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.core.finding import Finding
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.github.errors import GitHubRefusedError
from registry_tool.forge.github.tree import GitHubTree
from registry_tool.forge.model import Account, FoundRequest, RepositoryAbout
from registry_tool.forge.open_requests import OpenRequest
from registry_tool.manifest.owners import OwnerAccount
from registry_tool.store.tree import blob_id

_FORBIDDEN = 403


@dataclass(frozen=True, slots=True)
class ForgeProposal:
    """A pull request that publishes a version: its address, its commit, and the branch that it is made from.

    `opened` says whether it was opened now; `plan` what its branch was, and what was filled in. `rivals` are
    others' open requests for the same version, of which one can be merged.
    """

    url: str
    commit: str
    repository: str
    branch: str
    plan: BranchPlan
    opened: bool
    author: str = ""
    rivals: tuple[OpenRequest, ...] = ()


@dataclass(frozen=True)
class ForgePublisher:
    """Publishes to the registry that `github` is connected to; `notify` hears of what takes long."""

    github: GitHub
    clock: Clock = field(default_factory=SystemClock)
    notify: Callable[[str], None] = lambda _: None

    def publish(
        self, candidate: UnpublishedVersion, owner: OwnerAccount | None = None
    ) -> ForgeProposal:
        """The request, opened or found; `FindingsError` where a rule refuses the version: nothing is sent then.

        The publisher is who is logged in; `owner` only stands in for a token that belongs to no person.
        """
        account = self.github.accounts.who()
        owner = OwnerAccount(account.login, account.id) if account else owner
        about = self.github.repositories.about(self.github.repository)
        _demand_open(about)
        ground, base = forge_ground(self.github.at(about.name), about.default_branch)
        demand_unpublished(ground.tree, candidate)
        branch = branch_of(candidate.name, candidate.version)
        now = self.clock.now()

        def judge(dated: UnpublishedVersion) -> tuple[Finding, ...]:
            return judge_candidate(ground, dated, owner).findings

        place, known = self._place(about, account, branch)
        rivals: tuple[OpenRequest, ...] = ()
        if known is None:
            registry = self.github.at(about.name)
            rivals = rivals_of(registry, about.default_branch, branch, account)
            demand_no_colleagues(rivals, ground.tree, candidate.name, candidate.version)
        if not place.repository:
            branch_plan(
                BranchSides(ground.tree), candidate, owner, now, judge
            )  # before a fork is made
            place = self._forked(about, place)
        tip = self.github.at(place.repository).objects.tip(branch)
        there = GitHubTree(self.github.http, place.repository, tip) if tip else None
        sides = BranchSides(ground.tree, there)
        plan = branch_plan(sides, candidate, owner, now, judge)
        commit = tip
        if plan.state != SAME:
            title = f"{'Publish' if plan.state == NEW else 'Update'} {candidate.name} {candidate.version}"
            tree = self._tree_of(place, about, tip or base)
            try:
                commit = self._send(place, plan, sides, (tip or base, tree), title)
            except (GitHubRefusedError, NotFoundError) as error:
                raise _without_right(error, account, about) from None
        if known is None:
            title = f"Publish {candidate.name} {candidate.version}"
            opened, known = ensured_request(self.github.at(about.name), place, title)
        else:
            opened = False
        return ForgeProposal(
            *(known.url, commit, place.repository, branch, plan, opened),
            *(_other(known, account), rivals),
        )

    def _place(
        self, about: RepositoryAbout, account: Account | None, branch: str
    ) -> tuple[RequestBranches, FoundRequest | None]:
        """Where the branch is or will be, and the open request from it: the registry itself, else a fork of it.

        An open request from either place counts, so that a right that was given or taken meanwhile makes no twin.
        A fork that is not made yet has no name.
        """
        pulls = self.github.at(about.name).pulls
        own = RequestBranches(about.name, branch, about.default_branch)
        fork = self._fork_of(about, account)
        forked = RequestBranches(fork, branch, about.default_branch)
        may_push = about.may_push or account is None  # an app's rights are found by trying
        places = [own] if may_push else []
        places += [forked] if fork else []
        for place in places:
            if found := pulls.find(place.owner, branch, about.default_branch):
                return place, found
        return own if may_push else forked, None

    def _fork_of(self, about: RepositoryAbout, account: Account | None) -> str:
        """The name of one's own fork, empty where none is known under the registry's own name."""
        if account is None or account.login == about.name.split("/", 1)[0]:
            return ""
        found = self.github.repositories.find(f"{account.login}/{about.name.split('/', 1)[1]}")
        return found.name if found and found.parent == about.name else ""

    def _forked(self, about: RepositoryAbout, place: RequestBranches) -> RequestBranches:
        """One's own fork, made now, or found under another name than the registry's."""
        self.notify(f"making a fork of {about.name}, where you may not push")
        fork = self.github.repositories.create_fork(about.name, about.default_branch)
        return RequestBranches(fork.name, place.branch, place.base)

    def _tree_of(self, place: RequestBranches, about: RepositoryAbout, start: str) -> str:
        """The tree of the commit to start from; a fork that lacks it is brought up to date."""
        objects = self.github.at(place.repository).objects
        if tree := objects.tree_of(start):
            return tree
        self.notify(f"bringing the fork {place.repository} up to date")
        self.github.repositories.sync(place.repository, about.default_branch)
        if tree := objects.tree_of(start):
            return tree
        raise RegistryError(
            "the fork lacks the registry's newest commit",
            location=place.repository,
            hint="press *Sync fork* on its page, then publish again",
        )

    def _send(
        self,
        place: RequestBranches,
        plan: BranchPlan,
        sides: BranchSides,
        start: tuple[str, str],
        title: str,
    ) -> str:
        """The commit on the branch, on top of `start` (commit, tree); only files that it has not are sent."""
        objects, (parent, tree) = self.github.at(place.repository).objects, start
        there = sides.branch or sides.published
        blobs: dict[str, str | None] = {}
        for path, data in sorted(plan.wanted.items()):
            if data is None:
                blobs[path] = None
            elif there.object_id(path) != blob_id(data):
                blobs[path] = objects.blob(data)
        commit = objects.commit(objects.tree(blobs, tree), (parent,), f"{title}\n")
        if sides.branch is None:
            objects.create_branch(place.branch, commit)
        else:
            objects.move_branch(place.branch, commit)
        return commit


def _demand_open(about: RepositoryAbout) -> None:
    if about.archived:
        raise RegistryError(
            "the registry is archived: it takes no pull requests",
            location=about.name,
            hint="ask its maintainers where it has moved",
        )


def _without_right(
    error: RegistryError, account: Account | None, about: RepositoryAbout
) -> RegistryError:
    """What a refusal means for a token of no person, for which no fork can be made; else the refusal."""
    if account or (isinstance(error, GitHubRefusedError) and error.status != _FORBIDDEN):
        return error
    return UsageError(
        f"the token is a job's or an app's, and may not write to the registry: {error.reason}",
        location=about.name,
        hint="install the app there and give it Contents: write and Pull requests: write, or log in as a person",
    )


def _other(found: FoundRequest, account: Account | None) -> str:
    """The login of somebody else who opened a request."""
    return "" if account and found.author_id == account.id else found.author
