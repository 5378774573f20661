"""A new version on a branch of its own, ready for a pull request; the work tree stays as it is.

It can be said again at any time, also after it was killed: what is there already is found, what the author has
changed since is put on top of it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from registry_tool.commands.author.base_registry import ground_of
from registry_tool.commands.author.candidate import (
    UnpublishedVersion,
    account_in,
    judge_candidate,
)
from registry_tool.commands.author.publishing.plan import (
    NEW,
    SAME,
    BranchSides,
    branch_of,
    branch_plan,
)
from registry_tool.commands.jobs.dispatch import Via, forge_of
from registry_tool.core.clock import Clock, SystemClock, instant
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.finding import Finding
from registry_tool.core.values import Object
from registry_tool.forge.github.client import remote_of
from registry_tool.forge.model import PullRequest
from registry_tool.forge.tokens.found import forge_host
from registry_tool.forge.tokens.token import GITHUB
from registry_tool.manifest.compile import compile_bytes
from registry_tool.manifest.load import load
from registry_tool.manifest.owners import OwnerAccount
from registry_tool.rules.file_set import VersionContent
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository


@dataclass(frozen=True, slots=True)
class BranchProposal:
    """A branch that is ready for a pull request, and what is left to do before it is opened (or nothing).

    `kept` tells dates that the author wrote, as they are; `held` for what a maintainer has to let it through.
    `state`: the branch is NEW, held the SAME already, or is UPDATED by a further commit. `filled` names the dates
    that were written into the branch's manifest.
    """

    branch: str
    note: str = ""
    state: str = NEW
    filled: tuple[str, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)
    held: tuple[str, ...] = ()


def propose_manifest(root: Path, manifest: Object, *, base: str = "HEAD") -> BranchProposal:
    """The branch that adds a manifest's version to the registry's clone at `root`."""
    from registry_tool.importers.manifest_text import manifest_text

    text = manifest_text(manifest).encode()
    workflow = load(text, paths.PROJECT_MANIFEST).workflow
    files = {paths.MANIFEST: text, paths.COMPILED: compile_bytes(workflow)}
    contents = {path: VersionContent(data) for path, data in files.items()}
    return propose(root, UnpublishedVersion(workflow.name, workflow.version, contents), base=base)


def propose(  # noqa: PLR0913 - what, where, and by whom
    root: Path,
    candidate: UnpublishedVersion,
    *,
    base: str = "HEAD",
    owner: OwnerAccount | None = None,
    remote: str = "",
    clock: Clock | None = None,
) -> BranchProposal:
    """The branch `publish/<name>-<version>` with the version's files on top of `base`, or of what it holds.

    A first version brings its owners' file, if it is known who publishes: `owner`, or the account that git's
    own `user.email` names. `created` and `updated` are filled in where the author wrote none. `FindingsError`
    where a rule refuses it: the branch is not moved then. With `remote`, that one's branch counts, too.
    """
    if not (root / paths.REGISTRY_FILE).is_file():
        raise UsageError(
            "publishing goes through a pull request to the registry's git repository",
            location=str(root),
            hint="clone it and name the clone",
        )
    return _Proposal(root, candidate, base, owner, remote, clock or SystemClock()).made()


class _Proposal:
    """One request to publish, and what the clone knows of it."""

    def __init__(  # noqa: PLR0913, PLR0917 - as `propose` has them
        self,
        root: Path,
        candidate: UnpublishedVersion,
        base: str,
        owner: OwnerAccount | None,
        remote: str,
        clock: Clock,
    ) -> None:
        self.repository = Repository(root)
        self.root, self.candidate, self.base = root, candidate, base
        self.owner = owner or account_in(self.repository.config("user.email"))
        self.now = clock.now()
        self.branch = branch_of(candidate.name, candidate.version)
        self.ref = f"refs/heads/{self.branch}"
        self.start = self.repository.commit(base)
        self.published = GitTree(self.repository, self.start)
        self.local = self.repository.find(self.ref)
        self.tip = _newest(self.repository, remote, self.ref, self.local)

    def made(self) -> BranchProposal:
        sides = BranchSides(
            self.published, GitTree(self.repository, self.tip) if self.tip else None
        )
        plan = branch_plan(sides, self.candidate, self.owner, self.now, self._judge)
        self._move(self.tip if plan.state == SAME else self._commit(plan.wanted))
        return BranchProposal(self.branch, plan.note, plan.state, plan.filled, plan.kept, plan.held)

    def _judge(self, dated: UnpublishedVersion) -> tuple[Finding, ...]:
        return judge_candidate(ground_of(str(self.root), self.base), dated, self.owner).findings

    def _commit(self, wanted: Mapping[str, bytes | None]) -> str:
        above = self.tip or self.start
        who = Identity("puppy-cli", "puppy-cli@localhost", instant(self.now))
        verb = "Update" if self.tip else "Publish"
        message = f"{verb} {self.candidate.name} {self.candidate.version}\n"
        return self.repository.commit_with(above, wanted, [above], message, who)

    def _move(self, commit: str) -> None:
        if commit != self.local and not self.repository.move(self.ref, commit, self.local):
            raise RegistryError(
                f"the branch {self.branch} has just been moved by somebody else",
                location=self.repository.location,
                hint="publish again: it goes on from there",
            )


def _newest(repository: Repository, remote: str, ref: str, local: str) -> str:
    """The commit to go on from: the clone's branch or the remote's, whichever holds the other."""
    if remote:
        repository.remote_address(remote)  # an unknown name is an error of its own
    theirs = repository.fetch(remote, ref, _seen(remote, ref)) if remote else ""
    if not theirs or theirs == local or _holds(repository, local, theirs):
        return local
    if not local or _holds(repository, theirs, local):
        return theirs
    branch = ref.removeprefix("refs/heads/")
    raise RegistryError(
        f"the branch {branch} of {remote} and the one here have parted",
        location=repository.location,
        hint=f"drop the one here with `git branch -D {branch}` and publish again",
    )


def _seen(remote: str, ref: str) -> str:
    return f"refs/registry-tool/{remote}/{ref.removeprefix('refs/heads/')}"


def _holds(repository: Repository, commit: str, older: str) -> bool:
    """True where `older` is a part of the history of `commit`."""
    if not commit:
        return False
    try:
        repository.run("merge-base", "--is-ancestor", older, commit)
    except GitError:
        return False
    return True


def open_pull_request(
    root: Path, branch: str, remote: str, title: str, *, base: str = "main"
) -> str:
    """Push a branch and open its pull request, as far as that is not done; gives its address.

    Empty where the remote is a plain git repository, such as a folder or a server without pull requests: the
    branch is pushed then. The token is what `puppy-cli login` kept, else `GITHUB_TOKEN`: it is looked for first.
    """
    repository = Repository(root)
    address = repository.remote_address(remote)
    forge = forge_of(Via.GITHUB, root, remote, os.environ) if is_a_forges(address) else None
    _push(repository, branch, remote, address)
    if forge is None:
        return ""
    known = forge.pulls.find_pull_request(branch, base)
    return known or forge.pulls.open_pull_request(PullRequest(title, "", branch, base))


def is_a_forges(address: str) -> bool:
    """Whether an address is a repository on github.com, or on the forge that the environment names."""
    try:
        return remote_of(address).host in {GITHUB, forge_host(os.environ)}
    except UsageError:
        return False


def _push(repository: Repository, branch: str, remote: str, address: str) -> None:
    ref = f"refs/heads/{branch}"
    commit, theirs = repository.commit(ref), repository.fetch(remote, ref, _seen(remote, ref))
    if theirs != commit and not repository.push(remote, commit, ref, theirs):
        raise RegistryError(
            f"{remote} has another branch {branch}", location=address, hint="publish again"
        )
