"""Moves to successors of models that retire: the pull request's text, and lines for who asked for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import Final

from registry_tool.core.records import Record
from registry_tool.core.values import Object, Value
from registry_tool.report.evaluation import EvaluatedVersion, evaluation_lines, evaluation_summary
from registry_tool.report.markdown import plain
from registry_tool.report.text import inert

_LONGEST: Final = 50_000
_DIFFERS: Final = (
    "with another model's name in its manifest, its tests recorded anew where a model answered; "
    "nothing else differs."
)
_CUT: Final = "\n\n… cut: the rest is in what `registry-tool evaluate` says of this branch.\n"


class MoveShown(Record, frozen=True):
    """What a request is about. `rows` are (old model, new model, day it retires, source).

    `refused` are rules by which the check refuses it, `held` what a maintainer has to accept; `owners` are logins.
    """

    reference: str
    base: str
    rows: tuple[tuple[str, str, str, str], ...]
    evaluation: EvaluatedVersion
    refused: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


class MoveOutcome(StrEnum):
    """What became of one workflow's move. `PUSHED` is a branch where no forge has requests."""

    OPENED = "opened"
    UPDATED = "updated"
    KEPT = "kept"
    DECLINED = "declined"
    PUSHED = "pushed"
    PLANNED = "planned"
    CLOSED = "closed"
    PLANNED_CLOSE = "planned-close"
    SKIPPED = "skipped"


class ProposedMove(Record, frozen=True):
    """A move of the version `base` to `models` (old, new); `reference` is the version after it, if any.

    `reason` says why it was skipped, and `failed` that this is somebody's to mend.
    """

    base: str
    state: MoveOutcome
    reference: str = ""
    models: tuple[tuple[str, str], ...] = ()
    verdict: str = ""
    branch: str = ""
    url: str = ""
    reason: str = ""
    failed: bool = False

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "base": self.base,
            "state": self.state.value,
            "workflow": self.reference,
            "models": [{"from": old, "to": new} for old, new in self.models],
            "verdict": self.verdict,
            "branch": self.branch,
            "url": self.url,
            "reason": self.reason,
            "failed": self.failed,
        }


def move_title(name: str, models: Sequence[str]) -> str:
    """The request's title."""
    return f"Move {name} to {', '.join(models)}"


def move_text(move: MoveShown) -> str:
    """The request's text in Markdown; what strangers wrote is only text in it."""
    text = "\n".join(_parts(move))
    return text if len(text) <= _LONGEST else text[:_LONGEST] + _CUT


def move_message(move: MoveShown) -> str:
    """The request's text as a commit message: plain, a line each, without what a terminal obeys."""
    text = "\n".join(_message(move))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def message_text(message: str) -> str:
    """Such a message in Markdown: its lists and paragraphs stay, all else in it is only text."""
    return "\n".join(
        f"- {plain(line[2:])}" if line.startswith("- ") else plain(line)
        for line in message.split("\n")
    )


def outdated_text(newest: str, models: Sequence[tuple[str, str]]) -> str:
    """A comment that says why a proposal is closed."""
    asked = ", ".join(plain(old) for old, _ in models)
    return (
        f"{plain(newest)} is published meanwhile and no longer asks {asked}: nothing is left to move, so "
        "`registry-tool retirements --propose` closes this. Where it is still wanted, reopen it."
    )


def _line(text: str) -> str:
    return inert(text.replace("\n", " "))


def _message(move: MoveShown) -> Iterator[str]:
    yield f"{_line(move.reference)} is {_line(move.base)} {_DIFFERS}\n"
    for old, new, day, source in move.rows:
        yield f"- {_line(f'{old} to {new}: the first one retires {day}, says {source}')}"
    yield ""
    yield from (f"{_line(sentence)}.\n" for sentence in move.without)
    if move.evaluation.skipped:
        yield f"Not evaluated: {_line(move.evaluation.skipped)}.\n"
    else:
        first, *rest = evaluation_lines(move.evaluation)
        yield f"{_line(first)}\n"
        yield from (f"- {_line(line)}" for line in rest)
        yield ""
    yield from _last(move, _line)


def _parts(move: MoveShown) -> Iterator[str]:
    yield f"**{plain(move.reference)}** is {plain(move.base)} {_DIFFERS}\n"
    yield "| asked until now | successor | the first one retires | says |"
    yield "| --- | --- | --- | --- |"
    for row in move.rows:
        yield f"| {' | '.join(plain(cell) for cell in row)} |"
    yield ""
    yield from (f"{plain(sentence)}.\n" for sentence in move.without)
    if move.evaluation.skipped:
        yield f"**Not evaluated**: {plain(move.evaluation.skipped)}.\n"
    else:
        yield evaluation_summary([move.evaluation])
    yield from _last(move, plain)


def _last(move: MoveShown, shown: Callable[[str], str]) -> Iterator[str]:
    """What to know beside the evaluation, and who decides; `shown` is how a stranger's text is written."""
    if move.evaluation.stand_ins:
        yield "Another model answered than those that are named: this says little of the successor.\n"
    if move.refused:
        yield (
            f"The check refuses it: {shown(', '.join(move.refused))}. Mend prompt or tests on this branch: once "
            "somebody has pushed there, the tool leaves it alone.\n"
        )
    yield from (f"It waits for a maintainer: {shown(reason)}.\n" for reason in move.held)
    who = f" or an owner ({shown(', '.join(move.owners))})" if move.owners else ""
    yield (
        f"Nothing is published by itself: a maintainer of the registry{who} decides. Once closed, it is not "
        "proposed again; to have it anew, delete its branch."
    )


def proposal_lines(found: Sequence[ProposedMove]) -> Iterator[str]:
    """A line a workflow, and its address or branch below."""
    for one in found:
        models = ", ".join(f"{old} → {new}" for old, new in one.models)
        about = f"{one.reference or one.base}: {_STATES[one.state]}"
        yield f"{about}{f' ({models})' if models else ''}"
        if one.verdict:
            yield f"  evaluation: {one.verdict}"
        if one.reason:
            yield f"  {one.reason}"
        if one.url or one.branch:
            yield f"  {one.url or f'branch {one.branch}'}"
    if not found:
        yield NOTHING_TO_MOVE


_STATES: Final = {
    MoveOutcome.OPENED: "proposed",
    MoveOutcome.UPDATED: "proposed anew",
    MoveOutcome.KEPT: "proposed already",
    MoveOutcome.DECLINED: "somebody closed the proposal",
    MoveOutcome.PUSHED: "on a branch",
    MoveOutcome.PLANNED: "would be proposed",
    MoveOutcome.CLOSED: "its proposal is closed",
    MoveOutcome.PLANNED_CLOSE: "its proposal would be closed",
    MoveOutcome.SKIPPED: "not proposed",
}
NOTHING_TO_MOVE: Final = "No newest version names a model that retires by then."


def proposals_markdown(found: Sequence[ProposedMove]) -> str:
    """For a job's summary."""
    lines = (f"- {plain(line.strip())}" for line in proposal_lines(found))
    return "\n".join(("## Moves to successors\n", *lines)) + "\n"


def proposals_value(found: Sequence[ProposedMove]) -> Object:
    """As JSON."""
    return {"proposals": list[Value](one.to_value() for one in found)}
