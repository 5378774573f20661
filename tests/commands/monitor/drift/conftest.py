"""A workflow whose answers are recorded, and its model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.review.check import write_compiled
from registry_tool.runtime.run_tests import SuiteOptions
from registry_tool.runtime.run_tests import test_program as run_tests
from registry_tool.sources.reference import open_reference
from registry_tool.state.target import Target
from registry_tool.store.tree import FolderTree
from tests.commands.monitor.drift.published import MANIFEST, Publish, said
from tests.forge.fault_server import FaultServer, running


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    with running() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.address}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", "a-key")
        server.replies = [said("happy")]
        yield server


@pytest.fixture
def publish(make_registry: Callable[..., Any]) -> Publish:
    """A registry that serves `mood` in development, its tests recorded from a provider."""

    def make(provider: str = "openai", security: str = "", expected: str = "happy") -> Target:
        made = make_registry(git=True)
        folder = made.add("mood", "1.0.0")
        text = MANIFEST.replace("SECURITY\n", security).replace("HAPPY", expected)
        (folder / "manifest.yaml").write_text(text)
        write_compiled(made.root, FolderTree(made.root))
        program = open_reference("mood:1.0.0", str(made.root)).program
        report = run_tests(program, SuiteOptions(provider=provider, record=True))
        assert report.passed, report
        assert report.cassette is not None
        (folder / "tests").mkdir()
        (folder / "tests/cassettes.json").write_bytes(report.cassette.to_bytes())
        write_compiled(made.root, FolderTree(made.root))
        made.commit("Publish")
        deploy(Target(made.root), "mood", "development")
        return Target(made.root)

    return make
