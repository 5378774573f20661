"""What commands are tried on."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from registry_tool.cli import errors
from registry_tool.commands.author.init import init
from tests.cli.deploying import Run
from tests.commands.deploying import ENVIRONMENTS, Make, Scene, scene_of


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return init("base", "text", tmp_path / "base").folder


@pytest.fixture
def scene(make_registry: Make) -> Scene:
    registry = make_registry(git=True)
    for version in ("1.0.0", "1.1.0"):
        registry.add("hello", version)
    return scene_of(registry, ENVIRONMENTS)


@pytest.fixture
def run(scene: Scene, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(scene.root)

    def call(program: click.Group, *words: str) -> tuple[int, str, str]:
        code = errors.run(lambda: program(list(words), standalone_mode=False))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call
