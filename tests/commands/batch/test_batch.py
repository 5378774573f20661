"""A batch from its lines to its results: known results cost nothing, whatever happened before."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from registry_tool.commands.batch.batch import BatchReport, batch
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.core.values import Object
from registry_tool.engine.batch.items import BadLine
from registry_tool.engine.batch.merge import merge
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.base import (
    ModelAnswer,
    ModelProvider,
    ModelRequest,
    OnText,
    Usage,
)
from registry_tool.runtime.batch import items as batch_items
from registry_tool.runtime.batch.session import BatchOptions, usual_processes

MANIFEST = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata: { name: label, version: "1.0.0" }
spec:
  blocks: [{ id: text, type: text }, { id: label, type: text }]
  edges:
    - { id: ask, source: text, target: label, type: llm, config: { prompt: "Label: {{text}}" } }
  interface:
    inputs: [{ name: text, type: string, required: true }]
    outputs: [{ name: label, type: string }]
  runtime:
    environments:
      careful: { llm_model: careful-1 }
"""


class Model:
    """Answers in capitals, and counts; a question with `bad` in it gets none while `broken`."""

    name = "openai"
    broken = True
    usage = Usage(3, 1, 1)

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        text = request.messages[-1].content.removeprefix("Label: ")
        self.asked.append(text)
        await asyncio.sleep(0)
        if self.broken and "bad" in text:
            raise ProviderError("no answer to that")
        return ModelAnswer(text.upper(), request.model, self.usage)

    async def aclose(self) -> None:
        pass


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    made = Model()

    def provide(*_: object) -> ModelProvider:
        return made

    monkeypatch.setattr(batch_items, "provider_for", provide)
    return made


@pytest.fixture
def how(tmp_path: Path) -> BatchOptions:
    (tmp_path / "label").mkdir()
    (tmp_path / "label/workflow-resource.yaml").write_text(MANIFEST)
    return BatchOptions(
        tmp_path / "items.jsonl", tmp_path / "results.jsonl", provider="openai", concurrency=4
    )


def go(how: BatchOptions, *texts: object) -> BatchReport:
    """A batch of texts (as inputs), or of lines as they are (bytes)."""
    lines = [t if isinstance(t, bytes) else json.dumps({"text": t}).encode() for t in texts]
    if texts:
        how.inputs.write_bytes(b"\n".join(lines) + b"\n")
    return batch(f"{how.inputs.parent}/label", ".", how)


def results(how: BatchOptions) -> list[Object]:
    return [json.loads(line) for line in how.output.read_text().splitlines()]


def test_results_stand_in_the_order_of_the_lines(how: BatchOptions, model: Model) -> None:
    report = go(how, *(f"t{n}" for n in range(30)))
    assert report.is_fine
    found = results(how)
    assert [line["line"] for line in found] == list(range(1, 31))
    assert [line["outputs"] for line in found] == [{"label": f"T{n}"} for n in range(30)]
    assert set(found[0]) == {"line", "key", "status", "outputs", "usage", "seconds"}
    assert report.counts.usage == Usage(90, 30, 30)
    assert report.to_value()["succeeded"] == 30


def test_what_was_left_out_stands_in_the_line(how: BatchOptions, model: Model) -> None:
    go(how, "word " * 2000)  # of which the model says that it read three tokens
    (line,) = results(how)
    assert "it may have cut it" in str(line["notices"])


def test_bad_lines_are_reported_by_number_and_the_others_run(
    how: BatchOptions, model: Model
) -> None:
    messages: list[BadLine] = []
    report = go(replace(how, on_bad_line=messages.append), "a", b"{", b'{"txt": 1}', "b")
    assert [line.line for line in messages] == [2, 3]
    assert [line["status"] for line in results(how)] == ["success", "refused", "refused", "success"]
    assert (report.tally.succeeded, report.tally.refused, report.is_fine) == (2, 2, False)


def test_a_second_time_asks_nothing_and_writes_the_same(how: BatchOptions, model: Model) -> None:
    go(how, "a", "b", b"nonsense")
    before = how.output.read_bytes()
    report = go(how)
    assert len(model.asked) == 2
    assert (report.counts.ran, report.counts.found) == (0, 2)
    assert how.output.read_bytes() == before


def test_only_what_is_new_or_changed_is_asked(how: BatchOptions, model: Model) -> None:
    go(how, "a", "b")
    go(how, "c", "b", "a")
    assert sorted(model.asked) == ["a", "b", "c"]
    assert [line["outputs"] for line in results(how)] == [{"label": t} for t in "CBA"]
    go(replace(how, environment="careful"))
    assert len(model.asked) == 6
    manifest = how.inputs.parent / "label/workflow-resource.yaml"
    manifest.write_text(MANIFEST.replace("1.0.0", "1.0.1"))
    go(how)
    (manifest.parent / "notes.md").write_text("Something else in the project")
    go(how)
    assert len(model.asked) == 6
    manifest.write_text(MANIFEST.replace("Label: {{", "Label: the {{"))
    go(how)
    assert len(model.asked) == 9


def test_equal_lines_are_asked_once_even_at_the_same_time(how: BatchOptions, model: Model) -> None:
    report = go(how, "a", "a", "b", "a", "b")
    assert sorted(model.asked) == ["a", "b"]
    assert report.counts.equal + report.counts.found == 3
    assert [line["outputs"] for line in results(how)] == [{"label": t} for t in "AABAB"]


def test_a_cap_begins_no_further_item_and_a_higher_one_goes_on(
    how: BatchOptions, model: Model
) -> None:
    messages: list[str] = []
    capped = replace(how, concurrency=1, max_tokens=3, warn=messages.append)
    report = go(capped, *(f"t{n}" for n in range(6)))
    assert 1 <= report.tally.succeeded < 6
    assert report.tally.missing == 6 - report.tally.succeeded
    assert not report.is_fine
    assert len(messages) == 1
    assert "the cap is 3" in messages[0]
    again = go(replace(capped, max_tokens=1000))
    assert (again.tally.succeeded, len(model.asked)) == (6, 6)


def test_a_cap_on_dollars_needs_a_price(
    how: BatchOptions, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages: list[str] = []
    capped = replace(how, concurrency=1, max_cost=1.0, warn=messages.append)
    monkeypatch.setattr(Model, "usage", Usage(3, 1, 1, None))
    assert go(capped, "a", "b").tally.missing == 1
    assert "no price is known" in messages[0]


def test_a_failure_is_a_result_until_it_is_to_be_tried_again(
    how: BatchOptions, model: Model
) -> None:
    report = go(how, "a", "bad", "b")
    assert not report.is_fine
    failed = results(how)[1]
    assert failed["status"] == "error"
    assert "the llm edge ask (→ label) failed: no answer to that" in str(failed["error"])
    go(how)
    assert len(model.asked) == 3
    again = replace(how, retry_failed=True)
    assert go(again).counts.failed == 1
    assert model.asked[3:] == ["bad"]
    model.broken = False
    assert go(again).is_fine
    assert go(again).counts.ran == 0
    assert go(how).is_fine
    assert model.asked[3:] == ["bad", "bad"]


def test_shards_and_one_after_them_ask_everything_once(
    how: BatchOptions, model: Model, tmp_path: Path
) -> None:
    texts = [*(f"t{n}" for n in range(40)), b"nonsense"]
    ledgers = []
    lines = 0
    for index in (1, 2, 3):
        ledgers.append(tmp_path / f"{index}.ledger")
        go(replace(how, executor=f"shard={index}/3", ledger=ledgers[-1]), *texts)
        lines += len(results(how))
    assert lines == 41
    assert len(model.asked) == 40
    merge(ledgers, tmp_path / "all")
    report = go(replace(how, ledger=tmp_path / "all", collect=True))
    assert (report.tally.succeeded, report.tally.refused, report.tally.missing) == (40, 1, 0)
    assert len(model.asked) == 40


def test_collecting_tells_what_is_missing(how: BatchOptions, model: Model) -> None:
    go(how, "a")
    report = go(replace(how, collect=True), "b", "a")
    assert [line["status"] for line in results(how)] == ["missing", "success"]
    assert not report.is_fine
    assert model.asked == ["a"]


def test_an_interruption_keeps_what_was_done(how: BatchOptions, model: Model) -> None:
    class StopError(Exception):
        pass

    def stop(counts: object, _: int) -> None:
        if counts.ran == 10:  # type: ignore[attr-defined]
            raise StopError

    how.output.write_text("older results\n")
    with pytest.raises(ExceptionGroup):
        go(replace(how, on_progress=stop), *(f"t{n}" for n in range(50)))
    assert how.output.read_text() == "older results\n"
    asked = len(model.asked)
    report = go(how)
    assert report.tally.succeeded == 50
    assert report.counts.found >= 10
    assert report.counts.ran == len(model.asked) - asked == 50 - report.counts.found
    assert asked - report.counts.found <= how.concurrency  # only these are asked again


def test_a_long_stretch_of_known_lines_lets_others_breathe(how: BatchOptions, model: Model) -> None:
    seen: list[int] = []
    texts = [f"t{n}" for n in range(600)]
    go(how, *texts)
    report = go(replace(how, on_progress=lambda c, _: seen.append(c.found)), *texts, "new")
    assert report.counts.found == 600
    assert seen[0] == 256


def test_a_value_that_is_nested_too_deep_fails_its_item_alone(
    how: BatchOptions, model: Model
) -> None:
    manifest = how.inputs.parent / "label/workflow-resource.yaml"
    manifest.write_text(MANIFEST.replace("id: label, type: text", "id: label, type: structured"))
    report = go(how, "a", "[" * 900 + "]" * 900, "b")
    assert (report.tally.succeeded, report.tally.failed) == (2, 1)
    assert "is nested too deep" in str(results(how)[1]["error"])


@pytest.fixture
def recorded(how: BatchOptions, tmp_path: Path) -> Iterator[BatchOptions]:
    """A workflow that asks no model: it runs anywhere, also in other processes."""
    quiet = MANIFEST.replace("type: llm", "type: modify").replace(
        'prompt: "Label: {{text}}"', "modify_type: copy"
    )
    (tmp_path / "label/workflow-resource.yaml").write_text(quiet)
    yield replace(how, provider="")


def test_processes_give_the_same_results(recorded: BatchOptions) -> None:
    texts = [*(f"t{n}" for n in range(40)), b"nonsense"]
    go(replace(recorded, processes=1), *texts)
    one = results(recorded)
    other = replace(recorded, processes=2, ledger=recorded.inputs.parent / "other")
    report = go(other)
    assert report.counts.ran == 40
    assert [(r["line"], r.get("key"), r.get("outputs")) for r in results(other)] == [
        (r["line"], r.get("key"), r.get("outputs")) for r in one
    ]


def test_a_worker_that_cannot_begin_says_why(
    how: BatchOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match="there is no provider 'nobody'"):
        go(replace(how, provider="nobody"), "a")
    with pytest.raises(RegistryError, match="there is no provider 'nobody'"):
        go(replace(how, provider="nobody", processes=2), "a")


@pytest.mark.parametrize("executor", ["moon", "local=1", "shard", "shard=3/2", "", "dask2"])
def test_an_unknown_executor_is_refused_before_anything_is_read(
    how: BatchOptions, executor: str
) -> None:
    with pytest.raises(UsageError):
        go(replace(how, executor=executor))


def test_an_input_that_is_not_there_is_named(how: BatchOptions) -> None:
    with pytest.raises(NotFoundError, match="there is no such file"):
        go(how)


def test_processes_grow_with_the_concurrency_up_to_the_cores(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    assert [usual_processes(n) for n in (1, 16, 100, 101, 200, 10_000)] == [1, 1, 1, 2, 2, 4]
    assert usual_processes(10_000, "local") == 1
