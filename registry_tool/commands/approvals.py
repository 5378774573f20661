"""Asking people for a deployment: a branch with the file that they merge, and a pull request where a forge is."""

from __future__ import annotations

from registry_tool.commands.branches import home_of, writer
from registry_tool.commands.deployed import Target
from registry_tool.commands.transport import Via, forge_of
from registry_tool.core.errors import RegistryError
from registry_tool.deploy.approval import approval_branch, approval_bytes, approval_path
from registry_tool.deploy.model import Deployment, Rollout
from registry_tool.forge.protocol import PullRequest
from registry_tool.store import paths
from registry_tool.store.branch import Branch
from registry_tool.store.git import EMPTY_TREE, Repository


def propose_approval(target: Target, state: Deployment, rollout: Rollout) -> str:
    """Make the branch off `deployments` and ask the forge for a pull request, once; what people have to do."""
    branch, path = approval_branch(rollout), approval_path(state, rollout)
    made = _branch(target, state, rollout)
    remote = home_of(target)
    where = f" of {remote}" if remote else ""
    merge = f"merge the branch {branch}{where} into {paths.DEPLOYMENTS_BRANCH}"
    wait = (
        f"it waits for approval: {merge} (it adds {path}), then `registry-tool reconcile` goes on"
    )
    if not made or not remote:
        return wait
    try:
        forge = forge_of(Via.AUTO, target.root, remote, target.environ)
        if forge is None:
            return wait
        address = forge.pulls.open_pull_request(_request(state, rollout, branch))
    except RegistryError as error:  # the branch is there: people can do the rest by hand
        return f"{wait}; no pull request was opened: {error.reason}"
    return f"it waits for approval: {address}"


def _branch(target: Target, state: Deployment, rollout: Rollout) -> bool:
    """Whether the branch is new."""
    repository, remote = Repository(target.root), home_of(target)
    if Branch(repository, approval_branch(rollout), remote).tip():
        return False
    start = Branch(repository, paths.DEPLOYMENTS_BRANCH, remote).tip()
    tree = repository.tree_with(
        start or EMPTY_TREE, {approval_path(state, rollout): approval_bytes(state, rollout)}
    )
    who = writer(target, target.environ)
    title = _title(state, rollout)
    commit = repository.commit_tree(tree, [start] if start else [], f"{title}\n", who)
    ref = f"refs/heads/{approval_branch(rollout)}"
    if remote:
        return repository.push(remote, commit, ref, "")
    return repository.move(ref, commit, "")


def _title(state: Deployment, rollout: Rollout) -> str:
    version = rollout.candidate.version if rollout.candidate else ""
    return f"Deploy {state.workflow} {version} to {state.environment}"


def _request(state: Deployment, rollout: Rollout, branch: str) -> PullRequest:
    stable = rollout.stable.version if rollout.stable else "nothing"
    body = (
        f"Merging this lets the deployment `{rollout.deployment}` through to its switch; it replaces {stable}.\n\n"
        f"The file says what is approved, with its digest: another candidate would need another approval."
    )
    return PullRequest(_title(state, rollout), body, branch, paths.DEPLOYMENTS_BRANCH)
