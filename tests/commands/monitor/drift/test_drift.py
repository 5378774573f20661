"""Drift of a model server on loopback that changes its answers, and of the embedded model, which doesn't."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.monitor.drift.drift import Checked, Tracker, check_drift, report_drift
from registry_tool.commands.monitor.drift.report import drift_text
from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.engine.providers.models import local
from registry_tool.engine.providers.models.metered import Budget
from registry_tool.engine.providers.models.weights import find_weights
from registry_tool.state.target import Target
from tests.commands.monitor.drift.published import Publish, look, said
from tests.forge.fault_server import FaultServer, Reply


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
    messages: list[str] = []
    tracker = Tracker(
        lambda title, _: messages.append(title) or "", lambda title, _: messages.append(title) or ""
    )
    for provider, words in (("local", "runtime"), ("", "no model to ask"), ("openai", "no key")):
        checked = check_drift(target, "development", provider=provider)
        assert words in checked[0].trouble
        assert [one.drifted for one in checked] == [False]
        assert list(report_drift(tracker, checked)) == []
        assert next(drift_text(checked)).startswith("mood:1.0.0 in development: inconclusive")
    assert messages == []


def test_a_mistyped_provider_is_the_callers_mistake(
    publish: Publish, model: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = publish()
    with pytest.raises(UsageError, match="there is no provider 'opnai'") as error:
        check_drift(target, "development", provider="opnai")
    assert (error.value.location, error.value.exit_code) == ("--provider", 2)
    monkeypatch.setenv("PUPPY_PROVIDER", "opnai")
    with pytest.raises(UsageError) as error:
        check_drift(target, "development")
    assert error.value.location == "PUPPY_PROVIDER"


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
    made.add("other", "1.0.0")
    with pytest.raises(NotFoundError, match="other is not deployed to development"):
        check_drift(Target(made.root), "development", "other")
    with pytest.raises(NotFoundError, match=r"no workflow helo .did you mean hello"):
        check_drift(Target(made.root), "development", "helo")


@pytest.mark.model
@pytest.mark.skipif(find_weights() is None, reason="the embedded model is not installed")
def test_the_embedded_model_does_not_drift(
    publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.setattr(local, "MOST_TOKENS", 24)  # of the 400 that the manifest wants
    target = publish("local", expected="")
    [checked] = check_drift(target, "development", provider="local")
    assert (checked.trouble, checked.drifted, checked.comparison.same) == ("", False, 1)
