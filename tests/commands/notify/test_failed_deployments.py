from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from registry_tool.commands.deploy.reconcile import Reconciled
from registry_tool.commands.notify.failed_deployments import (
    FailureNotifier,
    failures_notified,
    send_reconciled,
)
from registry_tool.core.errors import RegistryError
from registry_tool.deploy.model import FAILED, Deployment, StageEvent
from registry_tool.deploy.stages import StageFailedError
from tests.commands.deploying import Scene, scene_of
from tests.commands.notify.receiver import ReceiverServer, quick, receiver
from tests.conftest import RegistryFolder

EVENT = StageEvent(
    "dep-1", "watch", FAILED, "2026-01-20T15:30:00.000Z", 1.0, {"reason": "error_rate 0.5"}
)
FAILURE = StageFailedError(RegistryError("error_rate 0.5"), EVENT)
REQUEST = json.dumps({"workflow": "hello:1.0.0"})


def how(hook: ReceiverServer, heard: list[str]) -> FailureNotifier:
    return FailureNotifier(heard.append, hook.environ, quick())


@pytest.fixture
def scene(make_registry: Callable[..., RegistryFolder]) -> Scene:
    """A registry with an environment."""
    return scene_of(make_registry(git=True))


@pytest.fixture
def notified(scene: Scene) -> Scene:
    """A registry whose failures are told."""
    file = scene.target.root / "registry/registry.yaml"
    file.write_text(file.read_text() + "\nnotifications: [{ form: dingtalk, language: zh }]\n")
    return scene


def test_a_stage_that_fails_is_reported_and_goes_on(notified: Scene) -> None:
    heard: list[str] = []
    with receiver() as hook:
        with (
            pytest.raises(StageFailedError),
            failures_notified(notified.target, "production", REQUEST, "id", how(hook, heard)),
        ):
            raise FAILURE
        (post,) = hook.posts
    text = json.loads(post.body)["text"]["content"]
    assert "hello 1.0.0 部署到 production 失败" in text
    assert "阶段 watch：error_rate 0.5" in text
    assert heard == []


def test_a_rollout_that_fails_later_is_reported(notified: Scene) -> None:
    before = Deployment("hello", "staging")
    others = [Reconciled(before), Reconciled(before, error=RegistryError("can't be read"))]
    heard: list[str] = []
    with receiver() as hook:
        hook.answers = [(200, {}, b'{"errcode": 310000, "errmsg": "sign not match"}')]
        send_reconciled(
            notified.target, [*others, Reconciled(before, error=FAILURE)], how(hook, heard)
        )
        assert len(hook.posts) == 1
    assert heard == [
        "the receiver dingtalk (dingtalk) was not notified of deployment.failed: "
        "it refused with the code 310000: sign not match"
    ]


def test_settings_that_cannot_be_read_hide_no_failure(scene: Scene) -> None:
    heard: list[str] = []
    with receiver() as hook:
        (scene.target.root / "registry/registry.yaml").write_text("name: [")
        with (
            pytest.raises(StageFailedError),
            failures_notified(scene.target, "production", REQUEST, "id", how(hook, heard)),
        ):
            raise FAILURE
    assert heard[0].startswith("no receiver was notified of the failure: ")
