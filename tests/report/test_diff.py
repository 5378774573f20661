from __future__ import annotations

from registry_tool.manifest.model import Block, Edge, Metadata, Workflow
from registry_tool.report.diff import diff_text
from registry_tool.resolver.difference import Difference


def asking(prompt: str) -> Workflow:
    edge = Edge("ask", "llm", ("a",), ("b",), {"prompt": prompt})
    return Workflow(Metadata("w", "1.0.0"), (Block("a", "text"), Block("b", "text")), (edge,))


CHANGES = [
    Difference("metadata.description", "patch", "the description changed", ()),
    Difference("inputs.x", "major", "the input 'x' is gone", ()),
    Difference("edges.ask.config.prompt", "minor", "a prompt\x1b[2J changed", ()),
]


def test_the_weightiest_first_then_the_changed_texts() -> None:
    assert diff_text(
        asking("Say {{a}}\nnow"), asking("Say {{a}}\nlater"), CHANGES
    ).splitlines() == [
        "major  the input 'x' is gone  (inputs.x)",
        "minor  a prompt\\u001b[2J changed  (edges.ask.config.prompt)",
        "patch  the description changed  (metadata.description)",
        "",
        "ask.prompt",
        "--- before",
        "+++ after",
        "@@ -1,2 +1,2 @@",
        " Say {{a}}",
        "-now",
        "+later",
    ]


def test_colours_are_the_only_escapes() -> None:
    text = diff_text(asking("x"), asking("\x1b[2Jx"), CHANGES, colour=True)
    assert "\x1b[31mmajor\x1b[0m" in text
    assert "\x1b[2J" not in text


def test_nothing_changed_is_nothing_said() -> None:
    assert diff_text(asking("x"), asking("x"), []) == ""
