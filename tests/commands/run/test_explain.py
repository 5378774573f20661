from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.commands.author.build import build_package
from registry_tool.commands.author.init import init
from registry_tool.commands.run.explain import explain
from registry_tool.report.explain import explanation_text
from registry_tool.sources.configuration.choice import RegistryChoice
from registry_tool.state.target import Target
from tests.commands.conftest import add_version
from tests.conftest import RegistryFolder

ROOT = Path(__file__).parents[3]


def explained(reference: str, **how: str) -> str:
    return explanation_text(explain(reference, str(ROOT), lambda _: {}, **how))


def test_what_would_happen_is_reported_without_happening() -> None:
    text = explained("faq-answerer", provider="local")
    assert text.startswith("faq-answerer:1.0.0, answered by local")
    assert "Steps of faq-answerer:1.0.0:" in text
    assert "asks gpt-4o-mini" in text
    assert "free" in text


def test_a_project_has_the_digest_that_its_package_will_have(tmp_path: Path) -> None:
    folder = init("mine", "text", tmp_path / "mine").folder
    built = build_package(folder, tmp_path / "dist")
    found = explain(str(folder), RegistryChoice(), lambda _: {})
    assert found.digest == built.digest


def test_the_same_as_data() -> None:
    found = explain("sentiment-analysis", str(ROOT), lambda _: {}).to_value()
    again = json.loads(json.dumps(found))
    assert again["workflow"].startswith("sentiment-analysis:")
    assert {"stage", "edge", "type", "source", "target", "calls", "sends_to"} <= set(
        again["steps"][0]
    )
    assert {flow["input"] for flow in again["egress"]} <= {"text"}


MODIFY = """modify
      config: { modify_type: edit_text, content: "Hello, {{who}}!" }
"""
ASK = """llm
      config: { prompt: "Hi {{who}}", model: dear, max_tokens: 9000 }
"""
CALL = """workflow
      config: { name: helper, inputs: { who: "{{who}}" } }
"""
OPERATORS = "development: { llm_model: approved, base_url: 'http://10.0.0.1/v1', max_tokens: 50 }"
OWN = "  runtime:\n    environments: { development: { llm_model: dear } }\n"


@pytest.mark.parametrize("name", ["helper", "front"])
def test_who_is_really_asked_there_is_named_with_the_address_for_a_called_workflow_too(
    make_registry: Callable[..., RegistryFolder], name: str
) -> None:
    made = make_registry()
    settings = made.root / "registry/registry.yaml"
    settings.write_text(settings.read_text().replace("development: {}", OPERATORS))
    for folder, edge in (
        (made.lay("helper", "1.0.0"), ASK),
        (made.lay("front", "1.0.0", helper="*"), CALL),
    ):
        manifest = folder / "manifest.yaml"
        text = manifest.read_text().replace(MODIFY, edge)
        manifest.write_text(text.replace("  runtime:\n", OWN))
    made.compile()
    found = explain(name, str(made.root), lambda _: {}, environment="development")
    step = found.steps[-1].forecast
    assert (step.model, step.base_url) == ("approved", "http://10.0.0.1/v1")
    assert step.answer.most == 50
    assert {flow.destination for flow in found.flows} == {
        "the model approved",
        "the host 10.0.0.1",
    }
    text = explanation_text(found)
    assert "once, asks approved at http://10.0.0.1/v1\n" in text
    assert "dear" not in text


def test_a_bare_name_means_the_version_that_is_deployed(served: Target) -> None:
    add_version(served, "1.1.0")
    found = explain("hello", str(served.root), lambda _: {}, environment="production")
    assert found.reference == "hello:1.0.0"
    there = explain("hello:1.1.0", str(served.root), lambda _: {}, environment="production")
    assert there.reference == "hello:1.1.0"
