"""The gatekeeper of changes that come through the live registry: one judge, one branch, one commit or none.

Each change becomes a commit, is judged as `check-pr` judges a pull request with that commit, and then takes its
place on the registry's branch by compare-and-swap; where a rival was faster, it is judged again on top of theirs.
What has to wait for a person is left on a branch of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from registry_tool.commands.author.publish import is_a_forges, open_pull_request
from registry_tool.commands.live.changes.spare_judge import SpareJudge
from registry_tool.commands.live.live_registry import LiveRegistry
from registry_tool.commands.review.check_pr import check_merge
from registry_tool.commands.review.pr_result import HELD, REFUSED, PrResult
from registry_tool.commands.review.rule_contexts import Scope
from registry_tool.core.clock import Clock, instant
from registry_tool.core.finding import Finding, FindingsError, Severity
from registry_tool.core.records import Record
from registry_tool.core.replacing import only_one
from registry_tool.rules.change_set import Actor
from registry_tool.runtime.confined import Confined
from registry_tool.security.tokens.principal import Principal
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.new_objects import Identity

Files = Mapping[str, bytes | None]
"""Files to write by their paths from the registry's root, None for one to remove."""
_TURN: Final = "registry-tool/changes"
"""Held by the process of this machine that changes something: rivals that judge at once only judge again."""
POLICY: Final = "this registry takes changes by pull requests"


class ProposedChange(Record, frozen=True):
    """What somebody wants: `files` of the registry as it is then, a message, the branch on which it waits.

    `decided`: where a maintainer asks, they have said that it shall be, so that it waits for none.
    """

    files: Callable[[GitTree], Files]
    message: str
    branch: str
    decided: bool = False


class ChangeResult(Record, frozen=True):
    """What became of it: a commit on the registry's branch, or what it waits for (`pull_request`: its address).

    With neither, there was nothing to change.
    """

    commit: str = ""
    held: str = ""
    pull_request: str = ""
    branch: str = ""


@dataclass(frozen=True)
class Gatekeeper:
    """Of one registry. `by_pull_request`: nothing goes to its branch but by people's merging.

    `spare` has a judge ready for the next change.
    """

    live: LiveRegistry
    clock: Clock
    by_pull_request: bool = False
    spare: SpareJudge | None = None

    def change(self, who: Principal, change: ProposedChange) -> ChangeResult:
        """Have it done; `FindingsError` with every finding where it is refused: nothing is changed then."""
        branch = self.live.branch
        identity = self._identity(who)
        waiting: list[tuple[str, str]] = []
        changed = False

        def write(tree: GitTree) -> Files:
            waiting.clear()
            files = change.files(tree)
            nonlocal changed
            if not (changed := bool(files)):
                return {}
            commit = branch.repository.commit_with(
                tree.tree, files, [tree.tree], change.message, identity
            )
            if why := self._judged(tree.tree, commit, who, change.decided):
                waiting.append((commit, why))
                return {}
            return files

        try:
            with only_one(branch.repository.git_dir / _TURN):
                written = branch.write(write, change.message, identity)
        finally:
            if self.spare is not None:
                self.spare.prepare()
        if waiting:
            return self._left(*waiting[0], f"{change.branch}-by-{who.id}", change.message)
        self.live.refresh()
        return ChangeResult(written if changed else "")

    def _judged(self, base: str, commit: str, who: Principal, decided: bool) -> str:
        """For what the commit has to wait, empty for nothing."""
        result = check_merge(
            self.live.branch.repository,
            base,
            commit,
            actor=Actor(who.id, who.login),
            scope=Scope(confined=True, start=self.spare.take if self.spare else Confined),
        )
        if result.verdict == REFUSED:
            raise FindingsError(result.findings)
        if result.verdict == HELD and not (decided and self._is_maintainer(who)):
            return _reasons(result)
        return POLICY if self.by_pull_request else ""

    def _is_maintainer(self, who: Principal) -> bool:
        """Whoever may accept what is held: as with a pull request's label."""
        known = {person.id for person in self.live.snapshot().settings.maintainers}
        return not known or who.id in known

    def _left(self, commit: str, why: str, branch: str, title: str) -> ChangeResult:
        """Leave a commit on a branch of its person's own; an earlier one of theirs gives way."""
        repository, remote = self.live.branch.repository, self.live.branch.remote
        ref = f"refs/heads/{branch}"
        old = repository.find(ref)
        if not old or repository.tree_id(old) != repository.tree_id(commit):
            repository.move(ref, commit, old)
        url = ""
        if remote and is_a_forges(repository.remote_address(remote)):
            location = self.live.root
            url = open_pull_request(location, branch, remote, title, base=self.live.branch.name)
        elif remote:
            theirs = repository.fetch(remote, ref, f"refs/registry-tool/{remote}/{branch}")
            repository.push(remote, repository.find(ref), ref, theirs)
        return ChangeResult("", why, url, branch)

    def _identity(self, who: Principal) -> Identity:
        """The commit's author, by the address that forges give to accounts."""
        login = who.login or "somebody"
        email = f"{who.id}+{login}@users.noreply.github.com"
        return Identity(login, email, instant(self.clock.now()))


def _reasons(result: PrResult) -> str:
    return "; ".join(_held(result.findings))


def _held(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.message for finding in findings if finding.severity is Severity.HOLD]
