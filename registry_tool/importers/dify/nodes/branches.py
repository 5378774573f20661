"""Nodes that decide which way is taken: `if-else` and `question-classifier`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.nodes.files import with_files
from registry_tool.importers.dify.nodes.model import model_settings
from registry_tool.importers.dify.nodes.vision import WHY_VISION, shown_files
from registry_tool.importers.dify.references import ValueReference, pieces, unique
from registry_tool.importers.dify.work import NodeStep, Work, is_read
from registry_tool.importers.foreign_values import text_of
from registry_tool.importers.generated_code import AT
from registry_tool.importers.imported import NotRunnableError
from registry_tool.importers.project import EdgeEnds

_ELSE: Final = "false"
_CLASSIFY: Final = "Give the number of the class that what the user says belongs to."
_TEST: Final = """def test(left, operator, right=None):
    if operator in ("null", "not exists"):
        return left is None
    if operator in ("not null", "exists"):
        return left is not None
    if operator == "empty":
        return not left
    if operator == "not empty":
        return bool(left)
    if operator == "not contains":
        return not left or right not in left
    if operator == "not in":
        return not left or left not in right
    if left is None:
        return False
    if operator in ("is", "is not"):
        same = str(left) == str(right) if not isinstance(left, bool) else str(left).lower() == str(right).lower()
        return same if operator == "is" else not same
    if operator in NUMBERS:
        try:
            return NUMBERS[operator](float(left), float(right))
        except (TypeError, ValueError):
            return False
    if not left:
        return False
    if operator == "contains":
        return right in left
    if operator == "start with":
        return str(left).startswith(right)
    if operator == "end with":
        return str(left).endswith(right)
    if operator == "in":
        return left in right
    if operator == "all of":
        return all(item in left for item in right)
    return False
"""
_NUMBERS: Final = """NUMBERS = {
    "=": lambda a, b: a == b,
    "≠": lambda a, b: a != b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    "≥": lambda a, b: a >= b,
    "≤": lambda a, b: a <= b,
}
"""
OPERATORS: Final = frozenset(
    {
        *(
            "null",
            "not null",
            "exists",
            "not exists",
            "empty",
            "not empty",
            "contains",
            "not contains",
            "in",
            "not in",
        ),
        *("is", "is not", "=", "≠", ">", "<", "≥", "≤", "start with", "end with", "all of"),
    }
)
TESTS: Final = f"{AT}\n\n{_NUMBERS}\n\n{_TEST}"
"""The helpers of generated conditions."""


def if_else(node: Node, work: Work) -> str:
    """Code that names the case, and a `branch` on it. Gives nothing to read, but a gate for each way."""
    reads: list[str] = []
    lines = ""
    names: list[str] = []
    for case in _cases(node):
        joined = condition(node, case, work, reads)
        name = text_of(case, "case_id") or text_of(case, "id") or "true"
        lines += f"    if {joined}:\n        return {name!r}\n"
        names.append(name)
    code = with_files(f"{TESTS}\n\ndef main(inputs):\n{lines}    return {_ELSE!r}\n")
    decided = work.compute(node, code, unique(reads), stem=f"{node.title} case", target="text")
    branch(node, work, ValueReference(decided), {name: name for name in names}, _ELSE)
    work.outputs[node.id] = {}
    return ""


def condition(node: Node, case: Frozen, work: Work, reads: list[str]) -> str:
    """Python of `{conditions, logical_operator}`, with the helpers of `TESTS`; False where there is none."""
    joined = "or" if text_of(case, "logical_operator") == "or" else "and"
    tests = [_test(node, item, work, reads) for item in _objects(case.get("conditions"))]
    return f" {joined} ".join(tests) or "False"


def _cases(node: Node) -> list[Object]:
    if cases := _objects(node.data.get("cases")):
        return cases
    operator = text_of(node.data, "logical_operator", "and")
    return [
        {"case_id": "true", "logical_operator": operator, "conditions": node.data.get("conditions")}
    ]


def _objects(value: Value) -> list[Object]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _test(node: Node, asked: Frozen, work: Work, reads: list[str]) -> str:
    left = work.of(node, asked.get("variable_selector"))
    reads.append(left.block)
    files = asked.get("sub_variable_condition")
    if isinstance(files, dict) and files.get("conditions"):
        return _test_of_files(node, left, files, work, reads)
    return tested(left.python, node, asked, work, reads)


def _test_of_files(
    node: Node, left: ValueReference, asked: Frozen, work: Work, reads: list[str]
) -> str:
    """Some file has the property; with `not` in the operator all have it."""
    joined = " or " if text_of(asked, "logical_operator") == "or" else " and "
    tests = []
    for item in _objects(asked.get("conditions")):
        key = text_of(item, "key")
        test = tested(f"of_file(one, {key!r})", node, item, work, reads)
        many = "all" if "not" in text_of(item, "comparison_operator") else "any"
        tests.append(f"{many}({test} for one in {left.python} or [])")
    return f"({joined.join(tests) or 'False'})"


def tested(left: str, node: Node, asked: Frozen, work: Work, reads: list[str]) -> str:
    """Python of one comparison of `left`; with `key` in `asked` it is a property of a file."""
    operator = text_of(asked, "comparison_operator")
    if operator not in OPERATORS:
        raise NotRunnableError(f"its condition {operator!r} is unknown")
    right = expression(node, asked.get("value"), work, reads)
    right = f"dotted({right})" if text_of(asked, "key") == "extension" else right
    return f"test({left}, {operator!r}, {right})"


def expression(node: Node, value: Value, work: Work, reads: list[str]) -> str:
    """Python of a value that may hold references."""
    if not isinstance(value, str):
        return repr(value)
    parts = []
    for piece in pieces(value):
        if isinstance(piece, str):
            parts.append(repr(piece))
        else:
            found = work.of(node, piece)
            reads.append(found.block)
            parts.append(found.python)
    if len(parts) == 1:
        return parts[0]
    return " + ".join(f"str({part})" for part in parts) or "''"


def branch(
    node: Node, work: Work, decided: ValueReference, handles: Mapping[str, str], otherwise: str = ""
) -> None:
    """A `branch` edge with a target for each handle: `handles` are the values of `decided` by handle."""
    if any("{{" in value for value in handles.values()):
        raise NotRunnableError("one of its ways has a name with {{ in it")
    name = work.project.new_id(f"{node.title} way", node.type)
    gates: dict[str, str] = {}
    for handle in (*handles, *([otherwise] if otherwise else [])):
        gates[handle] = work.project.new_id(f"{name} {handle[:12]}")
        work.project.block(gates[handle])
        work.gates[node.id, handle] = gates[handle]
    path: Object = {"path": ".".join(decided.path)} if decided.path else {}
    cases: Object = {
        f"case-{number}": {
            "conditions": [
                {
                    "block": decided.block,
                    **path,
                    "condition": "is",
                    "parameters": {"value": value},
                    "operation": "/",
                }
            ],
            "thens": [{"from": decided.block, "to": gates[handle]}],
        }
        for number, (handle, value) in enumerate(handles.items(), 1)
    }
    config: Object = {"cases": cases}
    if otherwise:
        config["else"] = [{"from": decided.block, "to": gates[otherwise]}]
    if not handles:
        raise NotRunnableError("it has no case")
    ends = EdgeEnds([decided.block], list(gates.values()), work.when(node))
    work.project.edge(name, "branch", ends, config)
    work.project.by_chance(gates.values())


def question_classifier(node: Node, work: Work) -> str:
    """A question to the model with the classes as the only answers, and a `branch` on it."""
    classes = {
        text_of(item, "id"): text_of(item, "name") for item in _objects(node.data.get("classes"))
    }
    if not classes:
        raise NotRunnableError("it has no classes")
    query = work.of(node, node.data.get("query_variable_selector") or ["sys", "query"])
    instruction = work.text(
        node, text_of(node.data, "instruction") or text_of(node.data, "instructions")
    )
    listed = "\n".join(f"{key}: {name}" for key, name in classes.items())
    schema: Object = {
        "type": "object",
        "properties": {"class": {"enum": list[Value](classes)}},
        "required": ["class"],
        "additionalProperties": False,
    }
    listing = work.text(node, listed)
    config: Object = {
        **model_settings(node, work),
        "system": "\n\n".join(filter(None, (_CLASSIFY, listing.template, instruction.template))),
        "prompt": query.placeholder,
        "structured_output": {"schema": schema},
    }
    shown = shown_files(node, work)
    if shown.templates:
        work.lose(node, "its pictures, as Dify uploads them", WHY_VISION)
        config.update(shown.config())
    reads = unique([query.block, *listing.reads, *instruction.reads, *shown.reads])
    asked = work.add(
        node, NodeStep("llm", config, reads, {"class_id": ("class",)}, "structured", schema)
    )
    branch(node, work, ValueReference(asked, ("class",)), {key: key for key in classes})
    asked_class = ValueReference(asked, ("class",)).python
    names = (
        f"{AT}\n\nNAMES = {classes!r}\n\n\ndef main(inputs):\n    return NAMES.get({asked_class})\n"
    )
    if is_read(node, "class_name", work):
        block = work.compute(node, names, [asked], stem=f"{node.title} class", target="text")
        work.outputs[node.id]["class_name"] = ValueReference(block)
    return asked
