from __future__ import annotations

import json
from pathlib import Path

from registry_tool.commands.run.explain import explain
from registry_tool.report.explain import explanation_text

ROOT = Path(__file__).parents[3]


def told(reference: str, **how: str) -> str:
    return explanation_text(explain(reference, str(ROOT), lambda _: {}, **how))


def test_what_would_happen_is_told_without_happening() -> None:
    text = told("faq-answerer", provider="local")
    assert text.startswith("faq-answerer:1.0.0, answered by local")
    assert "Steps of faq-answerer:1.0.0:" in text
    assert "asks gpt-4o-mini" in text
    assert "free" in text


def test_the_same_as_data() -> None:
    found = explain("sentiment-analysis", str(ROOT), lambda _: {}).to_value()
    again = json.loads(json.dumps(found))
    assert again["workflow"].startswith("sentiment-analysis:")
    assert {"stage", "edge", "type", "source", "target", "calls", "sends_to"} <= set(
        again["steps"][0]
    )
    assert {flow["input"] for flow in again["egress"]} <= {"text"}
