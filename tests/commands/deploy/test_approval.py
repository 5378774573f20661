from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from registry_tool.commands.deploy import approval as approvals
from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.deploy.promote import promote
from registry_tool.commands.deploy.reconcile import reconcile
from registry_tool.commands.deploy.rollback import rollback
from registry_tool.deploy.deployer import RolloutInTheWayError
from registry_tool.deploy.model import Phase
from registry_tool.forge.github.client import GitHub
from tests.commands.deploying import Make, Scene, scene_of
from tests.forge.fault_server import Reply, running

SETTINGS = """\
name: Test registry
categories: { text: Text }
environments:
  development: {}
  production: { approval: pull-request, approvers: ["@octo/ops", "@ada"] }
"""


@pytest.fixture
def scene(make_registry: Make, tmp_path: Path) -> Scene:
    """A clone whose state is on a bare remote."""
    registry = make_registry(git=True)
    for version in ("1.0.0", "1.1.0"):
        registry.add("hello", version)
    scene = scene_of(registry, SETTINGS)
    bare = tmp_path / "bare.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    registry.git("remote", "add", "origin", str(bare))
    scene.remote = "origin"
    return scene


def git(folder: Path, *words: str) -> str:
    command = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", *words]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


def merge(
    scene: Scene, deployment: str, location: Path, *, edit: tuple[str, str] = ("", "")
) -> None:
    """What an approver does: merge the proposed branch in a clone and push it."""
    git(
        location,
        "clone",
        "--quiet",
        "--branch",
        "deployments",
        str(location / "bare.git"),
        "approver",
    )
    clone = location / "approver"
    git(clone, "merge", "--quiet", "--no-edit", f"origin/deploy/{deployment}")
    if edit[0]:
        (file,) = (clone / "approvals/production/hello").glob(f"{deployment}.json")
        file.write_text(file.read_text().replace(*edit))
        git(clone, "commit", "--quiet", "--all", "-m", "Change it")
    git(clone, "push", "--quiet", "origin", "deployments")


def test_a_deployment_waits_for_its_file(scene: Scene, tmp_path: Path) -> None:
    state = deploy(scene.target, "hello:1.0.0", "production", how=scene.how(id="dep-a"))
    assert state.rollout is not None
    assert state.rollout.phase is Phase.APPROVAL
    assert not state.serves
    assert "merge the branch deploy/dep-a of origin into deployments" in scene.said[0]
    bare = tmp_path / "bare.git"
    proposed = git(bare, "show", "deploy/dep-a:approvals/production/hello/dep-a.json")
    assert json.loads(proposed)["version"] == "1.0.0"
    owners = git(bare, "show", "deployments:.github/CODEOWNERS")
    assert "/approvals/production/ @octo/ops @ada\n" in owners
    assert "/.github/ @ada @octo/ops\n" in owners
    assert "development" not in owners

    reconcile(scene.target, how=scene.how())
    assert not scene.state("hello", "production").serves
    with pytest.raises(RolloutInTheWayError, match="waits for its approval"):
        promote(scene.target, "hello", "production", how=scene.how())
    merge(scene, "dep-a", tmp_path)
    assert reconcile(scene.target, how=scene.how())[0].error is None
    state = scene.state("hello", "production")
    assert state.rollout is None
    assert state.main.version == "1.0.0"
    assert branches(tmp_path) == ["deployments"]  # what was answered is gone
    stages = [event["stage"] for event in scene.events("hello", "production")]
    assert stages[-4:] == ["health-check", "approval", "switch", "watch"]
    git(bare, "fsck", "--strict")


def test_an_approval_of_something_else_does_not_count(scene: Scene, tmp_path: Path) -> None:
    deploy(scene.target, "hello:1.0.0", "production", how=scene.how(id="dep-a"))
    merge(scene, "dep-a", tmp_path, edit=('"approves": "sha256:', '"approves": "sha256:0'))
    reconcile(scene.target, how=scene.how())
    assert not scene.state("hello", "production").serves


def test_a_changed_candidate_needs_another_approval(scene: Scene, tmp_path: Path) -> None:
    deploy(scene.target, "hello:1.0.0", "production", how=scene.how(id="dep-a"))
    bare = tmp_path / "bare.git"
    git(bare, "branch", "kept", "deploy/dep-a")
    state = deploy(scene.target, "hello:1.1.0", "production", how=scene.how(id="dep-b"))
    assert state.rollout is not None
    assert state.rollout.deployment == "dep-b"
    assert branches(tmp_path) == ["deploy/dep-b", "deployments", "kept"]
    git(bare, "branch", "-m", "kept", "deploy/dep-a")  # somebody merges it late all the same
    merge(scene, "dep-a", tmp_path)
    reconcile(scene.target, how=scene.how())
    assert not scene.state("hello", "production").serves
    stages = [event["stage"] for event in scene.events("hello", "production")]
    assert stages.count("abandon") == 1


def test_the_same_wish_again_waits_on(scene: Scene) -> None:
    deploy(scene.target, "hello:1.0.0", "production", how=scene.how(id="dep-a"))
    again = deploy(scene.target, "hello:1.0.0", "production", how=scene.how())
    assert again.rollout is not None
    assert again.rollout.deployment == "dep-a"


def test_what_waits_can_be_taken_back(scene: Scene, tmp_path: Path) -> None:
    deploy(scene.target, "hello:1.0.0", "production", how=scene.how(id="dep-a"))
    state = rollback(scene.target, "hello", "production", how=scene.how())
    assert state.rollout is None
    assert not scene.state("hello", "production").serves
    assert branches(tmp_path) == ["deployments"]


def test_a_branch_of_somebody_elses_and_one_that_cannot_be_removed_stay(
    scene: Scene, tmp_path: Path
) -> None:
    bare = tmp_path / "bare.git"
    deploy(scene.target, "hello:1.0.0", "production", how=scene.how(id="dep-a"))
    git(scene.root, "push", "--quiet", "origin", "HEAD:refs/heads/deploy/notes")
    git(bare, "config", "receive.denyDeletes", "true")
    rollback(scene.target, "hello", "production", how=scene.how())
    assert branches(tmp_path) == ["deploy/dep-a", "deploy/notes", "deployments"]
    assert "deploy/dep-a is no longer needed and can't be removed" in "\n".join(scene.said)
    git(bare, "config", "receive.denyDeletes", "false")
    reconcile(scene.target, how=scene.how())
    assert branches(tmp_path) == ["deploy/notes", "deployments"]


def branches(folder: Path) -> list[str]:
    """Of the remote, but those of the audit log and its keys."""
    names = git(folder / "bare.git", "for-each-ref", "--format=%(refname:short)", "refs/heads/")
    return [name for name in names.split() if name not in {"audit", "keys", "main"}]


def test_without_a_remote_the_branch_is_made_here(make_registry: Make) -> None:
    registry = make_registry("alone", git=True)
    registry.add("hello", "1.0.0")
    scene = scene_of(registry, SETTINGS)
    deploy(scene.target, "hello:1.0.0", "production", how=scene.how(id="dep-a"))
    assert "merge the branch deploy/dep-a into deployments" in scene.said[0]
    registry.git("checkout", "--quiet", "deployments")
    registry.git("merge", "--quiet", "--no-edit", "deploy/dep-a")
    registry.git("checkout", "--quiet", "main")
    reconcile(scene.target, how=scene.how())
    assert scene.state("hello", "production").main.version == "1.0.0"


def test_where_there_is_a_forge_it_gets_a_pull_request(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The forge is told by hand, since the clone's remote is a folder."""
    with running() as server:
        server.replies = [Reply(201, {"html_url": "https://github.com/octo/registry/pull/7"})]
        github = GitHub("octo/registry", "secret-token", server.address)
        monkeypatch.setattr(approvals, "forge_of", lambda *_: github)
        deploy(scene.target, "hello:1.0.0", "production", how=scene.how(id="dep-a"))
        deploy(scene.target, "hello:1.0.0", "production", how=scene.how())
    assert scene.said[0] == "it waits for approval: https://github.com/octo/registry/pull/7"
    (asked,) = server.asked  # once, however often the deployment is asked for
    assert asked.body["head"] == "deploy/dep-a"
    assert asked.body["base"] == "deployments"
    assert asked.body["title"] == "Deploy hello 1.0.0 to production"


def test_a_forge_that_refuses_leaves_the_branch_to_people(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running() as server:
        server.replies = [Reply(403, {"message": "Resource not accessible by integration"})]
        github = GitHub("octo/registry", "secret-token", server.address)
        monkeypatch.setattr(approvals, "forge_of", lambda *_: github)
        state = deploy(scene.target, "hello:1.0.0", "production", how=scene.how(id="dep-a"))
    assert state.rollout is not None
    assert state.rollout.phase is Phase.APPROVAL
    assert "merge the branch deploy/dep-a of origin" in scene.said[0]
    assert "Resource not accessible by integration" in scene.said[0]
