from __future__ import annotations

import json
import subprocess
import threading
from pathlib import Path

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.run.execute import execute
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.core.hash_chain import ChainProblem
from registry_tool.deploy.event_log import broken_link
from registry_tool.runtime.run_program import RunOptions
from registry_tool.state.runs.logs import read_log
from registry_tool.state.target import Target, deployed, open_deployed
from tests.commands.deploying import target


def test_a_version_serves_with_every_stage_on_record(registry: object) -> None:
    stages: list[str] = []
    deployment = deploy(
        target(registry), "hello:1.0.0", "development", lambda e: stages.append(e.stage)
    )
    assert stages == [
        "select",
        "configure",
        "resolve",
        "allocate",
        "health-check",
        "switch",
        "watch",
    ]
    store = target(registry).store()
    assert store.find("development", "hello") == deployment
    events = dict(store.events("development", "hello"))
    assert [json.loads(data)["stage"] for data in events.values()] == stages
    assert broken_link(events) is None


def test_a_changed_event_shows(registry: object) -> None:
    deploy(target(registry), "hello", "development")
    events = dict(target(registry).store().events("development", "hello"))
    third = sorted(events)[2]
    events[third] = events[third].replace(b"resolve", b"forgery")
    reason = "the event before it was changed or taken out"
    assert broken_link(events) == ChainProblem(sorted(events)[3], reason)


def test_a_failed_health_check_leaves_the_old_version(registry: object) -> None:
    where = target(registry)
    deploy(where, "hello:1.1.0", "development")
    folder = registry.add("hello", "1.2.0")  # type: ignore[attr-defined]
    manifest = folder / "manifest.yaml"
    manifest.write_text(manifest.read_text().replace("Hello, world!", "Bye, world!"))
    registry.compile()  # type: ignore[attr-defined]
    with pytest.raises(RegistryError, match="health-check failed"):
        deploy(where, "hello:1.2.0", "development")
    assert deployed(where, "hello", "development").main.version == "1.1.0"
    last = target(registry).store().events("development", "hello")[-1][1]
    assert json.loads(last)["status"] == "failed"


def test_a_run_uses_what_was_deployed_and_is_logged(registry: object) -> None:
    where = target(registry)
    deploy(where, "hello:1.0.0", "development")
    result = execute(where, "hello", {"who": "Ada"}, RunOptions("development"))
    assert result.outputs == {"greeting": "Hello, Ada!"}
    log = list(read_log(where, "hello", "development"))
    assert log[0]["workflow"] == {
        "name": "hello",
        "version": "1.0.0",
        "execution_id": result.execution_id,
    }
    assert log[0]["metadata"]["inputs"] == {"who": "[REDACTED]"}  # type: ignore[index]
    with pytest.raises(NotFoundError):
        list(read_log(where, "caller", "development"))
    with pytest.raises(UsageError, match="no input 'whom'"):
        execute(where, "hello", {"whom": "Ada"}, RunOptions("development"))


def test_a_version_changed_after_its_deployment_does_not_run(registry: object) -> None:
    where = target(registry)
    deployment = deploy(where, "hello:1.0.0", "development")
    readme = registry.root / "registry/workflows/hello/1.0.0/docs/README.md"  # type: ignore[attr-defined]
    readme.write_text("tampered with")
    with pytest.raises(RegistryError, match="was deployed"):
        open_deployed(where, deployment)


def test_eight_deployers_at_once_take_turns(registry: object, tmp_path: Path) -> None:
    """Six versions of one workflow and two of another: each in its turn, none lost, none mixed."""
    for version in ("1.2.0", "1.3.0", "1.4.0", "1.5.0"):
        registry.add("hello", version)  # type: ignore[attr-defined]
    registry.add("caller", "1.1.0", hello="^1.0.0")  # type: ignore[attr-defined]
    registry.commit("Publish more")  # type: ignore[attr-defined]
    bare = tmp_path / "bare.git"
    subprocess.run(
        ["git", "init", "--quiet", "--bare", "--initial-branch=main", str(bare)], check=True
    )
    registry.git("remote", "add", "origin", str(bare))  # type: ignore[attr-defined]
    registry.git("push", "--quiet", "origin", "main")  # type: ignore[attr-defined]
    clones = [tmp_path / f"clone{number}" for number in range(8)]
    for clone in clones:
        subprocess.run(["git", "clone", "--quiet", str(bare), str(clone)], check=True)
    failures: list[BaseException] = []

    def one(clone: Path, name: str) -> None:
        try:
            deploy(Target(clone, "origin"), name, "development")
        except RegistryError as error:
            failures.append(error)

    names = [f"hello:1.{minor}.0" for minor in range(6)] + ["caller:1.0.0", "caller:1.1.0"]
    threads = [threading.Thread(target=one, args=pair) for pair in zip(clones, names, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    store = Target(clones[0], "origin").store()
    for name, deployers in (("hello", 6), ("caller", 2)):
        events = dict(store.events("development", name))
        assert broken_link(events) is None
        document = [json.loads(data) for _, data in sorted(events.items())]
        assert len(document) == 7 * deployers
        turns = [event["deployment"] for event in document[::7]]
        assert [event["deployment"] for event in document] == [t for t in turns for _ in range(7)]
        last = store.find("development", name)
        assert last is not None
        assert last.rollout is None
        assert last.id == turns[-1]
    subprocess.run(["git", "-C", str(bare), "fsck", "--strict"], check=True, capture_output=True)
