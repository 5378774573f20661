"""`puppy-cli test` on the embedded model's door: recording, replaying, refreshing, and what is never reached."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.engine.assertions.base import Outcome
from registry_tool.engine.providers.models.base import ModelAnswer, ModelRequest, Usage
from registry_tool.runtime import run_tests as module
from registry_tool.runtime.run_tests import SuiteOptions
from registry_tool.runtime.run_tests import test_reference as check
from registry_tool.store import paths

MANIFEST = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata: { name: asker, version: "1.0.0", license: MIT }
spec:
  blocks: [{ id: question, type: text }, { id: said, type: text }]
  edges: [{ id: ask, source: question, target: said, type: llm, config: { prompt: "{{question}}", model: m } }]
  interface:
    inputs: [{ name: question, type: string, required: true }]
    outputs: [{ name: said, type: string }]
  tests:
    - name: twice
      inputs: { question: Why? }
      runs: 2
      pass_rate: 0.5
      assert: [{ type: contains, value: "1" }, { type: llm-rubric, value: polite, weight: 0 }]
"""


class ScriptedModel:
    """A model that numbers its answers and, as a judge, is content; it stands in for one that costs money."""

    name = "told"
    asked: list[str]

    def __init__(self) -> None:
        self.asked = []

    async def complete(self, request: ModelRequest, on_text: object = None) -> ModelAnswer:
        self.asked.append(request.messages[-1].content)
        judging = '{"pass": true, "score": 1, "reason": ""}'
        text = judging if request.schema else f"answer {len(self.asked)}"
        return ModelAnswer(text, "told-1", Usage(3, 2, 1))

    async def aclose(self) -> None:
        pass


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "workflow-resource.yaml").write_text(MANIFEST)
    return tmp_path


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> ScriptedModel:
    model = ScriptedModel()
    monkeypatch.setattr(module, "make_provider", lambda _: model)
    return model


def test_what_is_recorded_is_replayed_judge_included(
    project: Path, scripted: ScriptedModel
) -> None:
    (case,) = check(str(project), "", SuiteOptions()).cases
    assert case.outcome is Outcome.ERROR
    assert "no answer is recorded" in case.reasons[0]
    assert case.unrecorded
    report = check(str(project), "", SuiteOptions("told", record=True))
    assert (report.cases[0].passes, report.cases[0].runs) == (1, 2)
    assert len(scripted.asked) == 4  # two questions, two verdicts
    again = check(str(project), "", SuiteOptions())
    assert again.passed
    assert (again.stale, len(scripted.asked)) == ((), 4)
    kept = json.loads((project / "tests/cassettes.json").read_text())["recordings"]
    assert {r["answer"]["model"] for r in kept} == {"told-1"}
    asked = [r["request"] for r in kept if r["request"]["model"] == "m"]
    assert [request.get("repeat", 0) for request in asked] == [0, 1]


def test_refresh_asks_again_and_drops_what_nobody_asks(
    project: Path, scripted: ScriptedModel
) -> None:
    check(str(project), "", SuiteOptions("told", record=True))
    manifest = project / "workflow-resource.yaml"
    manifest.write_text(manifest.read_text().replace("Why?", "How?"))
    report = check(str(project), "", SuiteOptions())
    assert "m: Why?" in [question.split(" (key")[0] for question in report.stale]
    refreshed = check(str(project), "", SuiteOptions("told", refresh=True))
    assert refreshed.stale == ()
    assert b"Why?" not in (project / "tests/cassettes.json").read_bytes()


def test_nothing_new_writes_nothing(project: Path, scripted: ScriptedModel) -> None:
    check(str(project), "", SuiteOptions("told", record=True))
    kept = project / "tests/cassettes.json"
    before = kept.stat().st_mtime_ns
    assert check(str(project), "", SuiteOptions("told", record=True)).cassette is None
    assert kept.stat().st_mtime_ns == before


def test_replay_cannot_record(project: Path) -> None:
    with pytest.raises(UsageError, match="can't record"):
        check(str(project), "", SuiteOptions("replay", record=True))


def test_a_published_version_is_not_recorded(make_registry: Callable[..., object]) -> None:
    registry = make_registry()
    registry.add("hello", "1.0.0")  # type: ignore[attr-defined]
    location = str(registry.root)  # type: ignore[attr-defined]
    with pytest.raises(UsageError, match="never changes"):
        check("hello:1.0.0", location, SuiteOptions(record=True))


ROOT = Path(__file__).parents[2]
PUBLISHED = sorted(
    f"{folder.parent.name}:{folder.name}" for folder in (ROOT / paths.WORKFLOWS).glob("*/*/")
)


@pytest.mark.parametrize("version", PUBLISHED)
def test_every_published_version_still_asks_what_was_recorded(version: str) -> None:
    """A schema's keys in another order are another question to a model, which nobody has answered."""
    assert PUBLISHED
    report = check(version, str(ROOT), SuiteOptions())
    assert report.passed, [case.reasons for case in report.cases]


def test_replayed_tests_have_no_network(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    class Curious(ScriptedModel):
        used: frozenset[str] = frozenset()

        def __init__(self, _: object) -> None:
            super().__init__()

        async def complete(self, request: ModelRequest, on_text: object = None) -> ModelAnswer:
            socket.create_connection(("127.0.0.1", 9))
            raise AssertionError

    monkeypatch.setattr(module, "ReplayProvider", Curious)
    (case,) = check(str(project), "", SuiteOptions()).cases
    assert "tests on recorded answers have no network" in case.reasons[0]
