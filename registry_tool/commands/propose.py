"""A new version on a branch of its own, ready for a pull request; the work tree stays as it is."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from registry_tool.commands.transport import Via, forge_of
from registry_tool.core.clock import Clock, SystemClock, instant
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.finding import FindingsError, Severity
from registry_tool.core.values import Object
from registry_tool.forge.protocol import PullRequest
from registry_tool.manifest.compile import compile_bytes
from registry_tool.manifest.load import load
from registry_tool.manifest.owners import Person
from registry_tool.store import paths
from registry_tool.store.git import Identity, Repository
from registry_tool.store.git_tree import GitTree


@dataclass(frozen=True, slots=True)
class Proposed:
    """A branch that is ready for a pull request, and what is left to do before it is opened (or nothing)."""

    branch: str
    note: str = ""


def propose_manifest(root: Path, manifest: Object, *, base: str = "HEAD") -> Proposed:
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
    owner: Person | None = None,
    clock: Clock | None = None,
) -> Proposed:
    """The branch `publish/<name>-<version>` with the version's files on top of `base`.

    A first version brings its owners' file, if it is known who publishes: `owner`, or the account that git's
    own `user.email` names. `FindingsError` where a rule refuses it: the branch is not made then.
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
    tree = GitTree(repository, start)
    if any(tree.files(folder)):
        raise RegistryError(
            f"{name}:{version} is published and never changes",
            place=folder,
            way_out="raise the version",
        )
    wanted = {f"{folder}/{path}": data for path, data in files.items()}
    note = ""
    if not tree.has(paths.workflow_dir(name)):
        owner = owner or _account(repository.config("user.email"))
        if owner is None:
            note = (
                f"{name} is new: add {paths.owners_file(name)} to the branch, with owners: "
                "[{ login: you, id: your numeric id }], or publish with --owner and --owner-id"
            )
        else:
            wanted[paths.owners_file(name)] = owners_bytes(owner)
    who = Identity("puppy-cli", "puppy-cli@localhost", instant((clock or SystemClock()).now()))
    commit = repository.commit_tree(
        repository.tree_with(start, wanted), [start], f"Publish {name} {version}\n", who
    )
    _judge(repository, start, commit, without="ownership" if note else "")
    branch = f"publish/{name}-{version}"
    if not repository.move(f"refs/heads/{branch}", commit, ""):
        raise RegistryError(
            f"there is a branch {branch} already",
            place=repository.place,
            way_out=f"remove it with `git branch -D {branch}`",
        )
    return Proposed(branch, note)


_NOREPLY = re.compile(r"(\d{1,18})\+([A-Za-z0-9][A-Za-z0-9-]{0,38})@users\.noreply\.github\.com")


def _account(email: str) -> Person | None:
    """The account in an address like `1001+ada@users.noreply.github.com`, which GitHub gives to everyone."""
    match = _NOREPLY.fullmatch(email)
    return Person(match[2], int(match[1])) if match else None


def owners_bytes(owner: Person) -> bytes:
    """A first `owners.yaml`."""
    return f"owners:\n  - {{ login: {json.dumps(owner.login)}, id: {owner.id} }}\n".encode()


def open_pull_request(
    root: Path, branch: str, remote: str, title: str, *, base: str = "main"
) -> str:
    """Push a branch and open its pull request; gives its address. The token is `GITHUB_TOKEN`."""
    repository = Repository(root)
    address = repository.remote_address(remote)
    forge = forge_of(Via.GITHUB, root, remote, os.environ)
    assert forge is not None  # noqa: S101 - only `local` and `auto` give none
    ref = f"refs/heads/{branch}"
    if not repository.push(remote, repository.commit(ref), ref, ""):
        raise RegistryError(f"{remote} has a branch {branch} already", place=address)
    return forge.pulls.open_pull_request(PullRequest(title, "", branch, base))


def _judge(repository: Repository, base: str, head: str, *, without: str = "") -> None:
    from registry_tool.commands.check_pr import check_merge

    findings = [
        f
        for f in check_merge(repository, base, head).findings
        if f.severity is Severity.ERROR and f.rule != without
    ]
    if findings:
        raise FindingsError(findings)
