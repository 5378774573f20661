"""Proposals that nothing is left of: a newer version was published that no longer names the models that retire."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from registry_tool.catalogue.model import Catalogue, PublishedVersion
from registry_tool.commands.monitor.replacement.branch import SuccessorBranch
from registry_tool.commands.monitor.replacement.requests import SuccessorRequests
from registry_tool.core.errors import RegistryError
from registry_tool.forge.open_requests import OpenRequest
from registry_tool.monitoring.models_asked import models_named
from registry_tool.monitoring.successors import BRANCHES
from registry_tool.report.successors import MoveOutcome, ProposedMove, outdated_text
from registry_tool.resolver.version import parse
from registry_tool.store.git.repository import Repository


@dataclass(frozen=True)
class OutdatedProposals:
    """Closes the requests of such proposals: those that the tool opened itself, and to which nobody has pushed."""

    repository: Repository
    remote: str
    requests: SuccessorRequests
    catalogue: Catalogue
    dry_run: bool = False

    def closed(self) -> Iterator[ProposedMove]:
        """Each that was closed, or would be; one that can't be closed is a failure of its own."""
        newest = {f"{BRANCHES}{line.name}": line.latest for line in self.catalogue.lines}
        for request in self.requests.proposed():
            if request.branch not in newest:
                continue
            version = newest[request.branch]
            try:
                found = self._outdated(request, version)
                if found and not self.dry_run:
                    self.requests.close(request, outdated_text(version.reference, found.models))
            except RegistryError as error:
                yield ProposedMove(
                    version.reference,
                    MoveOutcome.SKIPPED,
                    url=request.url,
                    reason=f"whether its proposal is outdated isn't known, or it can't be closed: {error}",
                    failed=True,
                )
                continue
            if found:
                yield found

    def _outdated(self, request: OpenRequest, newest: PublishedVersion) -> ProposedMove | None:
        """None for a proposal that still stands, or is somebody's by now."""
        branch = SuccessorBranch(self.repository, newest.workflow.name, self.remote)
        found = branch.found()
        if found is None or found.commit != request.head or not found.models:
            return None
        if parse(newest.workflow.version) <= parse(found.version):
            return None
        asked = {model for model, _ in models_named(newest.workflow)}
        if asked.intersection(old for old, _ in found.models):
            return None
        if not self.requests.is_untouched(request):
            return None
        return ProposedMove(
            newest.reference,
            MoveOutcome.PLANNED_CLOSE if self.dry_run else MoveOutcome.CLOSED,
            models=found.models,
            branch=branch.branch,
            url=request.url,
            reason="a newer version is published that no longer asks what retires",
        )
