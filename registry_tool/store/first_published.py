"""When files were first published: the moment of the commit that added them to a branch's own line of history.

The answer depends on the commit alone, so every machine that has its history gives the same; a clone whose history
is cut off is refused where the answer would lie beyond the cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from registry_tool.core.errors import MissingToolError, NotFoundError, RegistryError
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository
from registry_tool.store.tree import FolderTree, Tree

_COMMIT = b"commit "
_MOST_NAMED = 200  # paths on a command line; beyond, all of them are asked for


def first_published(tree: Tree, wanted: AbstractSet[str]) -> Mapping[str, str]:
    """RFC 3339 moments (UTC) by path, of those that have a history; none for a folder outside git.

    A folder that is a clone's work tree has the history of its `HEAD`.
    """
    found = _history(tree) if wanted else None
    if found is None:
        return {}
    repository, commit = found
    few = len(wanted) <= _MOST_NAMED
    specs = [f":(literal){path}" for path in sorted(wanted)] if few else [paths.WORKFLOWS]
    raw = repository.run(
        *("-c", "log.showRoot=true", "log", "-m", "--first-parent", "--diff-filter=A"),
        *("--no-renames", "--name-only", "-z", "--format=commit %H %ct", commit, "--", *specs),
    )
    dates: dict[str, str] = {}
    cut = _cut_off(repository)
    for id_, seconds, added in _parts(raw):
        moment = _moment(seconds)
        for path in wanted & set(added):
            if id_ in cut:
                raise RegistryError(
                    "when it was published is unknown: this clone's history is cut off",
                    location=path,
                    hint="fetch all of it with `git fetch --unshallow`",
                )
            dates[path] = moment  # the oldest comes last
    return dates


@dataclass(frozen=True, slots=True)
class Addition:
    """What one commit of a branch's own line of history added: the commit, its moment (RFC 3339, UTC), paths.

    `cut_off` says that a shallow clone ends there, so that the files may be older.
    """

    commit: str
    moment: str
    paths: tuple[str, ...]
    cut_off: bool = False


def additions(tree: Tree, since: str = "") -> Iterator[Addition] | None:
    """What was added below the workflows, oldest commit first; None where there is no history to ask.

    `since` is the commit after which to begin, which has to stand on the same line of history.
    """
    found = _history(tree)
    if found is None:
        return None
    repository, commit = found
    named = (commit, f"^{since}") if since else (commit,)
    raw = repository.run(
        *("-c", "log.showRoot=true", "log", "-m", "--first-parent", "--reverse", "--diff-filter=A"),
        *("--no-renames", "--name-only", "-z", "--format=commit %H %ct", *named),
        *("--", paths.WORKFLOWS),
    )
    cut = _cut_off(repository)
    return (
        Addition(id_, _moment(seconds), tuple(added), id_ in cut)
        for id_, seconds, added in _parts(raw)
    )


def is_on_first_parent_line(repository: Repository, old: str, new: str) -> bool:
    """Whether `old` stands on the first-parent history of `new`: then what came between is only added to it."""
    if old == new:
        return True
    if not repository.descends(new, old):
        return False
    between = repository.text("log", "--first-parent", "--format=%P", new, f"^{old}")
    last = between.splitlines()[-1:] or [""]
    return last[0].split(" ")[0] == old


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _history(tree: Tree) -> tuple[Repository, str] | None:
    if isinstance(tree, GitTree):
        commit = tree.repository.find(tree.tree)
        return (tree.repository, commit) if commit else None
    if not isinstance(tree, FolderTree):
        return None
    try:
        repository = Repository(tree.root)
    except (MissingToolError, NotFoundError):
        return None
    top, commit = repository.work_tree, repository.find("HEAD")
    return (repository, commit) if commit and top and top.samefile(tree.root) else None


def _parts(raw: bytes) -> list[tuple[str, int, list[str]]]:
    """(commit, seconds since the epoch, added paths) of every commit, newest first."""
    found: list[tuple[str, int, list[str]]] = []
    for word in raw.replace(b"\n", b"\0").split(b"\0"):
        if word.startswith(_COMMIT):
            _, id_, seconds = word.decode().split(" ")
            found.append((id_, int(seconds), []))
        elif word and found:
            found[-1][2].append(word.decode("utf-8", "surrogateescape"))
    return found


def _cut_off(repository: Repository) -> frozenset[str]:
    """The commits behind which a shallow clone knows nothing."""
    file = Path(repository.git_dir) / "shallow"
    return frozenset(file.read_text("ascii").split()) if file.is_file() else frozenset()
