"""The request's text and the command's lines, whoever wrote what is in them."""

from __future__ import annotations

from dataclasses import replace

from markdown_it import MarkdownIt

from registry_tool.engine.testing.paired import PairedComparison
from registry_tool.report.evaluation import EvaluatedVersion, evaluation_lines
from registry_tool.report.successors import (
    MoveOutcome,
    MoveShown,
    ProposedMove,
    message_text,
    move_message,
    move_text,
    move_title,
    proposal_lines,
    proposals_markdown,
    proposals_value,
)

EVALUATED = EvaluatedVersion("a:1.1.0", "a:1.0.0", "openai", PairedComparison(3, 0, 0, 0), runs=3)
MOVE = MoveShown(
    "a:1.1.0",
    "a:1.0.0",
    (("old", "new", "2026-12-24", "https://example.com/models"),),
    EVALUATED,
    owners=("ada",),
)
PROPOSED = ProposedMove(
    "a:1.0.0",
    MoveOutcome.OPENED,
    "a:1.1.0",
    (("old", "new"),),
    "inconclusive",
    "successor/a",
    "https://x/1",
)


def rendered(move: MoveShown) -> str:
    return str(MarkdownIt("commonmark").enable("table").render(move_text(move)))


def test_it_says_what_moves_what_was_seen_and_who_decides() -> None:
    page = rendered(MOVE)
    assert "<td>old</td>\n<td>new</td>\n<td>2026-12-24</td>" in page
    assert "a:1.1.0 beside a:1.0.0: inconclusive" in page
    assert "a maintainer of the registry or an owner (ada) decides" in page
    assert "refuses" not in page
    assert move_title("a", ("new", "newer")) == "Move a to new, newer"


def test_it_says_what_is_missing() -> None:
    unseen = EvaluatedVersion("a:1.1.0", "a:1.0.0", skipped="there is no model to ask")
    page = rendered(replace(MOVE, evaluation=unseen, held=("it waits",), without=("no successor",)))
    assert "<strong>Not evaluated</strong>: there is no model to ask." in page
    assert "waits for a maintainer: it waits." in page
    failing = replace(MOVE, refused=("tests-pass",), owners=())
    assert "The check refuses it: tests-pass." in rendered(failing)
    other = replace(MOVE, evaluation=replace(EVALUATED, stand_ins=(("small", "new"),)))
    assert "says little of the successor" in rendered(other)


def test_a_strangers_words_are_text_and_much_is_cut() -> None:
    hostile = "<img src=x> @everyone | [x](http://evil)"
    rows = ((hostile, hostile, "2026-12-24", hostile),)
    page = rendered(replace(MOVE, rows=rows, owners=(hostile,), held=(hostile,)))
    assert "<img" not in page
    assert "<a " not in page
    assert len(move_text(replace(MOVE, held=("x" * 300,) * 400))) < 60_000


def test_a_commit_message_is_plain_and_its_text_in_a_request_is_not_obeyed() -> None:
    hostile = "text-summarizer\n<img src=x> @x\x1b[2J"
    rows = (("old", hostile, "2026-12-24", "https://example.com/models"),)
    message = move_message(replace(MOVE, rows=rows))
    assert "- old to text-summarizer <img src=x> @x\\u001b[2J: the first one retires" in message, (
        message
    )
    page = str(MarkdownIt("commonmark").render(message_text(message)))
    assert "<img" not in page
    assert page.count("<li>") == len([*rows, *list(evaluation_lines(EVALUATED))[1:]])


def test_lines_and_data() -> None:
    assert list(proposal_lines([PROPOSED])) == [
        "a:1.1.0: proposed (old → new)",
        "  evaluation: inconclusive",
        "  https://x/1",
    ]
    failed = ProposedMove("b:1.0.0", MoveOutcome.SKIPPED, reason="no model", failed=True)
    assert list(proposal_lines([failed])) == ["b:1.0.0: not proposed", "  no model"]
    assert "No newest version" in next(proposal_lines([]))
    value = PROPOSED.to_value()
    assert (value["state"], value["failed"]) == ("opened", False)
    assert value["models"] == [{"from": "old", "to": "new"}]
    assert proposals_value([PROPOSED]) == {"proposals": [value]}
    assert proposals_markdown([PROPOSED]).startswith("## Moves to successors\n\n- ")
