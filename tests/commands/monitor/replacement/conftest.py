"""A registry whose newest version asks a model that retires, on a remote, and a model that answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from registry_tool.commands.monitor.replacement.access import ModelAccess
from registry_tool.commands.monitor.replacement.propose import SuccessorProposer
from registry_tool.commands.monitor.replacement.requests import SuccessorRequests
from registry_tool.commands.monitor.retirements import moves_of, retirements
from registry_tool.core.clock import FixedClock
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.base import ModelAnswer, ModelRequest, Usage
from registry_tool.engine.providers.models.metered import Budget, Metered
from registry_tool.forge.github.client import GitHub
from registry_tool.monitoring.successors import ModelMove
from registry_tool.report.successors import ProposedMove
from registry_tool.runtime import live_tests
from registry_tool.state.target import Target
from tests.conftest import RegistryFolder
from tests.forge.stand_in.repositories import Repository
from tests.forge.stand_in.server import Person, StandIn, stand_in

NOW = datetime(2026, 11, 25, tzinfo=UTC)
REGISTRY, TOKEN = "puppyai/registry", "gho_of-a-job-0123456789"
ENDS = {
    "format": "puppyai.com/model-retirements/v1",
    "models": [
        {
            "model": "old-7b",
            "retires": "2026-12-24T00:00:00Z",
            "replacement": "new-8b",
            "source": "https://example.com/models",
        }
    ],
}
ASKS = """\
    - id: greet
      source: who
      target: greeting
      type: llm
      config: { prompt: "Greet {{who}}", model: old-7b, max_tokens: 20 } # the cheap one
"""
ASSERTS = "assert: [{ type: contains, value: Hello }] }"


@dataclass
class ScriptedAnswers:
    """What each model says (None: it is gone), and what was asked."""

    says: dict[str, str | None] = field(
        default_factory=lambda: {"old-7b": "Hello, world!", "new-8b": "Hello!"}
    )
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> ScriptedAnswers:
    script = ScriptedAnswers()

    class Scripted:
        name = "scripted"

        async def complete(self, request: ModelRequest, on_text: Any = None) -> ModelAnswer:
            script.asked.append(request.model)
            text = script.says[request.model]
            if text is None:
                raise ProviderError(f"404: there is no model {request.model}")
            return ModelAnswer(text, request.model, Usage(3, 1, 1))

        async def aclose(self) -> None:
            """Nothing is open."""

    def made(name: str, limits: object, budget: Budget | None) -> Metered:
        return Metered(Scripted(), lambda *_: 0.0, budget)

    monkeypatch.setattr(live_tests, "make_provider", made)
    return script


@dataclass
class Retiring:
    """The clone, and what is asked of it."""

    made: RegistryFolder
    remote: str = ""
    requests: SuccessorRequests | None = None
    access: ModelAccess = field(default_factory=lambda: ModelAccess("openai", None, Budget()))

    @property
    def target(self) -> Target:
        return Target(self.made.root, self.remote or ".", clock=FixedClock(NOW), environ={})

    def moves(self, **named: str) -> list[ModelMove]:
        target = self.target
        return moves_of(target, retirements(target, NOW, timedelta(days=90)), named)

    def propose(self, *, dry_run: bool = False) -> list[ProposedMove]:
        proposer = SuccessorProposer(self.target, self.remote, self.requests, self.access, dry_run)
        return list(proposer.run(self.moves()))


@pytest.fixture
def retiring(make_registry: Callable[..., RegistryFolder]) -> Retiring:
    """asker:1.0.0 asks old-7b, which has a successor; there is no remote."""
    made = make_registry(git=True)
    folder = made.lay("asker", "1.0.0")
    text = (folder / "manifest.yaml").read_text()
    start = text.index("    - id: greet")
    text = text[:start] + ASKS + text[text.index("  runtime:") :]
    text = text.replace('expected: { greeting: "Hello, world!" } }', ASSERTS)
    (folder / "manifest.yaml").write_text(text)
    (made.root / "registry/model-retirements.json").write_text(json.dumps(ENDS))
    made.compile()
    made.commit("Publish asker 1.0.0")
    return Retiring(made)


@pytest.fixture
def forge(retiring: Retiring, tmp_path: Path) -> Iterator[StandIn]:
    """The registry on a forge, whose job may write; the clone's remote is the real bare repository."""
    bare = tmp_path / "bare.git"
    retiring.made.git("clone", "--quiet", "--bare", ".", str(bare))
    retiring.made.git("remote", "add", "origin", str(bare))
    with stand_in(tmp_path) as running:
        running.repositories[REGISTRY] = Repository(REGISTRY, bare, {"puppyai", "bot"})
        running.people[TOKEN] = Person("bot", 41898282)
        retiring.remote = "origin"
        retiring.requests = SuccessorRequests(GitHub(REGISTRY, TOKEN, running.address))
        yield running
