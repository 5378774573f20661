"""`registry-tool publish`: the one writer on main. Checks, regenerates, commits what is stale, builds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from registry_tool.catalogue.documents import index_documents
from registry_tool.catalogue.index_branch import stands_aside, write_aside
from registry_tool.catalogue.load import load_catalogue, load_settings
from registry_tool.commands.maintain.build import BuildResult, build_source, demand_build_folder
from registry_tool.commands.maintain.index import obsolete
from registry_tool.commands.maintain.output.source import Source
from registry_tool.commands.review.check import check_tree
from registry_tool.core.clock import Clock, SystemClock
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import pretty_json
from registry_tool.core.finding import FindingsError, Severity
from registry_tool.store import paths
from registry_tool.store.branch import Branch
from registry_tool.store.checkouts import BehindError
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository
from registry_tool.store.person import tool_itself


@dataclass(frozen=True, slots=True)
class PublishResult:
    """The commit that was published, and the paths of index documents that were stale.

    `aside` names the branch that took the documents, where the registry's own takes none from a job;
    `behind` says which checkout of the branch could not be taken along.
    """

    commit: str
    stale: tuple[str, ...]
    built: BuildResult
    aside: str = ""
    behind: str = ""


def publish(  # noqa: PLR0913 - all but two are named and have a default
    root: Path,
    out: Path,
    *,
    branch: str,
    remote: str = "",
    base_url: str = "",
    clock: Clock | None = None,
) -> PublishResult:
    """Publish `branch` as it is now, whatever is checked out. `FindingsError` where a version is broken."""
    repository = Repository(root)
    where = Branch(repository, branch, remote)
    before = where.tip()
    if not before:
        raise RegistryError(f"there is no branch {branch}", location=remote or repository.location)
    tree = GitTree(repository, before)
    demand_build_folder(out, root, load_settings(tree).name)
    checked = check_tree(tree)
    if checked.refused:
        raise FindingsError(f for f in checked.findings if f.severity is Severity.ERROR)
    stale = tuple(sorted(_stale(tree)))
    who = tool_itself((clock or SystemClock()).now())
    behind = ""
    try:
        commit, refused = _commit(where, before, stale, who)
    except BehindError as error:  # the registry has its indexes, and its readers wait for the site
        commit, refused, behind = error.commit, False, str(error)
    aside = paths.INDEXES_BRANCH if refused or stands_aside(where) else ""
    if aside:
        write_aside(where, who)
    built = build_source(Source(tree, before, before, base_url), out, root)
    return PublishResult(commit, stale, built, aside, behind)


def _commit(where: Branch, before: str, stale: tuple[str, ...], who: Identity) -> tuple[str, bool]:
    """The registry's commit with current indexes, and whether the forge's rules refuse to take one from a job."""
    if not stale:
        return before, False
    try:
        return where.write(_stale, "Regenerate the indexes", who), False
    except GitError as error:
        if not error.tells_of_a_rule:
            raise
        return before, True


def _stale(tree: GitTree) -> Mapping[str, bytes | None]:
    """Index documents that differ from what the tree says."""
    changes: dict[str, bytes | None] = {}
    existing = {f.path for prefix in (paths.INDEXES, paths.METADATA) for f in tree.files(prefix)}
    wanted: set[str] = set()
    for path, document in index_documents(load_catalogue(tree)):
        wanted.add(path)
        data = pretty_json(document).encode()
        if path not in existing or tree.read(path) != data:
            changes[path] = data
    changes.update(dict.fromkeys(obsolete(tree, wanted)))
    return changes
