"""The pull request of a move: the open one, else a new one; one that somebody closed stays closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from registry_tool.commands.author.publishing.request import RequestBranches, ensured_request
from registry_tool.commands.monitor.replacement.branch import Proposal
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.open_requests import OpenRequest
from registry_tool.manifest.names import bad_version
from registry_tool.monitoring.successors import BRANCHES
from registry_tool.report.successors import MoveOutcome


@dataclass(frozen=True)
class SuccessorRequests:
    """The requests of a registry on a forge into its default branch."""

    github: GitHub

    def ensure(self, branch: str, proposal: Proposal, *, pushed: bool) -> tuple[MoveOutcome, str]:
        """What was done, and the request's address; `pushed` says that the branch holds something new."""
        place = RequestBranches(self.github.repository, branch, self._base)
        known = self.github.pulls.find(place.owner, branch, place.base)
        if known is None and not pushed:
            closed = self.github.pulls.closed(place.owner, branch, place.base, proposal.commit)
            if closed is not None:
                return MoveOutcome.DECLINED, closed.url
        opened, found = ensured_request(self.github, place, proposal.title, proposal.body)
        if pushed and not opened:
            self.github.pulls.change(found.number, proposal.title, proposal.body)
            return MoveOutcome.UPDATED, found.url
        return MoveOutcome.OPENED if opened else MoveOutcome.KEPT, found.url

    def publishing(self, name: str) -> OpenRequest | None:
        """An open request that publishes a version of the workflow already, of the oldest thousand."""
        head = f"publish/{name}-"
        for one in self._open:
            if one.branch.startswith(head) and not bad_version(one.branch.removeprefix(head)):
                return one
        return None

    def proposed(self) -> Iterator[OpenRequest]:
        """The open requests from branches `successor/*` of the registry itself, of the oldest thousand."""
        for one in self._open:
            own = one.repository.casefold() == self.github.repository.casefold()
            if own and one.branch.startswith(BRANCHES):
                yield one

    def is_untouched(self, request: OpenRequest) -> bool:
        """Whether who opened a request moved its branch last, and nobody reopened it; False where nobody tells."""
        push = self.github.open_requests.newest_push(request.repository, request.branch)
        if push is None or (push.pusher_id, push.commit) != (request.author_id, request.head):
            return False
        events = self.github.open_requests.events(request.number)
        return not any(event.kind == "reopened" for event in events)

    def close(self, request: OpenRequest, reason: str) -> None:
        """Close a request with a comment that says why."""
        self.github.open_requests.comment(request.number, reason)
        self.github.pulls.close(request.number)

    @cached_property
    def _open(self) -> tuple[OpenRequest, ...]:
        return self.github.open_requests.into(self._base)

    @cached_property
    def _base(self) -> str:
        return self.github.repositories.about(self.github.repository).default_branch
