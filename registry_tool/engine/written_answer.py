"""An answer that a test gives by hand, as an edge's result."""

from __future__ import annotations

from collections.abc import Callable

from registry_tool.core.values import Frozen, Value
from registry_tool.engine.edges.base import EdgeError
from registry_tool.engine.events import EDGE_ANSWERED
from registry_tool.engine.inputs import check_value
from registry_tool.engine.plan import PreparedEdge
from registry_tool.manifest.written_answers import by_target, unfit_answer


async def answer_by_hand(
    frame: PreparedEdge, value: Value, emit: Callable[[str, Frozen], None]
) -> dict[str, Value]:
    """Use the answer written by hand instead of asking, and emit the event of it."""
    results = written_answer(frame, value)
    emit(EDGE_ANSWERED, {"edge": frame.edge.id, "type": frame.edge.type})
    return results


def written_answer(frame: PreparedEdge, value: Value) -> dict[str, Value]:
    """What the targets get; `EdgeError` for a value that the edge could not have given."""
    looped = bool(frame.looped)
    schemas = frame.lists if looped else frame.schemas
    check_value(value, {}, "the answer written by hand")
    try:
        wrong = unfit_answer(frame.edge, value, schemas, looped=looped)
    except ValueError as broken:
        raise EdgeError(f"the schema of a target is not a valid JSON Schema: {broken}") from None
    if wrong:
        raise EdgeError(
            f"the edge could not give the answer written by hand: {wrong}",
            hint="write what its target would hold",
        )
    return by_target(frame.edge, value)
