"""What drifted, in Markdown for an issue; tests and answers are strangers' text and stay text."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from registry_tool.report.markdown import fenced, plain
from registry_tool.security.handling import private_text

_MOST_ROWS = 50
_MOST_LINES = 120
_LONGEST_LINE = 300
_MOST_SEARCHES = 5

_NEXT = (
    "Ask the models again with `registry-tool drift`. Where the new answers are right, publish a version whose "
    "tests record them; where not, choose another model (the environment's `llm_model`) or roll back."
)


@dataclass(frozen=True, slots=True)
class DriftOf:
    """One version: rows of (kind, what, words); counts of answers the same, reworded, unrecorded; a diff.

    `age` is that of the recorded answers, in words.
    """

    reference: str
    environment: str
    provider: str
    rows: tuple[tuple[str, str, str], ...]
    counts: tuple[int, int, int]
    lines: tuple[str, ...] = ()
    age: str = ""


def drift_title(workflow: str, environment: str) -> str:
    """The title by which a workflow's issue is known."""
    return f"Drift: {workflow} in {environment}"


def drift_body(versions: Sequence[DriftOf]) -> str:
    """The issue's text; a model's new answer may name somebody, and an issue is read by many."""
    return private_text("\n".join((*_parts(versions), _NEXT)) + "\n")


def _parts(versions: Sequence[DriftOf]) -> Iterator[str]:
    for version in versions:
        same, reworded, unrecorded = version.counts
        yield (
            f"The recorded tests of **{plain(version.reference)}**, asked anew in "
            f"{plain(version.environment)} (provider {plain(version.provider)}), differ:\n"
        )
        yield "| what | which | how |"
        yield "| --- | --- | --- |"
        for row in version.rows[:_MOST_ROWS]:
            yield f"| {' | '.join(plain(cell) for cell in row)} |"
        if len(version.rows) > _MOST_ROWS:
            yield f"| … | {len(version.rows) - _MOST_ROWS} more | |"
        yield (
            f"\nOf the answers, {same} are the same, {reworded} have other words, and {unrecorded} are to "
            f"questions that were not recorded.{_of_age(version)}\n"
        )
        if searches := _searches(version):
            yield f"Which version, dependency or model it began with:\n\n{fenced(searches, 'sh')}\n"
        if version.lines:
            yield f"Answers with other words:\n\n{fenced(_cut(version.lines), 'diff')}\n"


def _of_age(version: DriftOf) -> str:
    return f" The recorded ones are {plain(version.age)}." if version.age else ""


def _searches(version: DriftOf) -> str:
    """A command for each test that fails, as a shell takes it: its name is a stranger's text."""
    tests = [what for kind, what, _ in version.rows if kind == "test"][:_MOST_SEARCHES]
    asked = ("--provider", version.provider)
    return "\n".join(
        shlex.join(("puppy-cli", "bisect", version.reference, "--test", test, *asked))
        for test in tests
    )


def _cut(lines: Sequence[str]) -> str:
    shown = [line[:_LONGEST_LINE] for line in lines[:_MOST_LINES]]
    more = [f"… {len(lines) - _MOST_LINES} more lines"] if len(lines) > _MOST_LINES else []
    return "\n".join((*shown, *more))
