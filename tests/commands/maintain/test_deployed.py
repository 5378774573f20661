"""What the site shows of a real state branch; with it, an increment equals a build from nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.maintain.build import build
from registry_tool.commands.maintain.build_mark import read_mark
from registry_tool.commands.maintain.deployed import deployed_view
from registry_tool.core.output_folder import MARK
from registry_tool.site.site import DeployedView
from tests.commands.deploying import ENVIRONMENTS, Scene, scene_of
from tests.conftest import RegistryFolder


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    made = make_registry(git=True)
    for version in ("1.0.0", "1.1.0"):
        made.add("hello", version)
    return made


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def serve(scene: Scene, version: str) -> None:
    deploy(scene.target, f"hello:{version}", "development", scene.on_event, scene.how())


def test_what_serves_is_read_from_the_state(registry: RegistryFolder) -> None:
    scene = scene_of(registry)
    assert deployed_view(scene.target, ()) == DeployedView()
    serve(scene, "1.0.0")
    (one,) = deployed_view(scene.target, ("development",)).workflows
    assert (one.workflow, one.environment, one.status) == ("hello", "development", "serving")
    ((version, weight, since),) = one.serving
    assert (version, weight, since[:10]) == ("1.0.0", 100, "2026-01-01")
    assert (one.runs, one.failed_stage) == (0, "")


def test_a_state_that_cannot_be_read_is_said(registry: RegistryFolder) -> None:
    scene = scene_of(registry)
    serve(scene, "1.0.0")
    registry.git("checkout", "--quiet", "deployments")
    path = registry.root / "environments/development/hello.json"
    path.write_text("{")
    registry.commit("Break it")
    registry.git("checkout", "--quiet", "main")
    view = deployed_view(scene.target, ())
    assert (view.workflows, view.unread) == ((), "hello (development)")


def test_an_output_follows_the_state_and_equals_one_from_nothing(
    registry: RegistryFolder, tmp_path: Path
) -> None:
    scene = scene_of(registry, f"{ENVIRONMENTS}site: {{ deployments: true }}\n")
    out = tmp_path / "out"
    build(registry.root, out)
    assert b"Nothing is deployed yet" in (out / "deployments/index.html").read_bytes()
    serve(scene, "1.1.0")
    done = build(registry.root, out)
    assert b"<code>1.1.0</code>" in (out / "deployments/index.html").read_bytes()
    assert 0 < done.written < 40
    again = build(registry.root, out)
    assert again.written == 0
    build(registry.root, tmp_path / "anew")
    assert contents(out) == contents(tmp_path / "anew")
    mark = read_mark((out / MARK).read_bytes())
    assert mark is not None
    assert mark.deployed
