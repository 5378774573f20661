"""The branch that holds a workflow's move: one commit, which says itself what was found out about it.

It is pushed once all is known, and the request is made from what its commit says: killed anywhere, there is no
branch yet, or one from which the next call opens the request without asking a model again.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from registry_tool.core.errors import RegistryError
from registry_tool.monitoring.successors import BRANCHES
from registry_tool.report.successors import message_text
from registry_tool.store.branch import Branch
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository

_KEY = "Successor-Of: "
UNPUSHED = "refs/registry-tool-unpushed"
"""Below it, by branch, a clone keeps what a remote refused: answers in it were paid for."""


class PushRefusedError(RegistryError):
    """A remote takes no branch, and so none of another workflow either."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a branch's newest commit says: its move (empty: it is somebody else's commit), title and message.

    `body` is the request's text in Markdown; of a commit that was found it is the message's.
    """

    commit: str
    key: str
    title: str
    message: str
    body: str

    @property
    def version(self) -> str:
        """The number of the version that it moves; empty for somebody else's commit."""
        return self.key.partition(" ")[0].partition(":")[2]

    @property
    def models(self) -> tuple[tuple[str, str], ...]:
        """The models that it moves, as (old, new)."""
        pairs = (word.partition("=") for word in self.key.split(" ")[2:])
        return tuple((old, new) for old, found, new in pairs if found)


@dataclass(frozen=True)
class SuccessorBranch:
    """The branch `successor/<name>` of a remote, or of the repository itself."""

    repository: Repository
    name: str
    remote: str = ""

    @property
    def branch(self) -> str:
        """Its name."""
        return f"{BRANCHES}{self.name}"

    def found(self) -> Proposal | None:
        """What is there now; None where there is no such branch."""
        tip = Branch(self.repository, self.branch, self.remote).tip()
        if not tip:
            return None
        message = self.repository.text("log", "-1", "--format=%B", tip)
        title, _, rest = message.partition("\n")
        text, _, last = rest.rstrip().rpartition("\n")
        key = last.removeprefix(_KEY) if last.startswith(_KEY) else ""
        text = text.strip()
        return Proposal(tip, key, title, text, message_text(text))

    def publish(
        self,
        start: str,
        changes: Mapping[str, bytes | None],
        proposal: Proposal,
        who: Identity,
        before: Proposal | None,
    ) -> str:
        """Put the commit on the branch; `RegistryError` where somebody moved that meanwhile.

        `PushRefusedError` where the remote refuses it; the commit is then kept in the clone.
        It follows on what was there, so that no history is rewritten.
        """
        parents = [start] if before is None else [before.commit, start]
        message = f"{proposal.title}\n\n{proposal.message}\n\n{_KEY}{proposal.key}\n"
        commit = self.repository.commit_with(start, changes, parents, message, who)
        old, ref = before.commit if before else "", f"refs/heads/{self.branch}"
        if not self._moved(commit, ref, old):
            raise RegistryError(
                f"the branch {self.branch} was moved by somebody else meanwhile",
                location=self.repository.location,
                hint="run the command again: it begins with what is there now",
            )
        return commit

    def _moved(self, commit: str, ref: str, old: str) -> bool:
        if not self.remote:
            return self.repository.move(ref, commit, old)
        try:
            return self.repository.push(self.remote, commit, ref, old)
        except GitError as error:
            kept = f"{UNPUSHED}/{self.branch}"
            self.repository.move(kept, commit, self.repository.find(kept))
            again = f"git push {shlex.quote(self.remote)} {kept}:{ref}"
            hint = f"what was found out is kept in this clone; once the remote takes it, `{again}`"
            raise PushRefusedError(
                error.reason,
                location=error.location,
                hint=f"{error.hint}; {hint}" if error.hint else hint,
            ) from None
