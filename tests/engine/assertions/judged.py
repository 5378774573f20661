"""One assertion, judged on an output of a run."""

from __future__ import annotations

import asyncio

from registry_tool.core.values import Object, Value
from registry_tool.engine.assertions.base import EdgeSpan, ModelCall, Outcome, RunSeen
from registry_tool.engine.assertions.judging import Judgement, judge

PASSED, FAILED = Outcome.PASSED, Outcome.FAILED
INCONCLUSIVE, ERROR = Outcome.INCONCLUSIVE, Outcome.ERROR
RUN = RunSeen(
    {},
    {"who": "Ada"},
    seconds=0.5,
    cost=0.01,
    spans=(
        EdgeSpan("llm.ask", 0.2),
        EdgeSpan("modify.trim", 0.1),
        EdgeSpan("llm.again", 0.1, "gone"),
    ),
    calls=(ModelCall("ask", "stop"), ModelCall("again", "length")),
)


def judged(form: Object, output: Value = "Hello", run: RunSeen = RUN) -> Judgement:
    from dataclasses import replace

    return asyncio.run(judge(form, replace(run, outputs={"out": output})))
