"""Publishing a version through the live registry. The same post again is the same answer, and does nothing."""

from __future__ import annotations

from registry_tool.commands.author.candidate import owners_bytes
from registry_tool.commands.author.publishing.plan import branch_of
from registry_tool.commands.live.changes.gatekeeper import (
    ChangeResult,
    Files,
    Gatekeeper,
    ProposedChange,
)
from registry_tool.commands.live.changes.posted import PostedVersion
from registry_tool.core.errors import RegistryError
from registry_tool.manifest.owners import OwnerAccount
from registry_tool.security.tokens.principal import Principal
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree


class PublishedAlreadyError(RegistryError):
    """The version is there with other files, and never changes."""


def publish_posted(gatekeeper: Gatekeeper, who: Principal, posted: PostedVersion) -> ChangeResult:
    """Publish it; nothing is changed where the very same version is there already.

    A new workflow gets an owners' file that names who publishes. `FindingsError` with what `check-pr` finds,
    `PublishedAlreadyError` where the version is there with other files.
    """
    name, version = posted.workflow.name, posted.workflow.version
    message = f"Publish {name} {version}\n"
    change = ProposedChange(
        lambda tree: _files(tree, who, posted), message, branch_of(name, version)
    )
    return gatekeeper.change(who, change)


def _files(tree: GitTree, who: Principal, posted: PostedVersion) -> Files:
    name, version = posted.workflow.name, posted.workflow.version
    folder = paths.version_dir(name, version)
    there = {file.path for file in tree.files(folder)}
    if there:
        posted = posted.dated_like(tree.read(f"{folder}/{paths.MANIFEST}"))
    wanted: Files = {f"{folder}/{path}": data for path, data in posted.files.items()}
    if there:
        if there == wanted.keys() and all(tree.read(path) == wanted[path] for path in there):
            return {}
        raise PublishedAlreadyError(
            f"{name}:{version} is published with other files and never changes",
            hint="raise the version",
        )
    if tree.has(paths.workflow_dir(name)):
        return wanted
    return {**wanted, paths.owners_file(name): owners_bytes(OwnerAccount(who.login, who.id))}
