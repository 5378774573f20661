"""Asking people for a deployment: a branch with the file that they merge, and a pull request where a forge is."""

from __future__ import annotations

from collections.abc import Callable

from registry_tool.commands.jobs.dispatch import Via, forge_of
from registry_tool.core.errors import RegistryError
from registry_tool.deploy.approval import (
    APPROVALS,
    approval_branch,
    approval_branch_of,
    approval_bytes,
    approval_path,
)
from registry_tool.deploy.model import Deployment, Rollout
from registry_tool.forge.model import PullRequest
from registry_tool.state.branches import home_of, writer
from registry_tool.state.target import Target
from registry_tool.store import paths
from registry_tool.store.branch import Branch
from registry_tool.store.branch_names import branch_names
from registry_tool.store.git.objects import EMPTY_TREE
from registry_tool.store.git.repository import Repository


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


def remove_answered_branches(target: Target, say: Callable[[str], None]) -> None:
    """Remove the branches `deploy/<id>` of deployments that no longer wait for their approval.

    One that can't be removed is reported and stays; a branch without such a file is somebody's own.
    """
    repository, remote = Repository(target.root), home_of(target)
    names = branch_names(repository, approval_branch_of("*"), remote)  # before the state is read
    if not names:
        return
    states, broken = target.store().scan()
    if broken:  # one of them may be what waits
        say("branches deploy/* are left alone: not every deployment's state can be read")
        return
    waiting = {
        approval_branch(state.rollout)
        for state in states
        if state.rollout is not None and state.rollout.step == 0
    }
    for name in names:
        branch = Branch(repository, name, remote)
        if name in waiting or not _asks_for_approval(branch):
            continue
        try:
            branch.remove()
        except RegistryError as error:
            say(f"the branch {name} is no longer needed and can't be removed: {error.reason}")


def _asks_for_approval(branch: Branch) -> bool:
    wanted = f"/{branch.name.removeprefix(approval_branch_of(''))}.json"
    return any(file.path.endswith(wanted) for file in branch.files().files(APPROVALS))


def _branch(target: Target, state: Deployment, rollout: Rollout) -> bool:
    """Whether the branch is new."""
    repository, remote = Repository(target.root), home_of(target)
    if Branch(repository, approval_branch(rollout), remote).tip():
        return False
    start = Branch(repository, paths.DEPLOYMENTS_BRANCH, remote).tip()
    files = {approval_path(state, rollout): approval_bytes(state, rollout)}
    who = writer(target, target.environ)
    title = _title(state, rollout)
    parents = [start] if start else []
    commit = repository.commit_with(start or EMPTY_TREE, files, parents, f"{title}\n", who)
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
