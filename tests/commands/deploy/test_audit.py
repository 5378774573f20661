"""Changes of what serves are noted, whoever made them and however they ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from registry_tool.commands.deploy.deploy import DeployOptions, context_of, deploy
from registry_tool.commands.deploy.reconcile import reconcile
from registry_tool.commands.deploy.rollback import rollback
from registry_tool.commands.deploy.stages import DeployParameters, RegistryPlan
from registry_tool.core.errors import UsageError
from registry_tool.deploy.deployer import deploy as carry_out
from registry_tool.deploy.stages import StageFailedError
from registry_tool.security.keys import VARIABLE, EnvironmentKeyError, environment_key
from registry_tool.state.audit_log import entries
from registry_tool.state.audit_verify import KEYLESS, verify_audit
from registry_tool.state.branches import local_person, writer
from registry_tool.state.public_keys import published
from registry_tool.state.target import Target, deployed
from registry_tool.store.branch import Branch
from registry_tool.store.git.repository import Repository
from tests.commands.privacy_places import BOTH, NEW, OLD, git


@pytest.fixture
def target(make_registry: Callable[..., object]) -> Target:
    registry = make_registry(git=True)
    for version in ("1.0.0", "1.1.0"):
        registry.add("hello", version)  # type: ignore[attr-defined]
    registry.commit("Publish")  # type: ignore[attr-defined]
    return Target(registry.root, environ={})  # type: ignore[attr-defined]


def actions(target: Target) -> list[str]:
    return [str(entry.action) for entry in entries(target)]


def test_every_command_leaves_its_entry(target: Target) -> None:
    deploy(target, "hello:1.0.0", "development", how=DeployOptions(actor="a" * 32))
    deploy(target, "hello:1.1.0", "development")
    rollback(target, "hello", "development")
    assert actions(target) == ["deploy", "deploy", "rollback"]
    here = local_person(target, {})
    assert "@" in here
    assert [entry.actor for entry in entries(target)] == ["a" * 32, here, here]
    assert verify_audit(target, environ={}).broken == ()


def test_who_asked_is_a_pseudonym_of_the_jobs_actor(target: Target) -> None:
    job = replace(target, environ={**OLD, "ACTOR_ID": "1"})
    deploy(job, "hello", "production")
    ring = environment_key(target.root / ".git", "production", OLD)
    assert [entry.actor for entry in entries(target)] == [ring.pseudonym("actor", "1")]


def test_what_was_refused_changed_nothing_and_is_not_noted(target: Target) -> None:
    with pytest.raises(StageFailedError, match=r"no version of hello is 9\.9\.9"):
        deploy(target, "hello:9.9.9", "development")
    assert actions(target) == []


def test_a_deployer_that_died_before_its_note_is_made_good(target: Target) -> None:
    """The roll-out itself is whole; only the entry is missing."""
    plan = RegistryPlan(target, "development", "dep-lost", DeployParameters("hello:1.0.0"))
    carry_out(context_of(target, lambda _: None, DeployOptions()), plan)
    verdict = verify_audit(target, environ={})
    assert verdict.broken == ()
    assert [item.reason for item in verdict.unverified] == [KEYLESS]
    reconcile(target)
    assert verify_audit(target, environ={}).broken == ()
    [entry] = entries(target)
    assert entry.action == "reconcile"
    assert entry.detail["deployment"] == "dep-lost"  # type: ignore[index,call-overload]


def test_one_environments_key_is_not_used_for_another(target: Target) -> None:
    with pytest.raises(UsageError, match="one environment's key"):
        reconcile(replace(target, environ=OLD))
    with pytest.raises(UsageError, match="no environment 'prod'"):
        deploy(replace(target, environ={VARIABLE: OLD[VARIABLE]}), "hello", "prod")


def test_an_operator_without_the_key_acts_and_the_next_one_with_it_makes_the_entry_good(
    target: Target,
) -> None:
    job = replace(target, environ=OLD)
    deploy(job, "hello:1.0.0", "production")
    said: list[str] = []
    deploy(target, "hello:1.1.0", "production", how=DeployOptions(say=said.append))
    rollback(target, "hello", "production", how=DeployOptions(say=said.append))
    assert len([s for s in said if "the audit log gets no entry from here" in s]) == 2
    assert actions(target) == ["deploy"]
    assert len(published(target, "production").keys) == 1
    reconcile(job, "production")
    assert actions(target) == ["deploy", "reconcile"]
    assert verify_audit(target, environ=OLD).broken == ()


def test_a_key_that_is_not_the_environments_is_refused_before_anything_is_done(
    target: Target,
) -> None:
    deploy(replace(target, environ=OLD), "hello:1.0.0", "production")
    with pytest.raises(EnvironmentKeyError, match="the key at hand is") as refused:
        deploy(replace(target, environ=NEW), "hello:1.1.0", "production")
    assert "lost for good" in refused.value.hint
    assert deployed(target, "hello", "production").main.version == "1.0.0"
    assert len(published(target, "production").keys) == 1
    deploy(replace(target, environ=BOTH), "hello:1.1.0", "production")


def test_what_a_machine_makes_up_is_not_published_on_a_remote(
    target: Target, tmp_path: Path
) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "remote.git")
    git(target.root, "remote", "add", "origin", str(tmp_path / "remote.git"))
    far = replace(target, remote="origin")
    deploy(far, "hello:1.0.0", "production")
    assert published(far, "production").keys == ()
    reconcile(replace(far, environ=OLD), "production")
    assert verify_audit(far, environ=OLD).broken == ()


def test_a_pointer_that_was_edited_behind_the_events_shows(target: Target) -> None:
    deploy(target, "hello:1.0.0", "development")
    path = "environments/development/hello.json"
    branch = Branch(Repository(target.root), "deployments")
    data = branch.files().read(path).replace(b'"1.0.0"', b'"1.1.0"')
    branch.write(lambda _: {path: data}, "x", writer(target))
    (broken,) = verify_audit(target, environ={}).broken
    assert (broken.location, broken.reason) == (
        path,
        "it says otherwise than the events what serves",
    )


def test_one_environments_key_does_not_call_the_others_forged(target: Target) -> None:
    deploy(replace(target, environ=OLD), "hello:1.0.0", "production")
    deploy(replace(target, environ=NEW), "hello:1.0.0", "development")
    with pytest.raises(UsageError, match="not that of development") as refused:
        verify_audit(target, environ=OLD)
    assert "say whose with --env" in refused.value.hint
    assert verify_audit(target, environment="production", environ=OLD).broken == ()
    assert verify_audit(target, environ={}).broken == ()
