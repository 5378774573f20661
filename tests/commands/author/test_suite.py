"""`puppy-cli test`: which cases run, on which models, and answers written by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registry_tool.commands.author.suite import SuiteChoice, models_named, run_suite
from registry_tool.core.errors import UsageError
from registry_tool.engine.providers.models.base import ModelAnswer, ModelRequest, Usage
from registry_tool.runtime import run_tests
from registry_tool.runtime.run_tests import SuiteOptions

MANIFEST = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata: { name: judge, version: "1.0.0", license: MIT }
spec:
  blocks:
    - { id: said, type: text }
    - { id: mood, type: structured, schema: { enum: [good, bad] } }
    - { id: report, type: text }
  edges:
    - { id: classify, source: said, target: mood, type: llm, config: { prompt: "{{said}}", model: gpt-4 } }
    - id: tell
      source: mood
      target: report
      type: modify
      config: { modify_type: edit_text, content: "It is {{mood}}." }
  interface:
    inputs: [{ name: said, type: string, required: true }]
    outputs: [{ name: report, type: string, block: report }]
  tests:
    - { name: praise, inputs: { said: Lovely }, answers: { classify: good }, expected: { report: It is good. } }
    - { name: scolding, inputs: { said: Awful }, answers: { classify: bad }, expected: { report: It is bad. } }
"""


class Agreeable:
    """A model that finds everything good; it stands in for one that costs money."""

    name = "agreeable"

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def complete(self, request: ModelRequest, on_text: object = None) -> ModelAnswer:
        self.asked.append(request.model)
        return ModelAnswer('"good"', request.model, Usage(3, 2, 1, 0.001))

    async def aclose(self) -> None:
        pass


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PUPPY_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "judge"
    folder.mkdir()
    (folder / "workflow-resource.yaml").write_text(MANIFEST)
    return folder


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Agreeable:
    model = Agreeable()
    monkeypatch.setattr(run_tests, "make_provider", lambda _: model)
    return model


def break_praise(project: Path) -> None:
    manifest = project / "workflow-resource.yaml"
    manifest.write_text(MANIFEST.replace("{ report: It is good. }", "{ report: It is grand. }"))


def test_written_answers_need_no_recording_and_are_marked(project: Path) -> None:
    report = run_suite(str(project), "", SuiteOptions()).reports[0]
    assert report.passed, [case.reasons for case in report.cases]
    assert [case.by_hand for case in report.cases] == [("classify",), ("classify",)]
    assert report.cases[0].to_value()["answers_by_hand"] == ["classify"]


def test_an_answer_that_the_edge_could_not_give_is_an_error(project: Path) -> None:
    manifest = project / "workflow-resource.yaml"
    manifest.write_text(MANIFEST.replace("classify: good", "classify: fine"))
    case = run_suite(str(project), "", SuiteOptions()).reports[0].cases[0]
    assert "the edge could not give the answer written by hand" in case.reasons[0]


def test_a_live_provider_is_asked_whatever_stands_there(project: Path, model: Agreeable) -> None:
    report = run_suite(str(project), "", SuiteOptions("openai")).reports[0]
    assert [(case.passed, case.by_hand) for case in report.cases] == [(True, ()), (False, ())]
    assert model.asked == ["gpt-4", "gpt-4"]


def test_recording_leaves_out_what_is_written(project: Path, model: Agreeable) -> None:
    assert run_suite(str(project), "", SuiteOptions("openai", record=True)).passed
    assert model.asked == []
    assert not (project / "tests").exists()


def test_only_the_named_run(project: Path) -> None:
    report = run_suite(str(project), "", SuiteOptions(), SuiteChoice(("prai",))).reports[0]
    assert [case.name for case in report.cases] == ["praise"]
    assert (report.left_out, report.stale) == (1, ())
    with pytest.raises(UsageError, match="no test is named like"):
        run_suite(str(project), "", SuiteOptions(), SuiteChoice(("nothing",)))


def test_last_failed_runs_what_failed_until_it_passes(project: Path) -> None:
    again = SuiteChoice(last_failed=True)
    break_praise(project)
    assert not run_suite(str(project), "", SuiteOptions()).passed
    (project / "workflow-resource.yaml").write_text(MANIFEST)
    report = run_suite(str(project), "", SuiteOptions(), again).reports[0]
    assert [case.name for case in report.cases] == ["praise"]
    result = run_suite(str(project), "", SuiteOptions(), again)
    assert len(result.reports[0].cases) == 2
    assert result.note == "No test failed last time, so all of them are run."


def test_models_side_by_side_on_the_same_tests(project: Path, model: Agreeable) -> None:
    result = run_suite(str(project), "", SuiteOptions(), SuiteChoice(models=("gpt-4", "other")))
    assert model.asked == ["gpt-4", "gpt-4", "other", "other"]
    assert [(report.model, report.instead_of) for report in result.reports] == [
        ("gpt-4", ()),
        ("other", ("gpt-4",)),
    ]
    document = json.loads(json.dumps(result.to_value()))
    assert [one["pass_rate"] for one in document["models"]] == [0.5, 0.5]
    assert document["models"][0]["usage"]["cost_usd"] == 0.002
    assert not result.passed


def test_models_are_compared_and_never_recorded(project: Path) -> None:
    with pytest.raises(UsageError, match="keeps nothing"):
        run_suite(str(project), "", SuiteOptions(record=True), SuiteChoice(models=("a",)))


@pytest.mark.parametrize("text", ["", ",", "a,a"])
def test_models_have_names_each_once(text: str) -> None:
    with pytest.raises(UsageError, match="each once"):
        models_named(text)
