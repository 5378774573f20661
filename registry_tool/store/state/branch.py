"""A branch of the registry's state, read from its home: what is not there now is never taken for nothing.

Each branch has three local traces: what this tool fetched last (`refs/registry-tool/<remote>/<branch>`), what git
itself tracks (`refs/remotes/<remote>/<branch>`), and perhaps a branch of the clone's own (`refs/heads/<branch>`).
They tell what an unreachable remote held, and that a branch which is gone was there.
"""

from __future__ import annotations

from registry_tool.core.records import Record
from registry_tool.store import paths
from registry_tool.store.branch import FETCHED, Branch, WriteRetryPolicy
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.repository import Repository
from registry_tool.store.state.home import HERE, SETTING
from registry_tool.store.state.notes import AsOf, LostStateError, StateNotes, UnreachableError

LOST = "refs/registry-tool-lost"
"""Below it, by remote and branch, stands the last commit that the remote held once and holds no more."""

GUIDE = "docs/restore.md says how"

_NEVER_ALONE = (paths.AUDIT_BRANCH, "runs-*")
"""Branches to which nothing is written before the environment's key is published on the branch `deployments`."""


class KnownCommits(Record, frozen=True):
    """What a clone knows of a branch without asking: the last known commit of its home, the clone's own branch."""

    known: str = ""
    own: str = ""


class StateBranch(Branch):
    """A branch at its home.

    `alone` as of `Branch`. `may_go` is for branches that are removed in the course of things (months of records):
    that one is gone is no loss then.
    """

    def __init__(  # noqa: PLR0913 - whose, which, where; and what is said of it
        self,
        repository: Repository,
        name: str,
        remote: str = "",
        notes: StateNotes | None = None,
        *,
        alone: bool = False,
        may_go: bool = False,
    ) -> None:
        super().__init__(repository, name, remote, alone=alone)
        self.notes = notes or StateNotes()
        self._may_go = may_go

    def tip(self) -> str:
        """The branch's commit; the last known one where the remote can't be read and the notes allow it."""
        if not self.remote:
            return self.current()
        if self.remote in self.notes.unreachable:
            return self._last_known(self.notes.unreachable[self.remote])
        try:
            return self.current()
        except UnreachableError as error:
            return self._last_known(error.reason)

    def current(self, waiting: WriteRetryPolicy | None = None) -> str:
        """The branch's commit now.

        `UnreachableError` where the remote can't be read, `LostStateError` where it lacks a branch that it had, or
        that stands elsewhere.
        """
        if not self.remote:
            return super().current(waiting) or self._none_here()
        seen = self.seen()
        try:
            now = super().current(waiting)
        except GitError as error:
            raise unreachable(self.repository, self.remote, self.name, error) from None
        if now:
            self._compare(seen, now)
        else:
            demand_absent(self.repository, self.remote, self.name, seen, may_go=self._may_go)
        return now

    def _none_here(self) -> str:
        """Nothing, for a branch that this repository may lack."""
        demand_company(self.repository, "", self.name)
        return ""

    def seen(self) -> KnownCommits:
        """What the clone knows of the branch without asking its remote."""
        tracked = (
            f"{FETCHED}/{self.remote}/{self.name}",
            f"refs/remotes/{self.remote}/{self.name}",
        )
        own = f"refs/heads/{self.name}"
        refs = self.repository.refs(*tracked, own)
        commits = list(dict.fromkeys(refs[ref] for ref in tracked if ref in refs))
        return KnownCommits(_newest(self.repository, commits), refs.get(own, ""))

    def _compare(self, seen: KnownCommits, now: str) -> None:
        if self.alone:
            if seen.own not in {"", now}:
                self.notes.warn(
                    f"this clone has a branch {self.name} of its own: what it holds is not looked at"
                )
            return
        if seen.known not in {"", now} and not self.repository.descends(now, seen.known):
            self._keep(seen.known)
            self.notes.warn(
                f"{self.name} on {self.remote} was at {seen.known[:12]} before and is at {now[:12]} now, which "
                f"doesn't follow on it: something was taken away. {LOST}/{self.remote}/{self.name} keeps what was "
                f"there; {GUIDE}"
            )
        if seen.own not in {"", now} and not self.repository.descends(now, seen.own):
            self.notes.warn(
                f"this clone has a branch {self.name} of its own with commits that {self.remote} lacks; what is "
                f"said here is what {self.remote} holds. Look at them with --remote {HERE}; {GUIDE}"
            )

    def lost(self) -> str:
        """The last commit that the remote held once and doesn't hold now, empty for none."""
        if not self.remote:
            return ""
        now, ref = self.current(), f"{LOST}/{self.remote}/{self.name}"
        kept = self.repository.refs(ref).get(ref, "")
        if kept and self.repository.descends(now, kept):  # it was put back
            self.repository.delete(ref, kept)
            return ""
        return kept

    def _keep(self, commit: str) -> None:
        """Keep what is gone, unless a loss is kept already that reaches further."""
        ref = f"{LOST}/{self.remote}/{self.name}"
        kept = self.repository.refs(ref).get(ref, "")
        if not kept or self.repository.descends(commit, kept):
            self.repository.move(ref, commit, kept)

    def _last_known(self, reason: str) -> str:
        known = self.seen().known
        if not self.notes.may_be_old or not known:
            raise UnreachableError(
                f"{reason}{'' if known else f'; this clone has never seen its branch {self.name}'}",
                location=self.repository.location,
                hint=_hint_of(self.remote),
            )
        if self.name not in self.notes.old:
            as_of = AsOf(self.name, known, self.repository.committed(known))
            reported = self.remote in self.notes.unreachable
            self.notes.unreachable[self.remote] = reason
            self.notes.old[self.name] = as_of
            self.notes.warn(
                f"what follows is, too, {as_of}"
                if reported
                else f"{reason}; what follows is {as_of}"
            )
        return known


def unreachable(
    repository: Repository, remote: str, name: str, error: GitError
) -> UnreachableError:
    """What to say where a remote can't be read."""
    why = error.reason.partition(": ")[2] or error.reason
    return UnreachableError(
        f"the remote {remote} can't be read, so nobody here knows what its branch {name} holds now ({why})",
        location=repository.location,
        hint=_hint_of(remote),
    )


def _hint_of(remote: str) -> str:
    return f"look at `git ls-remote {remote}`, and try again once that answers"


def demand_absent(
    repository: Repository, remote: str, name: str, seen: KnownCommits, *, may_go: bool = False
) -> None:
    """`LostStateError` where a branch (or a pattern of them) that a remote lacks was there, or is elsewhere."""
    if seen.known and not may_go:
        raise LostStateError(
            f"{remote} had a branch {name} (last seen at {seen.known[:12]}), and has none now",
            location=repository.location,
            hint=f"put it back: `git push {remote} {seen.known[:12]}:refs/heads/{name}`; {GUIDE}",
        )
    if seen.own:
        raise LostStateError(
            f"{remote} has no branch {name}, but this clone has one of its own: the state has two homes",
            location=repository.location,
            hint=f"where it is the registry's, `git push {remote} {name}`; to look at it here, --remote {HERE}",
        )
    if other := _another_remote(repository, remote, name):
        raise LostStateError(
            f"{remote} has no branch {name}, but {other} has one",
            location=repository.location,
            hint=f"name the home with --remote {other}, or once for all: `git config {SETTING} {other}`",
        )
    demand_company(repository, remote, name)
    if tracked := _of_a_clone(repository, remote, name):
        raise LostStateError(
            f"{remote} is itself a clone: the branch {name} is at its remote ({tracked})",
            location=repository.location,
            hint="add the registry's own repository: `git remote add registry ADDRESS`, "
            f"`git config {SETTING} registry`",
        )


def demand_company(repository: Repository, remote: str, name: str) -> None:
    """`LostStateError` where the branch `deployments` is absent beside branches that are never there without it.

    So a clone that never saw it (a fresh one) does not take a lost branch for an empty one.
    """
    if name != paths.DEPLOYMENTS_BRANCH:
        return
    patterns = [f"refs/heads/{other}" for other in _NEVER_ALONE]
    found = repository.remote_refs(remote, *patterns) if remote else repository.refs(*patterns)
    if found:
        there = ", ".join(sorted(ref.removeprefix("refs/heads/") for ref in found))
        raise LostStateError(
            f"{remote or 'this repository'} has no branch {name}, but {there}, which is never there without it: "
            "it was lost",
            location=repository.location,
            hint=f"put it back from a clone that saw it; {GUIDE}",
        )


def _another_remote(repository: Repository, remote: str, name: str) -> str:
    for other in repository.remotes():
        tracked = (f"refs/remotes/{other}/{name}", f"{FETCHED}/{other}/{name}")
        if other != remote and repository.refs(*tracked):
            return other
    return ""


def _of_a_clone(repository: Repository, remote: str, name: str) -> str:
    patterns = (f"refs/remotes/*/{name}", f"{FETCHED}/*/{name}")
    return next(iter(sorted(repository.remote_refs(remote, *patterns))), "")


def _newest(repository: Repository, commits: list[str]) -> str:
    """The one that follows on the other, else the younger one."""
    if len(commits) < 2:
        return "".join(commits)
    first, second = commits
    if repository.descends(first, second):
        return first
    if repository.descends(second, first):
        return second
    return max(commits, key=repository.committed)
