"""What form a model's answer must have, in a schema and in words, and reading an answer of that form."""

from __future__ import annotations

import json
from typing import cast

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine.edges.base import EdgeCall, EdgeError
from registry_tool.engine.inputs import check_value
from registry_tool.engine.providers.models.base import Message, ModelAnswer
from registry_tool.manifest.json_schema.meet import contradiction, met
from registry_tool.manifest.requested import schema_asked_for


def wanted_schema(call: EdgeCall, structured_output: bool | Frozen) -> Frozen | None:
    """The schema that the answer must obey: `structured_output` and every target's; None for text.

    `EdgeError` where no answer can obey them all, before anybody is asked.
    """
    requested = schema_asked_for(structured_output)
    wanted = None if requested is None else dict(requested)
    for target in call.edge.targets:
        schema = call.target_schemas.get(target, {})
        if not schema or (requested is None and _only_text(schema)):
            continue
        if clash := contradiction(wanted or {}, schema, whole=True):
            raise EdgeError(
                f"no answer fits both what is asked for and the schema of the block {target}: {clash}",
                location="config.structured_output",
            )
        wanted = met(wanted or {}, schema)
    if not wanted and structured_output is True:
        return {"type": "object"}
    return None if wanted is None else closed(wanted)


def _only_text(schema: Frozen) -> bool:
    return schema.get("type") == "string" and "enum" not in schema


def closed(schema: Frozen) -> Object:
    """The schema with every named property required and no other allowed, at every depth."""
    result: Object = dict(schema)
    properties = schema.get("properties")
    if isinstance(properties, dict) and properties:
        result["type"] = "object"
        result["properties"] = {
            name: closed(below) if isinstance(below, dict) else below
            for name, below in sorted(properties.items(), key=_choices_first)
        }
        result["required"] = list[Value](sorted(properties))
        result["additionalProperties"] = False
    if isinstance(schema.get("items"), dict):
        result["items"] = closed(cast(Object, schema["items"]))
    return result


def _choices_first(item: tuple[str, Value]) -> bool:
    """A model that has chosen its label gives better numbers than one that has to begin with them."""
    return not (isinstance(item[1], dict) and "enum" in item[1])


def with_form(messages: list[Message], schema: Frozen) -> list[Message]:
    """The wanted form in words, in the system message: small models need it, and none is harmed."""
    words = f"Answer with JSON only: {form(schema)}" if schema else "Answer with JSON only."
    if messages and messages[0].role == "system":
        return [Message("system", f"{messages[0].content}\n{words}"), *messages[1:]]
    return [Message("system", words), *messages]


def form(schema: Frozen) -> str:
    """A schema as a short pattern: `{"score": number from -1 to 1, "label": "a" or "b"}`."""
    enum = schema.get("enum")
    if isinstance(enum, list):
        return " or ".join(json.dumps(item, ensure_ascii=False) for item in enum)
    properties = schema.get("properties")
    if isinstance(properties, dict) and properties:
        inner = ", ".join(f'"{name}": {form(cast(Object, s))}' for name, s in properties.items())
        return f"{{{inner}}}"
    if schema.get("type") == "array":
        items = schema.get("items")
        return f"[{form(items) if isinstance(items, dict) and items else 'value'}, …]"
    kind = str(schema.get("type", "value"))
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{kind} from {json.dumps(low)} to {json.dumps(high)}{_examples(kind, low, high)}"
    return kind


def _examples(kind: str, low: Value, high: Value) -> str:
    """Two numbers well inside a range: without them small models only ever answer its ends."""
    if kind != "number" or not isinstance(low, int | float) or not isinstance(high, int | float):
        return ""
    inset = 0.15 * (high - low)
    return f", such as {round(low + inset, 2):g} or {round(high - inset, 2):g}"


def read_answer(answer: ModelAnswer, schema: Frozen) -> Value:
    value = _json(answer.text)
    check_value(value, schema, "the model's answer")
    return value


def _json(text: str) -> Value:
    bare = text.strip()
    if bare.startswith("```"):
        bare = bare.split("\n", 1)[-1].rsplit("```", 1)[0]
    try:
        return cast(Value, json.loads(bare))
    except ValueError:
        raise EdgeError(f"the model's answer is not JSON: {bare[:80]!r}") from None


def wants_text(call: EdgeCall) -> bool:
    return all(block.type != "structured" for block in call.targets)


def loosely_read(text: str) -> Value:
    """What a structured block gets where no JSON was asked for: JSON if it is some, else the text."""
    try:
        return _json(text)
    except EdgeError:
        return text.strip()
