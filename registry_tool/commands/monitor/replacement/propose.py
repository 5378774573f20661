"""`registry-tool retirements --propose`: a request for each workflow whose model retires and has a successor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from registry_tool.catalogue.load import load_catalogue
from registry_tool.commands.jobs.dispatch import Via, forge_of
from registry_tool.commands.monitor.replacement.access import ModelAccess
from registry_tool.commands.monitor.replacement.branch import (
    Proposal,
    PushRefusedError,
    SuccessorBranch,
)
from registry_tool.commands.monitor.replacement.evidence import Evidence, EvidenceCollector
from registry_tool.commands.monitor.replacement.next_version import Replacement, replacement
from registry_tool.commands.monitor.replacement.outdated import OutdatedProposals
from registry_tool.commands.monitor.replacement.requests import SuccessorRequests
from registry_tool.commands.monitor.retirements import RetirementReport, moves_of
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.engine.providers.all_providers import demand_known_providers
from registry_tool.manifest.owners import load_owners
from registry_tool.monitoring.successors import ModelMove
from registry_tool.report.successors import (
    MoveOutcome,
    MoveShown,
    ProposedMove,
    move_message,
    move_text,
    move_title,
)
from registry_tool.sources.commit import TreeSource
from registry_tool.sources.commit_program import program_from_tree
from registry_tool.sources.program import Program
from registry_tool.state.branches import home_of, writer
from registry_tool.state.target import Target
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository
from registry_tool.store.registry_tree import registry_tree


def proposals(
    target: Target,
    report: RetirementReport,
    named: Mapping[str, str],
    access: ModelAccess,
    *,
    dry_run: bool = False,
) -> Iterator[ProposedMove]:
    """The outcome of each move that a report asks for; `named` are a maintainer's own successors (old: new)."""
    demand_known_providers(access.provider)
    remote = home_of(target)
    forge = forge_of(Via.AUTO, target.root, remote, target.environ) if remote else None
    requests = SuccessorRequests(forge) if forge else None
    proposer = SuccessorProposer(target, remote, requests, access, dry_run)
    proposed = proposer.run(moves_of(target, report, named))
    return chain(proposed, _closed(target, remote, requests, dry_run) if requests else ())


def _closed(
    target: Target, remote: str, requests: SuccessorRequests, dry_run: bool
) -> Iterator[ProposedMove]:
    catalogue = load_catalogue(registry_tree(target.root))
    outdated = OutdatedProposals(Repository(target.root), remote, requests, catalogue, dry_run)
    yield from outdated.closed()


@dataclass(frozen=True)
class SuccessorProposer:
    """Proposes moves on the commit that a clone has checked out.

    `remote` (empty: the repository itself) gets the branches, `requests` (None: no forge) the pull requests.
    """

    target: Target
    remote: str
    requests: SuccessorRequests | None
    access: ModelAccess
    dry_run: bool = False

    def run(self, moves: Sequence[ModelMove]) -> Iterator[ProposedMove]:
        """The outcome of each, once it is known; the others go on where one fails.

        Where a remote refuses a push, nobody is asked for the others' answers: those could go nowhere either.
        """
        refused = ""
        for move in moves:
            if refused:
                yield _failed(move, f"not tried: the remote refused the push for {refused}")
                continue
            try:
                yield self._proposed(move)
            except PushRefusedError as error:
                refused = move.reference
                yield _failed(move, str(error))
            except RegistryError as error:
                yield _failed(move, str(error))

    def _proposed(self, move: ModelMove) -> ProposedMove:
        """One move; what stays as it is says why before any model is asked."""
        about = ProposedMove(move.reference, MoveOutcome.SKIPPED, models=tuple(move.models.items()))
        if not move.models:
            return replace(about, reason="; ".join(move.without))
        tree = GitTree(self._repository, self._repository.commit("HEAD"))
        base = program_from_tree(TreeSource(tree), move.name, move.version)
        branch = SuccessorBranch(self._repository, move.name, self.remote)
        known, key = branch.found(), _key(move, base)
        if known and not known.key:
            reason = "somebody has pushed to the branch: it is theirs now"
            return replace(about, reason=reason, branch=branch.branch)
        if known and known.key == key:
            return self._with_request(about, branch, known, pushed=False)
        if theirs := self.requests.publishing(move.name) if self.requests else None:
            reason = f"{theirs.author} proposes {theirs.branch} already"
            return replace(about, reason=reason, url=theirs.url)
        try:
            version = replacement(base, move, self.target.clock.now())
        except RegistryError as error:  # its author's to change: the next night finds it as it is
            return replace(about, reason=str(error))
        about = replace(about, reference=version.new.workflow.reference)
        if self.dry_run:
            return replace(about, state=MoveOutcome.PLANNED, branch=branch.branch)
        return self._published(about, move, version, tree, branch, known)

    def _published(  # noqa: PLR0913, PLR0917 - all that is known of one move
        self,
        about: ProposedMove,
        move: ModelMove,
        version: Replacement,
        tree: GitTree,
        branch: SuccessorBranch,
        known: Proposal | None,
    ) -> ProposedMove:
        """Collects the evidence, then pushes the branch, then opens the request."""
        who, now = writer(self.target, self.target.environ), self.target.clock.now()
        collector = EvidenceCollector(self._repository, tree.tree, self.access, who, now)
        evidence = collector.of(version)
        title = move_title(move.name, tuple(dict.fromkeys(move.models.values())))
        shown = _shown(move, evidence, tree)
        key = _key(move, version.base)
        proposal = Proposal("", key, title, move_message(shown), move_text(shown))
        commit = branch.publish(tree.tree, evidence.version.changes, proposal, who, known)
        about = replace(about, verdict=evidence.evaluation.verdict)
        return self._with_request(about, branch, replace(proposal, commit=commit), pushed=True)

    @property
    def _repository(self) -> Repository:
        return Repository(self.target.root)

    def _with_request(
        self, about: ProposedMove, branch: SuccessorBranch, proposal: Proposal, *, pushed: bool
    ) -> ProposedMove:
        """Opens the request of the branch, or leaves the one that there is; without a forge, the branch is all."""
        about = replace(about, branch=branch.branch)
        if self.requests is None:
            return replace(about, state=MoveOutcome.PUSHED if pushed else MoveOutcome.KEPT)
        if self.dry_run:
            return replace(about, state=MoveOutcome.KEPT)
        state, url = self.requests.ensure(branch.branch, proposal, pushed=pushed)
        return replace(about, state=state, url=url)


def _failed(move: ModelMove, reason: str) -> ProposedMove:
    models = tuple(move.models.items())
    return ProposedMove(
        move.reference, MoveOutcome.SKIPPED, models=models, reason=reason, failed=True
    )


def _key(move: ModelMove, base: Program) -> str:
    """What a proposal is of: the same version, moved to the same models, is proposed once."""
    models = " ".join(f"{old}={new}" for old, new in move.models.items())
    return f"{move.reference} {base.digest} {models}"


def _shown(move: ModelMove, evidence: Evidence, tree: GitTree) -> MoveShown:
    rows = tuple(
        (old, new, f"{end.retires:%Y-%m-%d}", end.source)
        for (old, new), end in zip(move.models.items(), move.retirements, strict=True)
    )
    return MoveShown(
        evidence.version.new.workflow.reference,
        move.reference,
        rows,
        evidence.evaluation,
        evidence.refused,
        evidence.held,
        _owners(tree, move.name),
        move.without,
    )


def _owners(tree: GitTree, name: str) -> tuple[str, ...]:
    path = paths.owners_file(name)
    try:
        return tuple(person.login for person in load_owners(tree.read(path), path).owners.owners)
    except NotFoundError:
        return ()
