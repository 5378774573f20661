"""The review summary: what a reviewer reads, and that no stranger's string in it is obeyed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from registry_tool.core.finding import Finding, Severity
from registry_tool.manifest.compile import compile_value
from registry_tool.manifest.load import Manifest, workflow_from
from registry_tool.manifest.model import Fallback, TestCase
from registry_tool.manifest.positions import Document
from registry_tool.report.summary import summary
from registry_tool.resolver.candidates import FixedSource
from registry_tool.rules.base import Dependent, Replayed, RuleContext, Subject
from tests.manifest.flow.build import edge, text_input, workflow

HOSTILE = "```\n</details><script>x</script> @everyone #1 [a](javascript:b) ![p](https://evil/p.png)\n````"


def subject(prompt: str, before: str = "", **around: Any) -> Subject:
    def workflow(text: str, version: str, edge: str) -> Any:
        return workflow_from(
            {
                "apiVersion": "puppyai.com/v1",
                "kind": "Workflow",
                "metadata": {"name": "a", "version": version, "description": text},
                "spec": {
                    "blocks": [{"id": "in", "type": "text"}, {"id": "out", "type": "text"}],
                    "edges": [
                        {
                            "id": edge,
                            "source": "in",
                            "target": "out",
                            "type": "llm",
                            "config": {"prompt": text, "model": "small"},
                        }
                    ],
                    "interface": {"inputs": [{"name": "in", "type": "string"}]},
                },
            },
            "x",
        )

    new = workflow(prompt, "1.1.0", "ask")
    previous = workflow(before, "1.0.0", "ask") if before else None
    manifest = Manifest(new, Document("manifest.yaml", "", compile_value(new), {}, {}))
    return Subject(
        manifest, {}, RuleContext(FixedSource(), previous=previous, **around), "a", "1.1.0"
    )


def test_a_reviewer_reads_what_changed() -> None:
    went = Replayed("a:1.1.0", 2)
    broken = Replayed("b:1.0.0", 0, ("x",))
    dependents = (
        Dependent("b:1.0.0", "^1.0.0", Replayed("b:1.0.0", 1), broken),
        Dependent("c:1.0.0", "^1.0.0", broken, broken),
    )
    text = summary(
        [subject("Rate {{in}}", "Judge {{in}}", replayed=went, dependents=dependents)], []
    )
    assert "Required: a **minor** release after 1\\.0\\.0. This is a **minor** release." in text
    assert "```diff\n--- before\n+++ after\n@@ -1 +1 @@\n-Judge {{in}}\n+Rate {{in}}\n```" in text
    assert "The graph has the same blocks and edges as before." in text
    assert "No input newly reaches anyone outside." in text
    assert "b&#58;1\\.0\\.0 (^1\\.0\\.0)" in text.replace("^", "^")
    assert "**fails now, and did not before**" in text
    assert "fails, and failed before" in text


def test_answers_written_by_hand_are_marked() -> None:
    new = subject("Rate {{in}}", replayed=Replayed("a:1.1.0", 1))
    case = TestCase("right [x]", answers={"ask": "good"})
    manifest = replace(new.manifest, workflow=replace(new.workflow, tests=(case, TestCase("b"))))
    text = summary([replace(new, manifest=manifest)], [])
    assert "1 of its 2 tests run on answers written by hand:\n\n- right \\[x\\] (edges ask)" in text


def test_a_first_version_shows_its_graph_and_its_egress() -> None:
    text = summary(
        [subject("Rate {{in}}")], [], "held", "accept-01234567-0123456789abcdef0123456789abcdef"
    )
    assert "The first version of this workflow." in text
    assert "+Rate {{in}}" in text
    assert '  b0 -- "ask (llm)" --> b1' in text
    assert "- the input in reaches the model small" in text
    assert "sets the label `accept-01234567-0123456789abcdef0123456789abcdef`" in text


def test_the_graph_shows_what_decides_and_what_may_fail() -> None:
    new = subject("Rate {{in}}")
    ask = replace(new.workflow.edges[0], when=("in",), on_error=Fallback())
    manifest = replace(new.manifest, workflow=replace(new.workflow, edges=(ask,)))
    text = summary([replace(new, manifest=manifest)], [])
    assert '  b0 -- "ask (llm, on_error: skip)" --> b1' in text
    assert '  b0 -. "ask (when)" .-> b1' in text


def test_no_strangers_string_is_obeyed() -> None:
    finding = Finding("a/b|c.yaml", 1, 1, "schema", Severity.ERROR, HOSTILE, HOSTILE)
    odd = subject(HOSTILE, "Before")
    text = summary([odd], [replace(finding, message=HOSTILE)], "refused")
    outside = re.sub(r"(?ms)^(`{3,})\w*\n.*?^\1$", "", text)  # without code blocks
    assert "<script>" not in outside
    assert "@everyone" not in outside
    assert "](javascript" not in outside
    assert "![p](" not in outside
    assert text.count("`````diff") == 1  # a longer fence than any inside
    assert all(
        line.count(" | ") == 4 for line in outside.splitlines() if line.startswith("| error")
    )


def test_a_flood_hides_nothing() -> None:
    """GitHub shows no summary of more than 1 MiB, so what fits stays and the rest is counted."""
    many = [
        Finding("a", n, 1, "hidden-characters", Severity.WARNING, "\u202e" * 400, "#" * 400)
        for n in range(30_000)
    ]
    last = Finding("z", 1, 1, "secrets", Severity.ERROR, "this line holds a secret", "revoke it")
    text = summary([subject("\u202e" * 60_000, "Judge {{in}}")], [*many, last], "refused")
    assert len(text.encode()) < 2**20
    assert "**This summary is not whole**: 1 of its parts" in text
    assert "| error | secrets |" in text
    assert "and 29801 more" in text


def test_a_version_that_can_not_be_read_is_named() -> None:
    text = summary([], [], "refused", unread=["a:1.0.0"])
    assert "a&#58;1\\.0\\.0 is new and could not be read" in text
    assert "No new version" not in text


def test_what_declared_recipients_settle_is_reported_once() -> None:
    ask = edge("ask", "llm", ["letter", "wish"], "out", prompt="{{wish}} {{letter}}", model="small")
    inputs = (text_input("letter", pii=True), text_input("wish"))
    new = workflow(ask, inputs=inputs, recipients=("small",))
    manifest = Manifest(new, Document("manifest.yaml", "", compile_value(new), {}, {}))
    around = RuleContext(FixedSource())
    text = summary([Subject(manifest, {}, around, "mine", "1.0.0")], [])
    assert "Settled by declared recipients, if they may have this:\n\n- untrusted text" in text
    again = replace(around, previous=workflow(ask, inputs=inputs, recipients=("small",)))
    assert "Settled by" not in summary([Subject(manifest, {}, again, "mine", "1.0.0")], [])
