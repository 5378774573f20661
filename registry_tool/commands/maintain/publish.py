"""`registry-tool publish-site`: the one writer on main. Checks, regenerates, commits what is stale, builds.

Where the target's output says from which commit it was published, all of it costs what differs since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from registry_tool.catalogue.index_branch import branch_commit, update_branch
from registry_tool.commands.maintain.build import with_deployed
from registry_tool.commands.maintain.index import stale_documents
from registry_tool.commands.maintain.indexes.identity import index_identity
from registry_tool.commands.maintain.output.attestations import attestations_of
from registry_tool.commands.maintain.output.difference import CommitDifference, difference
from registry_tool.commands.maintain.output.existing import BuildResult, unchanged
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.commands.maintain.targets import BranchTarget, FolderTarget, OutputTarget
from registry_tool.commands.maintain.trust.metadata import signer_of
from registry_tool.core.clock import Clock, SystemClock
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.finding import FindingsError, Severity
from registry_tool.store import paths
from registry_tool.store.branch import Branch
from registry_tool.store.checkouts import StaleCheckoutError
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.partial import PartialRepository
from registry_tool.store.git.repository import Repository
from registry_tool.store.person import bot_identity

_STATE: Final = (
    *(paths.INDEXES_BRANCH, paths.DEPLOYMENTS_BRANCH, paths.AUDIT_BRANCH, paths.RUN_KEYS_BRANCH),
    *(paths.ACCESS_BRANCH, paths.PROVENANCE_BRANCH),
)


@dataclass(frozen=True, slots=True)
class PublishResult:
    """The commit that was published, and the paths of index documents that were stale.

    `index_branch` names the branch that took the documents, where the registry's own takes none from a job;
    `behind` says which checkout of the branch could not be taken along. `since` is the commit that the target
    showed before, empty where nothing differs or where it showed none.
    """

    commit: str
    stale: tuple[str, ...]
    built: BuildResult
    index_branch: str = ""
    behind: str = ""
    since: str = ""


def publish(  # noqa: PLR0913 - all but one are named and have a default
    root: Path,
    out: Path | None = None,
    *,
    branch: str,
    remote: str = "",
    base_url: str = "",
    site_branch: str = "",
    clock: Clock | None = None,
    trust_key: str = "",
) -> PublishResult:
    """Publish `branch` as it is now, whatever is checked out, to the folder `out` or the branch `site_branch`.

    Where the registry has a root, it is signed with `trust_key`, the online key as PEM; what expires is renewed.
    `FindingsError` where a version is broken; `UsageError` where the target may not become an output.
    """
    where = Branch(Repository(root), branch, remote)
    if remote and where.repository.is_cut_off:
        where.repository.complete(remote, f"refs/heads/{branch}")
    before = where.tip()
    if not before:
        location = remote or where.repository.location
        raise RegistryError(f"there is no branch {branch}", location=location)
    clock = clock or SystemClock()
    who = bot_identity(clock.now())
    source = OutputSource(GitTree(where.repository, before), before, before, base_url, checked=True)
    source = with_deployed(source, root, remote)
    source = replace(
        source,
        signer=signer_of(source.tree, trust_key, clock),
        attestations=attestations_of(root, remote),
    )
    target = _target(root, out, site_branch, where, who)
    target.demand(source.settings.name)
    if done := _nothing_to_do(where, source, target):
        return done
    found = _difference(source, target)
    _demand_sound(source, found)
    old = target.mark()
    indexes = _Indexes(where, source, target, found, who)
    indexes.update()
    built = target.bring(replace(source, indexes=indexes.identity))
    since = old.origin if old else ""
    return PublishResult(
        indexes.commit, indexes.stale, built, indexes.index_branch, indexes.behind, since
    )


def _target(
    root: Path, out: Path | None, site_branch: str, where: Branch, who: Identity
) -> OutputTarget:
    if (out is None) == (not site_branch):
        raise UsageError("name one target", hint="either --out DIR or --site-branch NAME")
    if out is not None:
        return FolderTarget(root, out)
    if site_branch in {where.name, *_STATE}:
        raise UsageError(
            "this branch holds something else than a site",
            location=site_branch,
            hint="name another, such as site",
        )
    home = where.repository
    if where.remote:
        home = PartialRepository(home, where.remote)
    return BranchTarget(Branch(home, site_branch, where.remote, alone=True), who)


def _nothing_to_do(
    where: Branch, source: OutputSource, target: OutputTarget
) -> PublishResult | None:
    """The result where the target shows the commit already, and the index documents are those that it knows."""
    old = target.mark()
    if old is None or not old.indexes or not target.is_unmodified(old):
        return None
    if old != replace(source.mark, indexes=old.indexes).with_count(old.count, old.size):
        return None
    documents = GitTree(where.repository, branch_commit(where) or source.origin)
    if index_identity(documents) != old.indexes:
        return None
    if source.signer is not None and source.signer.is_due(target.read):
        return None
    return PublishResult(source.origin, (), unchanged(old))


def _difference(source: OutputSource, target: OutputTarget) -> CommitDifference | None:
    """What differs since the target was published last, None where that is unknown."""
    old = target.mark()
    if old is None or not old.checked or not old.made_alike(source.mark):
        return None
    repository = GitTree.of(source.tree).repository
    return difference(repository, old.origin, source.origin)


def _demand_sound(source: OutputSource, found: CommitDifference | None) -> None:
    from registry_tool.commands.review.check import check_tree, check_versions  # loads every rule

    tree = source.tree
    checked = (
        check_versions(tree, found.added, found.noticed) if found is not None else check_tree(tree)
    )
    if checked.refused:
        raise FindingsError(f for f in checked.findings if f.severity is Severity.ERROR)


@dataclass
class _Indexes:
    """Brings the index documents in step, on the registry's own branch or on the one beside it.

    Afterwards `identity` says which documents show the source, empty where a rival was faster.
    """

    where: Branch
    source: OutputSource
    target: OutputTarget
    found: CommitDifference | None
    who: Identity
    commit: str = ""
    stale: tuple[str, ...] = ()
    index_branch: str = ""
    behind: str = ""
    identity: str = ""
    _known: dict[str, Mapping[str, bytes | None]] = field(default_factory=dict)

    def update(self) -> None:
        """Write what is stale."""
        before = self.source.origin
        self.commit, beside = before, branch_commit(self.where)
        changes = self._patch(beside or before)
        if beside and changes is not None:
            self.stale = tuple(sorted(changes))
            self._update_index_branch((beside, changes))
            return
        stale = changes if changes is not None else stale_documents(GitTree.of(self.source.tree))
        self._known[before] = stale
        self.stale = tuple(sorted(stale))
        refused = bool(stale) and self._refused()
        if refused or beside:
            self._update_index_branch(None)
        else:
            self._identify(self.commit)

    def _patch(self, documents: str) -> Mapping[str, bytes | None] | None:
        """What the documents of a commit lack; None where nobody knows what they are of."""
        old, tree = self.target.mark(), GitTree(self.where.repository, documents)
        if self.found is None or old is None or old.indexes != index_identity(tree):
            return None
        from registry_tool.commands.maintain.indexes.patch import index_patch
        from registry_tool.commands.maintain.output.state import States

        states = States(self.target.read, self.target.expect)
        return index_patch(self.source, states, old.origin, self.found, tree)

    def _refused(self) -> bool:
        """Whether the forge's rules refuse to take a commit with current indexes from a job."""
        try:
            self.commit = self.where.write(self._stale, "Regenerate the indexes", self.who)
        except GitError as error:
            if not error.tells_of_a_rule:
                raise
            return True
        except (
            StaleCheckoutError
        ) as error:  # the registry has its indexes, and its readers wait for the site
            self.commit, self.behind = error.commit, str(error)
        return False

    def _stale(self, tree: GitTree) -> Mapping[str, bytes | None]:
        """What the branch lacks by now; where a rival has written to it, it is computed again."""
        if tree.tree not in self._known:
            self._known[tree.tree] = stale_documents(tree)
        return self._known[tree.tree]

    def _update_index_branch(self, known: tuple[str, Mapping[str, bytes | None]] | None) -> None:
        self.index_branch = paths.INDEXES_BRANCH
        self._identify(update_branch(self.where, self.who, known, self.source.origin))

    def _identify(self, commit: str) -> None:
        if self._known.keys() <= {self.source.origin}:
            self.identity = index_identity(GitTree(self.where.repository, commit))
