from __future__ import annotations

import json
from typing import Any

import pytest

from registry_tool.cli import errors
from registry_tool.cli.registry import cli
from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.deploy.job import carry_out
from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.store.git.repository import Repository
from tests.commands.deploying import Make, Scene, scene_of
from tests.commands.privacy_places import OLD


@pytest.fixture
def scene(make_registry: Make) -> Scene:
    registry = make_registry(git=True)
    for version in ("1.0.0", "1.1.0"):
        registry.add("hello", version)
    return scene_of(registry)


def ask(scene: Scene, environment: str = "development", **request: Any) -> Any:
    return carry_out(scene.target, json.dumps(request), environment, scene.on_event, scene.how())


def test_every_action_is_carried_out(scene: Scene) -> None:
    state = ask(scene, workflow="hello:1.0.0", config={"debug": True})
    assert dict(state.main.config) == {"debug": True}
    assert ask(scene, "staging", action="promote", workflow="hello").main.version == "1.0.0"
    slow = {"type": "canary", "steps": [{"weight": 10, "pause": "until-promoted"}]}
    assert ask(scene, workflow="hello:1.1.0", strategy=slow).rollout is not None
    assert ask(scene, action="reconcile", workflow="hello").rollout is not None
    assert ask(scene, action="abort", workflow="hello").rollout is None
    with pytest.raises(NotFoundError, match="no rollout of hello is in progress"):
        ask(scene, action="abort", workflow="hello")
    assert ask(scene, workflow="hello:1.1.0").main.version == "1.1.0"
    assert ask(scene, action="rollback", workflow="hello", to="1.0.0").main.version == "1.0.0"
    with pytest.raises(UsageError, match="does not belong to the action"):
        ask(scene, workflow="hello:1.0.0", to="1.0.0")


def test_secrets_are_looked_for_in_the_jobs_environment(scene: Scene) -> None:
    scene.environ["OPENAI_API_KEY"] = "hunter2-hunter2"
    state = ask(scene, workflow="hello:1.0.0", config={"provider": "openai"})
    configured = scene.events("hello", "development")[1]
    assert configured["detail"]["secrets"] == ["OPENAI_API_KEY"]
    assert "hunter2" not in repr(state) + json.dumps(scene.events("hello", "development"))
    scene.environ.clear()
    with pytest.raises(Exception, match="does not bring OPENAI_API_KEY or OPENAI_BASE_URL"):
        ask(scene, workflow="hello:1.1.0", config={"provider": "openai"})
    assert scene.state("hello", "development").main.version == "1.0.0"


def test_who_asked_is_on_record(scene: Scene) -> None:
    """The pseudonym that a job hands in, the person whom git knows on a laptop, and nobody made up in a job."""
    for key, value in (("user.name", "Ada"), ("user.email", "ada@example.org")):
        Repository(scene.root).run("config", key, value)
    scene.environ.update(OLD)
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how(actor="c0ffee"))
    assert scene.events("hello", "development")[0]["detail"]["actor"] == "c0ffee"
    assert scene.state("hello", "development").actor == "c0ffee"
    deploy(scene.target, "hello:1.1.0", "development", how=scene.how())
    assert scene.events("hello", "development")[7]["detail"]["actor"] == "Ada <ada@example.org>"
    scene.environ.update({"GITHUB_ACTIONS": "true", "GITHUB_ACTOR_ID": "1"})
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how())
    assert "actor" not in scene.events("hello", "development")[14]["detail"]


HOSTILE = [
    '"; touch pwned; #',
    "${{ github.token }}",
    "hello:1.0.0\n::set-output name=a::b",
    "../../../etc/passwd",
    "hello:1.0.0; rm -rf /",
    "--upload-pack=touch pwned",
    "hello@$(touch pwned)",
    "\x1b[31mred",
    "hello:\u202e1.0.0",
    "a" * 100_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_strings_are_only_text(
    scene: Scene, text: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threats 18 and 19, in every place of a request and in the environment's and the deployment's name."""
    monkeypatch.chdir(scene.root)
    fine = json.dumps({"workflow": "hello:1.0.0"})
    requests: list[Any] = [
        {"workflow": text},
        {"workflow": "hello:1.0.0", "action": text},
        {"workflow": "hello:1.0.0", "strategy": {"type": text}},
        {"workflow": "hello:1.0.0", "strategy": {text: 1}},
        {"workflow": "hello:1.0.0", "strategy": {"compare": {"inputs": text}}},
        {"workflow": "hello:1.0.0", "config": {text: text}},
        {"workflow": "hello", "action": "rollback", "to": text},
    ]
    calls = [("development", json.dumps(request), "dep-a") for request in requests]
    for environment, request, id_ in [*calls, (text, fine, "dep-a"), ("development", fine, text)]:
        words = ["deploy", f"--env={environment}", f"--request={request}", f"--id={id_}"]
        code = errors.run(lambda words=words: cli(words, standalone_mode=False))
        captured = capsys.readouterr()
        assert code in {1, 2}, (words, captured)
        assert "\x1b" not in captured.err
        assert "Traceback" not in captured.err
        assert not any(line.startswith("::") for line in captured.err.splitlines())
    assert not list(scene.root.parent.rglob("pwned"))
    assert scene.target.store().all() == []


def test_hostile_text_in_what_serves_is_inert_on_the_terminal(
    scene: Scene, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threat 19: a configuration's variables are a stranger's words."""
    monkeypatch.chdir(scene.root)
    variables = {"A": "::add-mask::\n::set-output name=a::b ##[group] \x1b[31m"}
    request = json.dumps({"workflow": "hello:1.0.0", "config": {"variables": variables}})
    words = ["deploy", "--env=development", f"--request={request}"]
    assert errors.run(lambda: cli(words, standalone_mode=False)) == 0
    captured = capsys.readouterr()
    for line in (captured.out + captured.err).splitlines():
        assert not line.lstrip().startswith("::")
        assert "##[" not in line
        assert "\x1b" not in line
