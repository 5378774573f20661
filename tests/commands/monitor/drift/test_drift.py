"""Drift of a model server on loopback that changes its answers, and of the embedded model, which doesn't."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.monitor.drift.drift import Checked, Tracker, check_drift, tell
from registry_tool.commands.monitor.drift.report import drift_text
from registry_tool.commands.review.check import write_compiled
from registry_tool.core.errors import NotFoundError
from registry_tool.engine.providers.models.metered import Budget
from registry_tool.engine.providers.models.weights import find_weights
from registry_tool.runtime.run_tests import HowToTest
from registry_tool.runtime.run_tests import test_program as run_tests
from registry_tool.sources.reference import open_reference
from registry_tool.state.target import Target
from registry_tool.store.tree import FolderTree
from tests.forge.fault_server import FaultServer, Reply, running

MANIFEST = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata:
  name: mood
  version: "1.0.0"
  author: ada@example.com
  description: Says how a text feels
  category: text
  license: MIT
  updated: "2024-01-01T00:00:00Z"
spec:
  blocks: [{ id: text, type: text }, { id: label, type: text }]
  edges:
    - id: ask
      source: text
      target: label
      type: llm
      config: { prompt: "How does this feel? {{text}}", max_tokens: 16 }
  interface:
    inputs: [{ name: text, type: string, required: true }]
    outputs: [{ name: label, type: string }]
  tests:
    - name: a good day
      inputs: { text: What a lovely day }
      assert: [{ type: icontains, value: "HAPPY" }]
SECURITY
"""


def said(text: str, model: str = "gpt-4o-mini-2024-07-18", tokens: int = 3) -> Reply:
    choice = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": text},
    }
    usage = {"prompt_tokens": 9, "completion_tokens": tokens, "total_tokens": 9 + tokens}
    return Reply(
        200, {"object": "chat.completion", "model": model, "choices": [choice], "usage": usage}
    )


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    with running() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.address}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", "a-key")
        server.replies = [said("happy")]
        yield server


Publish = Callable[..., Target]


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
        report = run_tests(program, HowToTest(provider=provider, record=True))
        assert report.passed, report
        assert report.cassette is not None
        (folder / "tests").mkdir()
        (folder / "tests/cassettes.json").write_bytes(report.cassette.to_bytes())
        write_compiled(made.root, FolderTree(made.root))
        made.commit("Publish")
        deploy(Target(made.root), "mood", "development")
        return Target(made.root)

    return make


def look(target: Target, **how: Any) -> Checked:
    [checked] = check_drift(target, "development", provider="openai", **how)
    return checked


def kinds(checked: Checked) -> list[str]:
    return [difference.kind for difference in checked.comparison.differences]


def test_the_same_and_other_words_are_no_drift(publish: Publish, model: FaultServer) -> None:
    target = publish()
    checked = look(target)
    assert (checked.drifted, checked.comparison.same) == (False, 1)
    model.replies = [said("It feels Happy!")]
    checked = look(target)
    assert (checked.drifted, checked.comparison.reworded) == (False, 1)
    assert "+It feels Happy!" in checked.lines


def test_a_test_that_no_longer_passes_another_name_and_length_are_drift(
    publish: Publish, model: FaultServer
) -> None:
    target = publish()
    model.replies = [said("sad", "gpt-4o-mini-2025", tokens=400)]
    checked = look(target)
    assert checked.drifted
    assert kinds(checked) == ["test", "model", "length"]


def test_a_model_that_is_gone_is_drift(publish: Publish, model: FaultServer) -> None:
    target = publish()
    model.replies = [Reply(404, {"error": {"message": "the model gpt-4o-mini does not exist"}})]
    checked = look(target)
    assert kinds(checked) == ["test"]
    assert "does not exist" in checked.comparison.differences[0].words


def test_a_server_that_answers_nothing_says_nothing_of_drift(
    publish: Publish, model: FaultServer
) -> None:
    target = publish()
    model.replies = [Reply(429, {"error": {"message": "slow down"}}, {"retry-after": "0"})]
    checked = look(target)
    assert not checked.drifted
    assert "slow down" in checked.trouble


@pytest.mark.parametrize("status", [401, 403, 307])
def test_a_server_that_lets_nobody_in_says_nothing_of_drift(
    publish: Publish, model: FaultServer, status: int
) -> None:
    target = publish()
    model.replies = [Reply(status, {"error": {"message": "no such key"}})]
    checked = look(target)
    assert (checked.drifted, checked.asked) == (False, False)
    assert checked.to_value()["inconclusive"]


def test_what_cannot_be_asked_is_inconclusive_and_touches_no_issue(
    publish: Publish, model: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job without the embedded model's runtime, without any model, and without a key."""
    target = publish()
    real = importlib.util.find_spec
    lacking = lambda name: None if name == "xllamacpp" else real(name)  # noqa: E731
    monkeypatch.setattr("registry_tool.engine.providers.models.local.find_spec", lacking)
    monkeypatch.setattr("registry_tool.engine.providers.all_providers.find_spec", lacking)
    monkeypatch.setattr("registry_tool.engine.providers.models.local._server", [])
    monkeypatch.delenv("OPENAI_BASE_URL")
    monkeypatch.delenv("OPENAI_API_KEY")
    told: list[str] = []
    tracker = Tracker(
        lambda title, _: told.append(title) or "", lambda title, _: told.append(title) or ""
    )
    for provider, words in (("local", "runtime"), ("", "no model to ask"), ("openai", "no key")):
        checked = check_drift(target, "development", provider=provider)
        assert words in checked[0].trouble
        assert [one.drifted for one in checked] == [False]
        assert list(tell(tracker, checked)) == []
        assert next(drift_text(checked)).startswith("mood:1.0.0 in development: inconclusive")
    assert told == []


def test_a_cap_on_dollars_stops_before_the_question(publish: Publish, model: FaultServer) -> None:
    target = publish()
    asked = len(model.asked)
    checked = look(target, budget=Budget(None, 0.0))
    assert checked.trouble
    assert not checked.drifted
    assert len(model.asked) == asked


@pytest.mark.parametrize("how", ["encryption: aes-256", "pii_handling: mask"])
def test_answers_of_a_workflow_with_private_data_are_not_shown(
    publish: Publish, model: FaultServer, how: str
) -> None:
    target = publish(security=f"security: {{ data_privacy: {{ {how} }} }}\n")
    model.replies = [said("sad")]
    checked = look(target)
    assert checked.drifted
    assert checked.lines == ()


def test_a_workflow_that_asks_no_model_is_skipped(make_registry: Callable[..., Any]) -> None:
    made = make_registry(git=True)
    made.add("hello", "1.0.0")
    made.commit("Publish")
    deploy(Target(made.root), "hello", "development")
    [checked] = check_drift(Target(made.root), "development")
    assert checked.skipped == "it asks no model"
    with pytest.raises(NotFoundError, match="nobody is not deployed to development"):
        check_drift(Target(made.root), "development", "nobody")


def test_one_issue_is_opened_kept_and_closed(publish: Publish, model: FaultServer) -> None:
    told: list[tuple[str, str]] = []

    def note(verb: str) -> Callable[[str, str], str]:
        return lambda title, body: told.append((verb, title)) or f"{verb} {body[:9]}"  # type: ignore[func-returns-value]

    target, tracker = publish(), Tracker(note("report"), note("resolve"))
    for reply in (said("sad"), Reply(503, {}, {"retry-after": "0"}), said("happy")):
        model.replies = [reply]
        list(tell(tracker, [look(target)]))
    title = "Drift: mood in development"
    assert told == [("report", title), ("resolve", title)]


def cli(target: Target, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("registry-tool"), "drift", "--root", target.root]
    return subprocess.run(
        [*command, "--env", "development", "--provider", "openai", *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environ},
    )


def test_the_command_opens_the_issue_and_writes_what_it_found(
    publish: Publish, model: FaultServer, tmp_path: Path
) -> None:
    target = publish()
    assert cli(target).stdout.startswith("mood:1.0.0 in development: as recorded (1 same")
    model.replies = [said("sad <img src=x> @everyone\n::error::x")]
    with running() as forge:
        forge.replies = [
            Reply(200, []),
            Reply(201, {"html_url": "https://github.com/i/7", "number": 7}),
        ]
        summary, metrics = tmp_path / "drift.md", tmp_path / "drift.om"
        done = cli(
            target,
            *(
                "--open-issue",
                "--format",
                "json",
                "--summary",
                str(summary),
                "--metrics",
                str(metrics),
            ),
            GITHUB_REPOSITORY="ada/registry",
            GITHUB_TOKEN="t",
            GITHUB_API_URL=forge.address,
        )
    assert done.returncode == 1, done.stderr
    assert "https://github.com/i/7" in done.stderr
    assert json.loads(done.stdout)["checked"][0]["drifted"] is True
    opened = forge.asked[-1].body
    assert opened["title"] == "Drift: mood in development"
    assert opened["body"] == summary.read_text()
    assert "\n+sad <img src=x> @everyone\n" in opened["body"].partition("```diff")[2]
    assert (
        'workflow_drift{environment="development",workflow_name="mood"} 1.0' in metrics.read_text()
    )


@pytest.mark.model
@pytest.mark.skipif(find_weights() is None, reason="the embedded model is not installed")
def test_the_embedded_model_does_not_drift(
    publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    target = publish("local", expected="")
    [checked] = check_drift(target, "development", provider="local")
    assert (checked.trouble, checked.drifted, checked.comparison.same) == ("", False, 1)
