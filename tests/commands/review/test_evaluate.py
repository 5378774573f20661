"""New versions beside the versions before them: what is run, what isn't, and who may ask for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from registry_tool.commands.review.evaluate import EvaluateOptions, evaluate
from registry_tool.core.errors import UsageError
from registry_tool.engine.providers.models.base import ModelAnswer, ModelRequest, Usage
from registry_tool.engine.providers.models.metered import Budget, Metered
from registry_tool.engine.testing.paired import INCONCLUSIVE
from registry_tool.report.evaluation import EvaluatedVersion
from registry_tool.runtime import live_tests
from tests.commands.review.requests import branch, publish
from tests.conftest import RegistryFolder

NOW = datetime(2024, 3, 1, tzinfo=UTC)
ASKS = """\
    - id: greet
      source: who
      target: greeting
      type: llm
      config: { prompt: "Greet {{who}}", model: m, max_tokens: 20 }
"""
BY_HAND = 'expected: { greeting: "Hello, world!" }, answers: { greet: "Hello, world!" } }'


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[ModelRequest]]:
    """Questions that were asked of a model that greets."""
    seen: list[ModelRequest] = []

    class Scripted:
        name = "told"

        async def complete(self, request: ModelRequest, on_text: Any = None) -> ModelAnswer:
            seen.append(request)
            return ModelAnswer("Hello, world!", "m", Usage(3, 1, 1))

        async def aclose(self) -> None:
            """Nothing is open."""

    def made(name: str, limits: object, budget: Budget | None) -> Metered:
        return Metered(Scripted(), lambda *_: 0.0, budget)

    monkeypatch.setattr(live_tests, "make_provider", made)
    yield seen


def asking(registry: RegistryFolder, version: str, date: str = "") -> None:
    """Publish a version that asks a model, with an answer written by hand."""
    folder = registry.lay("asker", version)
    text = (folder / "manifest.yaml").read_text()
    text = re.sub(r"(created|updated): .*", rf'\1: "{date}"', text) if date else text
    start = text.index("    - id: greet")
    text = text[:start] + ASKS + text[text.index("  runtime:") :]
    text = text.replace('expected: { greeting: "Hello, world!" } }', BY_HAND)
    (folder / "manifest.yaml").write_text(text)
    registry.compile()
    registry.commit(f"Publish asker {version}")


def found(registry: RegistryFolder, **how: Any) -> list[EvaluatedVersion]:
    options = EvaluateOptions(**{"provider": "local", "max_tokens": 1000, **how})
    return evaluate(registry.root, "main", "HEAD", options, NOW)


def test_a_new_version_is_asked_beside_the_one_before(
    registry: RegistryFolder, asked: list[ModelRequest]
) -> None:
    asking(registry, "1.0.0")
    branch(registry, "new")
    asking(registry, "1.1.0")
    (one,) = found(registry)
    assert (one.reference, one.base, one.skipped) == ("asker:1.1.0", "asker:1.0.0", "")
    assert (one.verdict, one.runs, one.comparison.both, one.tokens) == (INCONCLUSIVE, 1, 1, 8)
    assert (one.recordings.count, one.recordings.days) == (0, 60)
    assert len(asked) == 2


def test_a_date_without_a_zone_has_an_age_too(
    registry: RegistryFolder, asked: list[ModelRequest]
) -> None:
    asking(registry, "1.0.0", "2024-02-01")
    branch(registry, "new")
    asking(registry, "1.1.0", "2024-02-02")
    (one,) = found(registry)
    assert (one.skipped, one.recordings.date, one.recordings.days) == ("", "2024-02-01", 29)


def test_what_is_not_asked(registry: RegistryFolder, asked: list[ModelRequest]) -> None:
    registry.add("quiet", "1.0.0")
    registry.commit("Publish quiet 1.0.0")
    branch(registry, "new")
    registry.add("quiet", "1.1.0")
    registry.commit("Publish quiet 1.1.0")
    reasons = {one.reference: one.skipped for one in found(registry)}
    assert reasons["quiet:1.1.0"].startswith("neither version asks a model")
    assert asked == []


def test_what_the_check_refuses_is_not_run(
    registry: RegistryFolder, asked: list[ModelRequest]
) -> None:
    publish(registry, "hello", "1.1.0")
    manifest = registry.root / "registry/workflows/hello/1.1.0/manifest.yaml"
    manifest.write_text(manifest.read_text().replace('greeting: "Hello', 'greeting: "Bye'))
    registry.compile()
    registry.commit("Break the test")
    (one,) = found(registry)
    assert (one.verdict, one.skipped) == (INCONCLUSIVE, "check-pr refuses the request: tests-pass")


def test_only_a_maintainer_may_ask(registry: RegistryFolder) -> None:
    settings = registry.root / "registry/registry.yaml"
    settings.write_text(
        f"{settings.read_text()}policy: {{ maintainers: [{{ login: ada, id: 1 }}] }}\n"
    )
    registry.commit("Name a maintainer")
    with pytest.raises(UsageError, match="7 is not a maintainer"):
        found(registry, asked_by=7)
    assert found(registry, asked_by=1) == []


def test_an_environment_is_the_registrys(
    registry: RegistryFolder, asked: list[ModelRequest]
) -> None:
    with pytest.raises(UsageError, match="prodution"):
        found(registry, environment="prodution")
    asking(registry, "1.0.0")
    branch(registry, "new")
    asking(registry, "1.1.0")
    (one,) = found(registry, environment="development")
    assert (
        "the manifest names m" in one.skipped
    )  # nobody allowed the embedded model to answer for it
