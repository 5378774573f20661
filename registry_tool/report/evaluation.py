"""How new versions did beside the versions before them, in lines, in Markdown and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from registry_tool.core.records import Record
from registry_tool.core.values import Object, Value
from registry_tool.engine.testing.paired import INCONCLUSIVE, PairedComparison
from registry_tool.report.markdown import plain
from registry_tool.report.recorded_answers import RecordedAnswers

_NOTE: Final = "Asked of a model now, in pairs on the same tests, other services as recorded. It blocks nothing."
_MOST: Final = 20


class EvaluatedVersion(Record, frozen=True):
    """One new version beside its base; `skipped` and `ended` say why there is nothing, or less than wanted.

    `runs` are the pairs that were run, of which those with the same answers count once. `stand_ins` are models
    that answered for others, as (answered, asked).
    """

    reference: str
    base: str = ""
    provider: str = ""
    comparison: PairedComparison = PairedComparison(0, 0, 0, 0)
    runs: int = 0
    left_out: tuple[str, ...] = ()
    stand_ins: tuple[tuple[str, str], ...] = ()
    ended: str = ""
    skipped: str = ""
    tokens: int = 0
    cost_usd: float = 0.0
    recordings: RecordedAnswers = RecordedAnswers(0)

    @property
    def verdict(self) -> str:
        """better, worse or inconclusive; inconclusive where nothing was run."""
        return INCONCLUSIVE if self.skipped else self.comparison.verdict

    def to_value(self) -> Object:
        """As JSON."""
        found = self.comparison
        return {
            "workflow": self.reference,
            "base": self.base,
            "provider": self.provider,
            "verdict": self.verdict,
            "reason": self.skipped or found.reason,
            "pairs": {
                "run": self.runs,
                "both": found.both,
                "neither": found.neither,
                "better": found.better,
                "worse": found.worse,
                "p": round(found.p, 6),
            },
            "left_out": list[Value](self.left_out),
            "stand_ins": [list[Value](pair) for pair in self.stand_ins],
            "ended": self.ended,
            "tokens": self.tokens,
            "cost_usd": round(self.cost_usd, 6),
            "recordings": self.recordings.to_value(),
        }


def evaluation_lines(found: EvaluatedVersion) -> Iterator[str]:
    """The verdict, then what it rests on."""
    beside = f" beside {found.base}" if found.base else ""
    yield f"{found.reference}{beside}: {found.verdict}"
    if found.skipped:
        yield found.skipped
        return
    pairs = found.comparison
    yield pairs.reason
    counted = pairs.both + pairs.neither + pairs.better + pairs.worse
    same = f", of which {counted} had answers of their own" if counted < found.runs else ""
    count = "1 pair" if found.runs == 1 else f"{found.runs} pairs"
    yield f"{count}{same}: {pairs.both} pass on both, {pairs.neither} on neither"
    yield f"asked of {found.provider}: {found.tokens} tokens, ${found.cost_usd:.6f}"
    yield from (
        f"{answered} answered instead of {requested}" for answered, requested in found.stand_ins
    )
    yield _base(found.recordings)
    if found.ended:
        yield f"ended early: {found.ended}"
    yield from (f"not compared: {reason}" for reason in found.left_out[:_MOST])
    if len(found.left_out) > _MOST:
        yield f"not compared: {len(found.left_out) - _MOST} more"


def _base(recordings: RecordedAnswers) -> str:
    if not recordings.count:
        return "the base has no recorded answers"
    return f"the base's recorded answers: {recordings.words}"


def evaluation_summary(found: Sequence[EvaluatedVersion]) -> str:
    """All of them in Markdown; every stranger's string in it is only text."""
    parts = [f"## Evaluation\n\n{_NOTE}\n"]
    for one in found:
        first, *rest = evaluation_lines(one)
        parts.append(f"**{plain(first)}**\n")
        parts += [f"- {plain(line)}" for line in rest]
        parts.append("")
    if not found:
        parts.append("No new version.")
    return "\n".join(parts) + "\n"
