"""Where a run begins and ends: `start`, `answer`, `end`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.nodes.shown import SHOWN, is_text
from registry_tool.importers.dify.references import ValueReference, pieces, selectors_in, unique
from registry_tool.importers.dify.work import NodeStep, Work
from registry_tool.importers.foreign_values import text_of
from registry_tool.importers.generated_code import AT
from registry_tool.importers.project import EdgeEnds
from registry_tool.importers.usable_schema import schema_fault

_TYPES: Final = {
    "number": "number",
    "checkbox": "boolean",
    "file": "file",
    "file-list": "array",
    "json_object": "object",
}
"""Types of a form's fields that are not texts."""
_EMPTY: Final[Mapping[str, Value]] = {"string": "", "file": "", "array": []}
"""What a field is that nobody fills in."""

_JOIN: Final = """def main(inputs):
    return "".join(str(text) for text in inputs.values() if text is not None)
"""


def start(node: Node, work: Work) -> str:
    """An input for each field of the form."""
    work.outputs[node.id] = {}
    variables = node.data.get("variables")
    for item in variables if isinstance(variables, list) else []:
        if isinstance(item, dict) and (name := text_of(item, "variable")):
            work.outputs[node.id][name] = ValueReference(_field(node, name, item, work))
    return ""


def _field(node: Node, name: str, item: Object, work: Work) -> str:
    kind = text_of(item, "type", "text-input")
    type_ = _TYPES.get(kind, "string")
    block = work.project.new_id(name, "input")
    work.project.block(
        block,
        "text" if type_ == "string" else "file" if type_ == "file" else "structured",
        text_of(item, "label"),
    )
    more: Object = {}
    options, default, longest = item.get("options"), item.get("default"), item.get("max_length")
    required = item.get("required") is True
    if kind == "select" and isinstance(options, list) and options:
        more["enum"] = list[Value](dict.fromkeys(map(str, options)))
    if default not in (None, "") and (not more or default in options):  # type: ignore[operator]
        more["default"] = default
    elif required:
        more["required"] = True
    elif type_ in _EMPTY and "enum" not in more:
        more["default"] = _EMPTY[type_]
    if type_ == "string" and type(longest) is int and longest > 0 and "enum" not in more:
        more["schema"] = {"maxLength": longest}
    if kind == "json_object" and (schema := _schema(node, item, work)):
        more["schema"] = dict(schema)
    if label := text_of(item, "label"):
        more["description"] = label
    work.project.input(name, type_, block, **more)
    return block


def _schema(node: Node, item: Object, work: Work) -> Frozen:
    """The schema of a field of JSON, which may be written as text; empty where none can be used."""
    written = item.get("json_schema")
    if isinstance(written, str):
        try:
            written = json.loads(written) if written.strip() else None
        except (ValueError, RecursionError):
            written = "not JSON"
    if written is None:
        return {}
    fault = schema_fault(written) if isinstance(written, dict) else "it is not an object"
    if isinstance(written, dict) and not fault:
        return written
    work.lose(node, f"the schema of {text_of(item, 'variable')}", f"it can't be used: {fault}")
    return {}


def answer(node: Node, work: Work) -> NodeStep:
    """What is said: a text of others' values."""
    written = text_of(node.data, "answer")
    if not all(is_text(selector, work) for selector in selectors_in(written)):
        return _shown(node, written, work)
    text = work.text(node, written)
    return NodeStep(
        "modify", {"modify_type": "edit_text", "content": text.template}, text.reads, {"answer": ()}
    )


def _shown(node: Node, written: str, work: Work) -> NodeStep:
    """An answer with lists or objects in it, which Dify shows as points and lines."""
    parts, reads = [], list[str]()
    for piece in pieces(written):
        if isinstance(piece, str):
            parts.append(repr(piece))
            continue
        found = work.of(node, piece)
        reads.append(found.block)
        parts.append(f"shown({found.python})")
    lines = "".join(f"        {part},\n" for part in parts)
    code = f"{SHOWN}\n\n{AT}\n\ndef main(inputs):\n    parts = [\n{lines}    ]\n    return ''.join(parts)\n"
    return NodeStep("code", {"code": code}, unique(reads), {"answer": ()})


def end(node: Node, work: Work) -> str:
    """A block for each output, which other ends may write too."""
    outputs = node.data.get("outputs")
    last = ""
    for item in outputs if isinstance(outputs, list) else []:
        if not isinstance(item, dict) or not (name := text_of(item, "variable")):
            continue
        found = work.of(node, item.get("value_selector"))
        key = f"output.{name}"
        if key not in work.constants:
            work.constants[key] = work.project.new_id(name, "output")
            work.project.block(work.constants[key], "structured", name)
            work.project.output(name, work.constants[key])
        edge = work.project.new_id(f"give {name}")
        last = work.constants[key]
        config: Object = {"modify_type": "copy", "content": found.placeholder}
        ends = EdgeEnds([found.block], [last], work.when(node))
        work.project.edge(edge, "modify", ends, config)
    work.outputs[node.id] = {}
    return last


def join_answers(work: Work, answers: list[str]) -> None:
    """The output `answer`: what all answers that were given say, one after the other."""
    if len(answers) == 1:
        work.project.output("answer", answers[0], type="string")
    elif answers:
        name = work.project.new_id("whole-answer")
        work.project.block(name)
        said = unique(answers)
        work.project.edge(name, "code", EdgeEnds(said, [name], said), {"code": _JOIN})
        work.project.output("answer", name, type="string")
