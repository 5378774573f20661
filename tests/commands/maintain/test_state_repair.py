"""Pointers that are broken, alone and out of their events made anew."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.deploy.reconcile import reconcile
from registry_tool.commands.deploy.rollback import rollback
from registry_tool.commands.deploy.status import statuses
from registry_tool.commands.maintain.state_repair import repair
from registry_tool.core.errors import RegistryError
from registry_tool.deploy.model import Deployment
from registry_tool.state.audit_log import entries
from registry_tool.state.audit_verify import verify_audit
from registry_tool.state.target import deployments
from registry_tool.store.branch import Branch
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository
from registry_tool.store.state.notes import StateNotes
from tests.commands.deploying import Make, Scene, scene_of

WHO = Identity("Mallory", "m@example.org", "2026-01-01T00:00:00+00:00")
PATH = "environments/development/hello.json"
EVENT = "events/development/hello/00000006.json"
CANARY = {"type": "canary", "steps": [{"weight": 10, "pause": "until-promoted"}]}

Changes = Mapping[str, bytes | None]


@pytest.fixture
def scene(make_registry: Make) -> Scene:
    """hello 1.0.0 and 1.1.0 and other 1.0.0; hello 1.0.0 and other 1.0.0 serve in development."""
    registry = make_registry(git=True)
    for name, version in (("hello", "1.0.0"), ("hello", "1.1.0"), ("other", "1.0.0")):
        registry.add(name, version)
    made = scene_of(registry)
    for key, value in (("user.name", "Ada"), ("user.email", "ada@example.org")):
        Repository(made.root).run("config", key, value)
    for reference in ("hello:1.0.0", "other:1.0.0"):
        deploy(made.target, reference, "development", how=made.how())
    return made


def write(scene: Scene, changes: Changes) -> None:
    """Somebody pushes to the branch."""
    Branch(Repository(scene.root), "deployments").write(lambda _: changes, "x", WHO)


def damaged(scene: Scene, kind: str) -> bytes | None:
    """The pointer as it may be found."""
    data = scene.target.store().branch.files().read(PATH)
    return {
        "truncated": data[: len(data) // 2],
        "foreign": b'{"hello": "world"}\n',
        "another's": data.replace(b'"workflow": "hello"', b'"workflow": "other"'),
        "missing": None,
    }[kind]


@pytest.mark.parametrize("kind", ["truncated", "foreign", "another's", "missing"])
def test_one_bad_pointer_is_one_bad_row_until_it_is_repaired(scene: Scene, kind: str) -> None:
    before = scene.state("hello", "development")
    write(scene, {PATH: damaged(scene, kind)})
    found, broken = deployments(scene.target)
    assert [state.workflow for state in found] == ["other"]
    assert [one.location for one in broken] == [f"deployments:{PATH}"]
    listed = [one.sentence for one in reconcile(scene.target, how=scene.how())]
    assert len(listed) == 1
    assert "state repair" in listed[0]
    with pytest.raises(RegistryError, match=r"environments/development/hello\.json"):
        deploy(scene.target, "hello:1.1.0", "development", how=scene.how())

    tip = scene.target.store().branch.tip()
    (planned,) = repair(scene.target, dry_run=True)
    assert "1.0.0 100 % serves" in planned.sentence
    assert scene.target.store().branch.tip() == tip
    (done,) = repair(scene.target)
    assert done.sentence == planned.sentence
    assert scene.state("hello", "development") == before
    assert repair(scene.target) == []
    noted = [entry for entry in entries(scene.target) if entry.action == "state-repair"]
    assert len(noted) == 1
    assert noted[0].actor == "Ada <ada@example.org>"
    assert verify_audit(scene.target, environ={}).broken == ()


def test_a_pointer_that_says_otherwise_than_its_events(scene: Scene) -> None:
    before = scene.state("hello", "development")
    data = scene.target.store().branch.files().read(PATH)
    write(scene, {PATH: data.replace(b'"version": "1.0.0"', b'"version": "1.1.0"')})
    (done,) = repair(scene.target)
    assert done.pointer.reason == "it says otherwise than the events what serves"
    assert scene.state("hello", "development") == before


def test_a_rollout_in_progress_comes_back_from_the_history(scene: Scene) -> None:
    deploy(scene.target, "hello:1.1.0", "development", how=scene.how(strategy=CANARY))
    before = scene.state("hello", "development")
    assert before.rollout is not None
    write(scene, {PATH: b"{"})
    (done,) = repair(scene.target)
    assert "the pointer of commit" in done.sentence
    assert scene.state("hello", "development") == before


def squashed(scene: Scene, changes: Changes) -> None:
    """The branch is restored as one commit, out of a copy of its files: there is no history to look into."""
    repository = Repository(scene.root)
    branch = Branch(repository, "deployments")
    new = repository.commit_with(branch.tip(), changes, [], "Restore\n", WHO)
    assert repository.move("refs/heads/deployments", new, branch.tip())


def same(found: Deployment, before: Deployment) -> bool:
    """All but what counts writes."""
    keys = ("workflow", "environment", "serving", "id", "previous", "rollout", "actor")
    return all(getattr(found, key) == getattr(before, key) for key in keys)


def test_events_alone_are_enough(scene: Scene) -> None:
    target = scene.target
    states = [scene.state("hello", "development")]
    deploy(target, "hello:1.1.0", "development", how=scene.how(strategy={"type": "blue-green"}))
    states.append(scene.state("hello", "development"))
    squashed(scene, {PATH: None})
    assert "events, " not in repair(target)[0].sentence
    assert same(scene.state("hello", "development"), states[-1])
    rollback(target, "hello", "development", how=scene.how())
    back = scene.state("hello", "development")
    squashed(scene, {PATH: b"x"})
    (done,) = repair(target)
    assert "events" in done.sentence
    assert same(scene.state("hello", "development"), back)
    deploy(target, "hello:1.1.0", "development", how=scene.how())


def test_a_rollout_of_which_only_events_are_left_is_over(scene: Scene) -> None:
    deploy(scene.target, "hello:1.1.0", "development", how=scene.how(strategy=CANARY))
    squashed(scene, {PATH: None})
    (done,) = repair(scene.target)
    assert "1.0.0 100 % serves; the rollout dep-" in done.sentence
    state = scene.state("hello", "development")
    assert (state.main.version, state.rollout) == ("1.0.0", None)


def test_broken_events_are_named_and_nothing_is_written(scene: Scene) -> None:
    event = scene.target.store().branch.files().read(EVENT)
    write(scene, {PATH: b"{", EVENT: event.replace(b'"ok"', b'"failed"')})
    tip = scene.target.store().branch.tip()
    (found,) = repair(scene.target)
    assert found.error is not None
    assert found.error.location.startswith("events/development/hello/0000000")
    assert "the events themselves are broken" in found.error.reason
    assert scene.target.store().branch.tip() == tip


def test_a_bad_event_is_reported_once_with_a_way_out(scene: Scene) -> None:
    write(scene, {EVENT: b"garbage"})
    messages: list[str] = []
    target = replace(scene.target, notes=StateNotes(say=messages.append))
    found, _ = deployments(target)
    assert "hello" in {status.deployment.workflow for status in statuses(target, found)}
    assert all("docs/restore.md" in sentence for sentence in messages)
    assert len(messages) == len(set(messages))
    with pytest.raises(RegistryError, match="not JSON") as caught:
        rollback(scene.target, "hello", "development", how=scene.how())
    assert "docs/restore.md" in caught.value.hint
    write(scene, {PATH: b"{"})
    with pytest.raises(RegistryError, match="not JSON") as caught:
        scene.target.store().find("development", "hello")
    assert "registry-tool state repair" in caught.value.hint
    broken = verify_audit(scene.target, environ={}).broken
    assert len(broken) == len(set(broken))


def test_what_a_newer_tool_wrote_is_left_alone(scene: Scene) -> None:
    data = scene.target.store().branch.files().read(PATH)
    write(scene, {PATH: data.replace(b"deployment/v2", b"deployment/v3")})
    _, (broken,) = deployments(scene.target)
    assert "newer than this tool" in broken.reason
    assert "update the tool" in broken.hint
    (found,) = repair(scene.target)
    assert found.error is not None
    assert scene.target.store().branch.files().read(PATH) != data


def test_a_pointer_of_nothing_is_taken_out(scene: Scene) -> None:
    write(scene, {"environments/development/ghost.json": b"{"})
    found = repair(scene.target, name="ghost")
    assert "nothing was ever served" in found[0].sentence
    assert deployments(scene.target)[1] == []


def test_events_that_are_gone_are_not_taken_for_none(scene: Scene) -> None:
    tree = scene.target.store().branch.files()
    gone: Changes = {file.path: None for file in tree.files("events/development/hello")}
    write(scene, gone)
    (found,) = repair(scene.target)
    assert found.error is not None
    assert "they were taken out" in found.error.reason
    assert scene.target.store().branch.files().has(PATH)


def test_status_shows_the_others(scene: Scene, capsys: Any, monkeypatch: Any) -> None:
    from registry_tool.cli import errors
    from registry_tool.cli.puppy import cli

    monkeypatch.chdir(scene.root)
    write(scene, {PATH: b"{"})
    assert errors.run(lambda: cli(["status"], standalone_mode=False)) == 1
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert "other:1.0.0" in lines[0]
    assert "broken" in lines[1]
    assert f"deployments:{PATH}" in lines[1]
    assert errors.run(lambda: cli(["status", "--format", "json"], standalone_mode=False)) == 1
    states = json.loads(capsys.readouterr().out)["deployments"]
    assert [state["status"] for state in states] == ["serving", "broken"]
    assert errors.run(lambda: cli(["status", "other"], standalone_mode=False)) == 0
