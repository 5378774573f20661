"""`loop` nodes: rounds with variables, until a condition holds or the count is reached."""

from __future__ import annotations

import json
from typing import Final

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.nodes.branches import condition
from registry_tool.importers.dify.nodes.rounds import MOST, NodeBuilder, Rounds, carried_variables
from registry_tool.importers.dify.references import ValueReference, selector_of
from registry_tool.importers.dify.work import VariableName, Work
from registry_tool.importers.foreign_values import text_of
from registry_tool.importers.imported import NotRunnableError

LOOP_END: Final = "loop-end"
_LISTS: Final = frozenset({"array[string]", "array[number]", "array[object]", "array[boolean]"})


def loop(node: Node, work: Work, build: NodeBuilder) -> str:
    """Rounds; others read its variables as they are after the last one."""
    count = node.data.get("loop_count", 10)
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise NotRunnableError("how often it runs is not a number")
    if not work.app.inside(node.id):
        raise NotRunnableError("nothing stands in it")
    if count > MOST:
        work.lose(node, f"rounds beyond {MOST}", "a loop edge has no more")
    rounds = Rounds(node, work)
    own = [(node.id, text_of(item, "label")) for item in _variables(node)]
    rounds.begin([*own, *carried_variables(node, work)])
    _first(node, rounds)
    work.outputs[node.id] = {"index": ValueReference(rounds.state, ("index",))}
    rounds.build(build, soft=False)
    _end(node, rounds, min(count, MOST))
    rounds.close(min(count, MOST))
    given = {name[1]: ValueReference(rounds.next, rounds.path_of(name)) for name in own}
    work.outputs[node.id] = {**given, "loop_round": ValueReference(rounds.next, ("index",))}
    return rounds.next


def _variables(node: Node) -> list[Object]:
    items = node.data.get("loop_variables")
    found = {
        text_of(item, "label"): item
        for item in (items if isinstance(items, list) else [])
        if isinstance(item, dict) and text_of(item, "label")
    }
    return list(found.values())


def _first(node: Node, rounds: Rounds) -> None:
    reads: list[str] = []
    values: dict[VariableName, str] = {}
    for item in _variables(node):
        values[node.id, text_of(item, "label")] = _initial(node, item, rounds.outside, reads)
    lines = "    item, more = None, True\n"
    if _known_before(node, rounds):
        broken, asked = _break(node, rounds.inside)
        reads += asked
        lines += f"    inputs = {{**inputs, {rounds.state!r}: {{'variables': variables}}}}\n"
        lines += f"    more = not ({broken})\n"
    rounds.first(lines, values, [read for read in reads if read != rounds.state])


def _initial(node: Node, item: Frozen, work: Work, reads: list[str]) -> str:
    """Python of a variable's first value."""
    value, kind = item.get("value"), text_of(item, "var_type", "string")
    if text_of(item, "value_type") == "variable":
        found = work.of(node, value)
        reads.append(found.block)
        return found.python
    if kind in _LISTS:
        return repr(_parsed(value, []))
    if kind in {"object", "number", "boolean"} and isinstance(value, str):
        return repr(_parsed(value, None))
    return repr(value)


def _parsed(value: Value, otherwise: Value) -> Value:
    if not isinstance(value, str):
        return otherwise if value is None else value
    try:
        parsed: Value = json.loads(value)
    except (ValueError, RecursionError):
        return otherwise
    return parsed


def _known_before(node: Node, rounds: Rounds) -> bool:
    """Whether the conditions ask about nothing that a round computes: they are asked before the first, too."""
    inside = set(rounds.inside.control.nodes)
    asked = _conditions(node)
    return bool(asked) and not any(
        selector_of(item.get("variable_selector"))[:1] == (name,)
        for item in asked
        for name in inside
    )


def _conditions(node: Node) -> list[Object]:
    items = node.data.get("break_conditions")
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _break(node: Node, work: Work) -> tuple[str, list[str]]:
    reads: list[str] = []
    case: Object = {
        "conditions": list[Value](_conditions(node)),
        "logical_operator": node.data.get("logical_operator"),
    }
    return condition(node, case, work, reads), reads


def _end(node: Node, rounds: Rounds, count: int) -> None:
    broken, reads = _break(node, rounds.over())
    stops = [broken]
    for one in rounds.inside.control.order:
        if one.type == LOOP_END and (reached := rounds.inside.gates.get((one.id, ""))):
            stops.append(f"inputs.get({reached!r}) is not None")
            reads.append(reached)
    more = f"    item, more = None, index < {count} and not ({' or '.join(stops)})\n"
    rounds.end((), more, reads)


def loop_end(node: Node, work: Work) -> str:
    """Reaching it ends the loop around, after this round."""
    reached = work.compute(node, "def main():\n    return True\n", [], stem=node.title or LOOP_END)
    work.gates.setdefault((node.id, ""), reached)
    work.outputs[node.id] = {}
    return reached
