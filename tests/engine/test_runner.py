"""What a run does beside computing: attempts, limits, cancellation, remembered results, large values."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from registry_tool.core.clock import FixedClock, SystemClock
from registry_tool.engine.edges.base import Services
from registry_tool.engine.events import PAYLOADS, Event
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.result_cache import FolderCache
from registry_tool.engine.run import Callee, RunSettings, run
from registry_tool.engine.sandbox.wasm import WasmSandbox
from registry_tool.manifest.graph import Graph
from tests.bounded import PATIENCE
from tests.engine.small import ScriptedModel, asking, go, workflow


async def at_once(_: float) -> None:
    """Instead of waiting."""


def failing(times: int, error: ProviderError) -> ScriptedModel:
    left = [times]

    def answer(question: str) -> str:
        if left[0]:
            left[0] -= 1
            raise error
        return question

    return ScriptedModel(answer)


BUSY = ProviderError("the server is busy", transient=True)


def test_an_edge_is_tried_again_while_its_failure_may_pass() -> None:
    events: list[Event] = []
    model = failing(2, BUSY)
    result = go(
        asking("retries: 2"),
        {"question": "q"},
        services=Services(model=model),
        sleep=at_once,
        listeners=(events.append,),
    )
    assert result.outputs == {"answer": "q"}, result.error
    retried = [event.metadata for event in events if event.name == "edge_retried"]
    assert [event["attempt"] for event in retried] == [1, 2]
    assert "busy" in str(retried[0]["error"])


@pytest.mark.parametrize(
    ("config", "error", "asked", "reason"),
    [
        ("retries: 2", BUSY, 3, "the server is busy (attempt 3)"),
        ("retries: 2", ProviderError("the key is wrong"), 1, "the key is wrong"),
        ("retries: 0", BUSY, 1, "the server is busy"),
        ("", BUSY, 1, "the server is busy"),
        ("retries: 11", BUSY, 0, "config.retries: must be"),
        ("retries: true", BUSY, 0, "config.retries: must be"),
        ('timeout: "soon"', BUSY, 0, "config.timeout"),
    ],
)
def test_other_failures_end_the_run(
    config: str, error: ProviderError, asked: int, reason: str
) -> None:
    model = failing(9, error)
    result = go(asking(config), {"question": "q"}, services=Services(model=model), sleep=at_once)
    assert result.status == "error"
    assert "the llm edge ask (→ answer) failed: " in result.error
    assert reason in result.error
    assert len(model.asked) == asked


def test_the_wait_is_the_servers_wish_else_a_growing_guess() -> None:
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(seconds)

    for error in (ProviderError("busy", transient=True, retry_after=7.0), BUSY):
        go(
            asking("retries: 3"),
            {"question": "q"},
            services=Services(model=failing(9, error)),
            sleep=note,
            jitter=lambda _, most: most,
        )
    assert waits == [7.0, 7.0, 7.0, 0.5, 1.0, 2.0]


def test_an_edge_that_takes_too_long_is_stopped_and_may_be_tried_again() -> None:
    model = ScriptedModel(seconds=30)
    result = go(
        asking('timeout: "20ms", retries: 1'),
        {"question": "q"},
        services=Services(model=model),
        sleep=at_once,
    )
    assert "it took longer than 0.02 s" in result.error
    assert "(attempt 2)" in result.error
    assert (len(model.asked), model.active) == (2, 0)


MAPPED = """
  blocks: [{ id: items, type: structured, value: VALUE }, { id: out, type: structured }]
  edges:
    - id: each
      source: items
      target: out
      type: map
      config: { parallel: 3, MORE edge: { type: llm, config: { prompt: "{{index}}:{{item}}" } } }
"""


def mapped(value: str, more: str = "") -> Any:
    return workflow(MAPPED.replace("VALUE", value).replace("MORE", more))


def refuse_one(question: str) -> str:
    if question.startswith("1:"):
        raise ProviderError("not this one")
    return question


@pytest.mark.parametrize(
    ("policy", "wanted"),
    [
        ('on_error: "null",', ["0:a", None, "2:c"]),
        ("on_error: skip,", ["0:a", "2:c"]),
        ("on_error: report,", ["0:a", {"error": "not this one"}, "2:c"]),
    ],
)
def test_a_map_survives_what_its_policy_allows(policy: str, wanted: list[object]) -> None:
    events: list[Event] = []
    model = ScriptedModel(refuse_one)
    result = go(
        mapped("[a, b, c]", policy), services=Services(model=model), listeners=(events.append,)
    )
    assert result.blocks["out"] == wanted, result.error
    (failed,) = [event.metadata for event in events if event.name == "item_failed"]
    assert failed == {"edge": "each", "index": 1, "error": "not this one"}


def test_the_edge_inside_a_map_has_attempts_of_its_own() -> None:
    failures = iter([ProviderError("busy", transient=True)])

    def busy_once(question: str) -> str:
        if question.startswith("1:") and (failure := next(failures, None)):
            raise failure
        return question

    async def at_once(_: float) -> None:
        pass

    events: list[Event] = []
    model = ScriptedModel(busy_once)
    spec = MAPPED.replace("VALUE", "[a, b]").replace("MORE", "")
    flow = workflow(spec.replace('{{item}}" }', '{{item}}", retries: 1 }'))
    result = go(flow, services=Services(model=model), sleep=at_once, listeners=(events.append,))
    assert result.blocks["out"] == ["0:a", "1:b"], result.error
    (again,) = [event.metadata for event in events if event.name == "edge_retried"]
    assert (again["edge"], again["type"], again["attempt"]) == ("each", "llm", 1)


def test_a_map_without_a_policy_fails_and_ends_the_others() -> None:
    model = ScriptedModel(refuse_one, waits=lambda question: not question.startswith("1:"))
    result = go(mapped("[a, b, c, d, e, f]"), services=Services(model=model))
    assert "not this one" in result.error
    assert model.active == 0
    assert len(model.asked) < 6
    assert (
        "config.on_error: must be one of fail, null" in go(mapped("[a]", "on_error: maybe,")).error
    )


def test_a_map_runs_as_many_as_it_may_and_takes_objects() -> None:
    model = ScriptedModel(str, seconds=0.005)
    result = go(mapped(str(list("abcdefgh"))), services=Services(model=model))
    assert result.blocks["out"] == [f"{n}:{c}" for n, c in enumerate("abcdefgh")]
    assert model.most == 3
    result = go(mapped("{ k: 1 }"), services=Services(model=ScriptedModel(str)))
    assert result.blocks["out"] == ['0:{"k": 1}']
    assert go(mapped("[]"), services=Services(model=model)).blocks["out"] == []


def remember(folder: Path, model: ScriptedModel, config: str = "cache: true", **more: Any) -> Any:
    return go(
        asking(config),
        {"question": more.pop("question", "q")},
        services=Services(model=model, overrides=more.pop("overrides", {})),
        cache=FolderCache(folder),
        **more,
    )


def test_a_result_is_remembered_where_asked(tmp_path: Path) -> None:
    model, output = ScriptedModel(), list[Event]()
    for _ in range(2):
        result = remember(tmp_path, model, listeners=(output.append,))
        assert result.outputs == {"answer": "Q"}, result.error
    assert len(model.asked) == 1
    assert result.usage.calls == 0
    assert [event.name for event in output].count("edge_cached") == 1
    # Anything that makes the answer makes another key.
    remember(tmp_path, model, question="other")
    remember(tmp_path, model, overrides={"llm_model": "another"})
    remember(tmp_path, model, 'cache: true, system: "Be brief."')
    assert len(model.asked) == 4
    # And nothing is remembered where nobody asks for it.
    remember(tmp_path, model, "cache: false")
    remember(tmp_path, model, "")
    assert len(model.asked) == 6


def test_a_memory_that_is_broken_or_old_is_none(tmp_path: Path) -> None:
    model = ScriptedModel()
    remember(tmp_path, model)
    (file,) = tmp_path.rglob("*.json")
    file.write_text("{")
    remember(tmp_path, model)
    assert len(model.asked) == 2
    later = FolderCache(tmp_path, clock=FixedClock(SystemClock().now() + timedelta(days=31)))
    assert later.get(file.parent.name + file.stem) is None
    assert not file.exists()


def test_deeds_are_not_remembered(tmp_path: Path) -> None:
    flow = workflow(
        "  blocks: [{ id: a, type: text, value: x }, { id: b, type: text }]\n  edges:\n"
        "    - { id: s, source: a, target: b, type: save, config: { path: f.txt, cache: true } }\n"
    )
    result = go(flow, cache=FolderCache(tmp_path))
    assert "config.cache: must be false, not true" in result.error


LARGE = """
  blocks: [{ id: a, type: text }, { id: b, type: text }, { id: c, type: structured }]
  edges:
    - { id: one, source: a, target: b, type: modify, config: { modify_type: copy } }
    - { id: two, source: b, target: c, type: chunk, config: { chunking_mode: length, chunk_size: 100 } }
  interface: { inputs: [{ name: a, required: true }], outputs: [{ name: c }] }
"""


def test_large_values_are_kept_in_files() -> None:
    result = go(workflow(LARGE), {"a": "x" * 5000}, large=4096)
    assert result.outputs["c"] == ["x" * 100] * 50
    assert result.blocks["b"] == "x" * 5000
    assert result.blocks.in_files == {"a", "b", "c"}  # type: ignore[attr-defined]


SPIN = """
  blocks: [{ id: a, type: text, value: x }, { id: b, type: text }, { id: c, type: text }, { id: d, type: text }]
  edges:
    - { id: spin, source: a, target: b, type: code, config: { code: "def main():\\n  while True: pass" } }
    - { id: ask, source: a, target: c, type: llm, config: { prompt: hello } }
    - { id: call, source: a, target: d, type: workflow, config: { name: callee, inputs: { question: "{{a}}" } } }
"""


def test_a_cancelled_run_leaves_nothing_running() -> None:
    model, output = ScriptedModel(seconds=60), list[Event]()

    async def cancel() -> set[str]:
        settings = RunSettings(
            "exec-1",
            services=Services(model=model, sandbox=WasmSandbox()),
            callees={"callee": Callee(asking())},
            listeners=(output.append,),
        )
        task = asyncio.create_task(run(workflow(SPIN), {}, settings))
        while len(model.asked) < 2:
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.2)  # the sandbox has begun
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return {t.get_name() for t in asyncio.all_tasks() if t is not asyncio.current_task()}

    assert asyncio.run(cancel()) == set()
    assert model.active == 0
    ended = [event for event in output if event.name == "execution_failed"]
    assert {event.execution_id for event in ended} == {"exec-1", "exec-1.callee"}
    assert all("cancelled" in str(event.metadata["error"]) for event in ended)
    end = time.monotonic() + PATIENCE
    while any("sandbox" in t.name for t in threading.enumerate()) and time.monotonic() < end:
        time.sleep(0.01)
    assert not [t.name for t in threading.enumerate() if "sandbox" in t.name]


def test_every_event_that_is_reported_is_of_its_type(tmp_path: Path) -> None:
    events: list[Event] = []
    more: dict[str, Any] = {"listeners": (events.append,), "sleep": at_once}
    go(asking("retries: 2"), {"question": "q"}, services=Services(model=failing(1, BUSY)), **more)
    go(
        mapped("[a, b]", "on_error: skip,"),
        services=Services(model=ScriptedModel(refuse_one)),
        **more,
    )
    go(asking(), {"question": "q"}, **more)
    for _ in range(2):
        remember(tmp_path, ScriptedModel(), **more)
    assert {event.name for event in events} >= {
        "execution_started",
        "execution_finished",
        "execution_failed",
        "edge_started",
        "edge_finished",
        "edge_retried",
        "edge_cached",
        "edge_failed",
        "item_failed",
        "model_called",
    }
    for event in events:
        payload = PAYLOADS[event.name]
        required, optional = payload.__required_keys__, payload.__optional_keys__  # type: ignore[attr-defined]
        assert required <= event.metadata.keys() <= required | optional, event


def test_a_run_that_is_late_does_not_succeed_whatever_it_was_busy_with() -> None:
    def answer(_: object) -> str:
        loop = asyncio.get_running_loop()
        began = loop.time()
        loop.time = lambda: began + 61  # type: ignore[method-assign]
        return "late"

    services = Services(model=ScriptedModel(answer))
    assert go(asking(), {"question": "?"}, services=services, timeout=120.0).outputs
    late = go(asking(), {"question": "?"}, services=services, timeout=60.0)
    assert (late.error, late.error_kind) == ("the run took longer than 60 s", "timeout")


GATED = """
  blocks:
    - { id: mood, type: text }
    - { id: name, type: text }
    - { id: good, type: text }
    - { id: bad, type: text }
    - { id: praise, type: text }
    - { id: told, type: text }
  edges:
    - id: which
      source: mood
      target: [good, bad]
      type: branch
      config:
        cases:
          well:
            conditions: [{ block: mood, condition: is, parameters: { value: well } }]
            thens: [{ from: mood, to: good }]
        else: [{ from: mood, to: bad }]
    - { id: praise, source: name, target: praise, when: good, type: modify, config: { content: "Well, {{name}}" } }
    - id: tell
      source: [name, praise]
      target: told
      when: [praise, bad]
      type: modify
      config: { content: "{{name}}: {{praise}}" }
  interface:
    inputs: [{ name: mood, required: true }, { name: name, required: true }]
    outputs: [{ name: praise }, { name: told }]
"""


def test_an_edge_with_when_runs_where_one_of_these_blocks_was_taken() -> None:
    flow = workflow(GATED)
    assert go(flow, {"mood": "well", "name": "Ada"}).outputs == {
        "praise": "Well, Ada",
        "told": "Ada: Well, Ada",
    }
    assert go(flow, {"mood": "ill", "name": "Ada"}).outputs == {"told": "Ada: "}


def test_an_edge_waits_for_what_its_when_names() -> None:
    flow = workflow(GATED)
    assert Graph(flow).reads["praise"] == ("name", "good")
    assert [edge.id for edge in Graph(flow).order] == ["which", "praise", "tell"]


LED = """
  blocks:
    - { id: word, type: text, value: first }
    - { id: odd, type: text }
    - { id: even, type: text }
    - { id: said, type: text }
    - { id: next, type: text }
  edges:
    - id: way
      source: word
      target: [odd, even]
      type: branch
      config:
        cases:
          one:
            conditions: [{ block: word, condition: is, parameters: { value: first } }]
            thens: [{ from: word, to: odd }]
        else: [{ from: word, to: even }]
    - { id: tell, source: [odd, even], target: said, type: modify, config: { content: "{{odd}}/{{even}}" } }
    - { id: count, source: [word, said], target: next, type: modify, config: { content: "second" } }
    - { id: again, source: next, target: word, type: loop, config: { max_iterations: 2 } }
  interface:
    outputs: [{ name: said }]
"""


def test_a_round_does_not_see_what_only_an_earlier_one_took() -> None:
    result = go(workflow(LED))
    assert not result.error
    assert result.outputs["said"] == "/second"
