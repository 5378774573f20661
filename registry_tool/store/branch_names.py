"""Which branches there are."""

from __future__ import annotations

from registry_tool.store.branch import FETCHED
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.repository import Repository
from registry_tool.store.state.branch import KnownCommits, demand_absent, unreachable
from registry_tool.store.state.notes import StateNotes, UnreachableError

_HEADS = "refs/heads/"


def branch_names(repository: Repository, pattern: str, remote: str = "") -> list[str]:
    """Names of the branches that fit a pattern such as `runs-*`, here or on a remote, sorted."""
    ref = f"{_HEADS}{pattern}"
    refs = repository.remote_refs(remote, ref) if remote else repository.refs(ref)
    return sorted(name.removeprefix(_HEADS) for name in refs)


def state_branch_names(
    repository: Repository, pattern: str, remote: str, notes: StateNotes
) -> list[str]:
    """The names of state branches at their home.

    Those that were seen before where the remote can't be read and `notes` allow that; else `UnreachableError`.
    `LostStateError` where none is there, but elsewhere.
    """
    if not remote:
        return branch_names(repository, pattern)
    try:
        if remote in notes.unreachable:
            return _known(repository, pattern, remote, notes.unreachable[remote], notes)
        found = branch_names(repository, pattern, remote)
    except GitError as error:
        gone = unreachable(repository, remote, pattern, error)
        return _known(repository, pattern, remote, gone.reason, notes)
    own = branch_names(repository, pattern)
    if not found:
        demand_absent(repository, remote, pattern, KnownCommits(own="".join(own[:1])), may_go=True)
    elif left := [name for name in own if name not in found]:
        notes.warn(
            f"this clone has branches of its own that {remote} lacks: {', '.join(left)}; what is said here is "
            f"what {remote} holds"
        )
    return found


def _known(
    repository: Repository, pattern: str, remote: str, reason: str, notes: StateNotes
) -> list[str]:
    tracked = (f"refs/remotes/{remote}/", f"{FETCHED}/{remote}/")
    refs = [
        ref.removeprefix(start) for start in tracked for ref in repository.refs(f"{start}{pattern}")
    ]
    if not notes.may_be_old or not refs:
        raise UnreachableError(
            f"{reason}{'' if refs else f'; this clone has never seen its branches {pattern}'}",
            location=repository.location,
            hint=f"look at `git ls-remote {remote}`, and try again once that answers",
        )
    notes.unreachable[remote] = reason
    return sorted(set(refs))
