"""A new version on a branch of its own, ready for a pull request; the work tree stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from registry_tool.core.clock import Clock, SystemClock, instant
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.finding import FindingsError, Severity
from registry_tool.core.values import Object
from registry_tool.manifest.compile import compile_bytes
from registry_tool.manifest.load import load
from registry_tool.store import paths
from registry_tool.store.git import Identity, Repository
from registry_tool.store.git_tree import GitTree


def propose_manifest(root: Path, manifest: Object, *, base: str = "HEAD") -> str:
    """The branch that adds a manifest's version to the registry's clone at `root`."""
    from registry_tool.importers.manifest_text import manifest_text

    text = manifest_text(manifest).encode()
    workflow = load(text, paths.PROJECT_MANIFEST).workflow
    files = {paths.MANIFEST: text, paths.COMPILED: compile_bytes(workflow)}
    return propose(root, workflow.name, workflow.version, files, base=base)


def propose(  # noqa: PLR0913 - a version has that many parts
    root: Path,
    name: str,
    version: str,
    files: Mapping[str, bytes],
    *,
    base: str = "HEAD",
    clock: Clock | None = None,
) -> str:
    """The branch `publish/<name>-<version>` with the version's files on top of `base`.

    `FindingsError` where a rule refuses it: the branch is not made then.
    """
    if not (root / paths.REGISTRY_FILE).is_file():
        raise UsageError(
            "publishing goes through a pull request to the registry's git repository",
            place=str(root),
            way_out="clone it and name the clone",
        )
    repository = Repository(root)
    folder = paths.version_dir(name, version)
    start = repository.commit(base)
    if any(GitTree(repository, start).files(folder)):
        raise RegistryError(
            f"{name}:{version} is published and never changes",
            place=folder,
            way_out="raise the version",
        )
    who = Identity("puppy-cli", "puppy-cli@localhost", instant((clock or SystemClock()).now()))
    tree = repository.tree_with(start, {f"{folder}/{path}": data for path, data in files.items()})
    commit = repository.commit_tree(tree, [start], f"Publish {name} {version}\n", who)
    _judge(repository, start, commit)
    branch = f"publish/{name}-{version}"
    if not repository.move(f"refs/heads/{branch}", commit, ""):
        raise RegistryError(
            f"there is a branch {branch} already",
            place=repository.place,
            way_out=f"remove it with `git branch -D {branch}`",
        )
    return branch


def _judge(repository: Repository, base: str, head: str) -> None:
    from registry_tool.commands.check_pr import check_merge

    findings = [
        f for f in check_merge(repository, base, head).findings if f.severity is Severity.ERROR
    ]
    if findings:
        raise FindingsError(findings)
