"""Work trees that have a branch checked out: they come along where the branch is moved under them.

What somebody staged or edited there is left as it is; what nobody touched becomes what the branch now holds.
Without this, git would show the move in reverse, staged, and the next commit would undo it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import write_atomic
from registry_tool.core.records import Record
from registry_tool.store.changes import ABSENT, Change, changes_between
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.objects import EMPTY_TREE
from registry_tool.store.git.repository import Repository


class Checkout(Record, frozen=True):
    """A work tree of a repository on one branch, and what was staged there before the branch moved."""

    repository: Repository
    folder: Path
    staged: frozenset[str]


def checkouts(repository: Repository, ref: str, tip: str) -> list[Checkout]:
    """The work trees whose HEAD is `ref`, which is at the commit `tip` (empty: it isn't there yet)."""
    found = []
    for folder in _on_branch(repository, ref):
        own = Repository(folder)
        found.append(Checkout(own, folder, _staged(own, tip)))
    return found


class StaleCheckoutError(RegistryError):
    """The branch is at `commit` now, and a checkout of it is not: its next commit would undo the difference."""

    def __init__(self, checkout: Checkout, commit: str, error: GitError) -> None:
        reason = error.stderr.strip().partition("\n")[0]
        super().__init__(
            f"the branch was written, but this checkout of it was not: {reason}",
            location=str(checkout.folder),
            hint="where no git runs there, remove a lock that a killed one left; then git reset, and git "
            "restore what git status shows as changed",
        )
        self.commit = commit


def update_checkout(there: Iterable[Checkout], old: str, new: str) -> None:
    """After a branch moved from `old` to `new`: the index and the files that nobody had touched.

    `StaleCheckoutError` for the first checkout whose index can't be written, after all others came along.
    """
    behind: list[StaleCheckoutError] = []
    for checkout in there:
        changes = [c for c in changes_between(checkout.repository, old, new) if c.readable]
        lines = [_entry(change) for change in changes if change.path not in checkout.staged]
        try:
            checkout.repository.run("update-index", "-z", "--index-info", stdin=b"".join(lines))
        except GitError as error:
            behind.append(StaleCheckoutError(checkout, new, error))
            continue
        for change in changes:
            _bring_file(checkout, change)
    if behind:
        raise behind[0]


def _on_branch(repository: Repository, ref: str) -> Iterator[Path]:
    """Folders of the main work tree and of linked ones (gitrepository-layout(5)) that are on the branch."""
    git_dir = repository.git_dir
    if repository.work_tree and git_dir.name == ".git" and _head(git_dir) == ref:
        yield git_dir.parent
    for linked in sorted((git_dir / "worktrees").glob("*")):
        pointer = linked / "gitdir"
        if _head(linked) == ref and pointer.is_file():
            folder = Path(pointer.read_text("utf-8").strip()).parent
            if folder.is_dir():
                yield folder


def _head(git_dir: Path) -> str:
    try:
        return (git_dir / "HEAD").read_text("utf-8").strip().removeprefix("ref: ")
    except OSError:
        return ""


def _staged(repository: Repository, tip: str) -> frozenset[str]:
    out = repository.run(
        "diff-index", "--cached", "--name-only", "-z", "--no-renames", tip or EMPTY_TREE
    )
    return frozenset(path.decode("utf-8", "backslashreplace") for path in out.split(b"\0"))


def _entry(change: Change) -> bytes:
    mode = "0" if change.new_mode == ABSENT else change.new_mode
    return f"{mode} {change.new_blob}\t{change.path}\0".encode()


def _bring_file(checkout: Checkout, change: Change) -> None:
    path = checkout.folder / change.path
    if path.is_symlink() or not path.resolve().is_relative_to(checkout.folder.resolve()):
        return
    before = None
    if change.old_mode != ABSENT:
        before = checkout.repository.object(change.old_blob)
    now = path.read_bytes() if path.is_file() else None
    if path.is_dir() or now != before:
        return
    if change.new_mode == ABSENT:
        path.unlink()
    else:
        write_atomic(path, checkout.repository.object(change.new_blob))
