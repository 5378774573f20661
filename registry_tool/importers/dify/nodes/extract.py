"""`parameter-extractor` nodes: an answer in the form of the parameters, with Dify's value for what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from registry_tool.core.values import Object, Value
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.nodes.model import model_settings
from registry_tool.importers.dify.nodes.vision import WHY_VISION, shown_files
from registry_tool.importers.dify.references import ValueReference, unique
from registry_tool.importers.dify.work import NodeStep, Work, is_read
from registry_tool.importers.foreign_values import text_of
from registry_tool.importers.imported import NodeStatus
from registry_tool.importers.project import NOTHING, EdgeEnds

EXTRACTOR: Final = "parameter-extractor"
_SYSTEM: Final = "Take these parameters out of what the user says; one that isn't there is null."
_SUCCESS: Final = "__is_success"
_TYPES: Final[Mapping[str, Object]] = {
    "string": {"type": "string"},
    "number": {"type": "number"},
    "bool": {"type": "boolean"},
    "boolean": {"type": "boolean"},
    "select": {"type": "string"},
    "array[string]": {"type": "array", "items": {"type": "string"}},
    "array[number]": {"type": "array", "items": {"type": "number"}},
    "array[object]": {"type": "array", "items": {"type": "object"}},
    "array[boolean]": {"type": "array", "items": {"type": "boolean"}},
}
_MISSING: Final[Mapping[str, Value]] = {"number": 0, "boolean": False, "string": "", "array": []}
"""What a parameter is that the model leaves out, by its type."""


def parameter_extractor(node: Node, work: Work) -> NodeStep:
    """The question, and the schema of the answer."""
    query = work.of(node, node.data.get("query"))
    instruction = work.text(node, text_of(node.data, "instruction"))
    properties = {name: form for name, form, _ in _parameters(node)}
    schema: Object = {
        "type": "object",
        "properties": dict[str, Value](properties),
        "required": list[Value](properties),
        "additionalProperties": False,
    }
    config: Object = {
        **model_settings(node, work),
        "system": f"{_SYSTEM}\n\n{instruction.template}".strip(),
        "prompt": query.placeholder,
        "structured_output": {"schema": schema},
    }
    shown = shown_files(node, work)
    return NodeStep(
        "llm",
        {**config, **shown.config()},
        unique([query.block, *instruction.reads, *shown.reads]),
        {name: (name,) for name in properties},
        "structured",
        schema,
        NodeStatus.NEEDS if shown.templates else NodeStatus.RUNS,
        WHY_VISION if shown.templates else "",
        on_error="skip" if is_read(node, _SUCCESS, work) else None,
    )


def _parameters(node: Node) -> Iterator[tuple[str, Object, bool]]:
    """Each parameter's name, schema, and whether it must be there."""
    parameters = node.data.get("parameters")
    for item in parameters if isinstance(parameters, list) else []:
        if isinstance(item, dict) and (name := text_of(item, "name")):
            form = dict(_TYPES.get(text_of(item, "type"), {}))
            options = item.get("options")
            if isinstance(options, list) and options:
                form["enum"] = list(dict.fromkeys(map(str, options)))
            required = item.get("required") is True
            form = form if required else _or_null(form)
            yield name, {**form, "description": text_of(item, "description")}, required


def _or_null(form: Object) -> Object:
    if isinstance(options := form.get("enum"), list):
        form = {**form, "enum": [*options, None]}
    return {**form, "type": [form["type"], "null"]} if "type" in form else form


def completed(node: Node, work: Work, name: str) -> None:
    """What others read of an extractor, with what the model left out and whether it answered."""
    parameters = list(_parameters(node))
    asked = is_read(node, _SUCCESS, work)
    if not asked and all(required for _, _, required in parameters):
        return
    missing = {key: _missing(form) for key, form, _ in parameters}
    code = (
        f"MISSING = {missing!r}\n\n\ndef main(inputs):\n    found = inputs[{name!r}]\n"
        f'    told = {{"{_SUCCESS}": int(found is not None), "__reason": None}}\n'
        "    given = {key: value for key, value in (found or {}).items() if value is not None}\n"
        "    return {**MISSING, **given, **told}\n"
    )
    project = work.project
    block = project.block(project.new_id(f"{node.title} parameters", "parameters"), "structured")
    when = work.when(node) or ([NOTHING] if asked else [])
    if when == [NOTHING]:
        project.nothing()
    project.edge(block, "code", EdgeEnds([name], [block], when), {"code": code})
    fields = (*missing, _SUCCESS, "__reason")
    work.outputs[node.id].update({key: ValueReference(block, (key,)) for key in fields})


def _missing(form: Object) -> Value:
    kind = form.get("type")
    return _MISSING.get(str(kind[0] if isinstance(kind, list) else kind), "")
