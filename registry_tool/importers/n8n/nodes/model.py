"""Nodes that ask a model: chains, agents without tools, OpenAI's node, extractors, classifiers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.imported import NodeReport, NodeStatus, NotRunnableError
from registry_tool.importers.model_parameters import parameter_of
from registry_tool.importers.n8n.document import FlowNode
from registry_tool.importers.n8n.work import FlowWork, Prepared, mapped, retries
from registry_tool.importers.project import EdgeEnds
from registry_tool.importers.usable_schema import schema_fault

_PARAMETERS: Final = {
    "temperature": "temperature",
    "maxTokens": "max_tokens",
    "maxTokensToSample": "max_tokens",
    "maxOutputTokens": "max_tokens",
    "topP": "top_p",
    "frequencyPenalty": "frequency_penalty",
    "presencePenalty": "presence_penalty",
}
_USUAL: Final = "gpt-4o-mini"
_MODEL: Final = "ai_languageModel"
_ROLES: Final = {
    "SystemMessagePromptTemplate": "system",
    "HumanMessagePromptTemplate": "user",
    "AIMessagePromptTemplate": "assistant",
}


def _model(node: FlowNode, work: FlowWork) -> Object:
    """The model and its parameters: those of the node that serves as model, else its own."""
    serving = work.flow.serving(node.name, _MODEL)
    holder = serving[0] if serving else node
    if len(serving) > 1:
        work.lose(node, "its second model", "an llm edge asks one")
    given = holder.parameters
    name = ""
    for key in ("model", "modelName", "modelId"):
        value = given.get(key)
        name = name or (text_of(value, "value") if isinstance(value, dict) else text_of(given, key))
    if name.startswith("="):
        raise NotRunnableError("which model it asks is an expression")
    config: Object = {"model": name.removeprefix("models/") or _USUAL}
    for key, value in sub_object(given, "options").items():
        known = _PARAMETERS.get(key)
        if known and isinstance(value, int | float) and not isinstance(value, bool) and value != -1:
            number, fault = parameter_of(known, value)
            if fault:
                work.lose(holder, f"the option {key} of the model", fault)
            else:
                config[known] = number
        elif key not in {"systemMessage", "responseFormat"}:
            work.lose(holder, f"the option {key} of the model", "an llm edge has no such field")
    return config


def _schema(node: FlowNode, work: FlowWork) -> Frozen:
    """What the node's output parser asks for; empty without one."""
    for parser in work.flow.serving(node.name, "ai_outputParser"):
        given = parser.parameters
        written = text_of(given, "inputSchema") or text_of(given, "jsonSchema")
        example = text_of(given, "jsonSchemaExample")
        if text_of(given, "schemaType") == "fromJson" or (example and not written):
            return _schema_of(_parsed(example, parser))
        found = _parsed(written, parser)
        return found if isinstance(found, dict) else {}
    return {}


def _parsed(text: str, node: FlowNode) -> Value:
    try:
        parsed: Value = json.loads(text)
    except (ValueError, RecursionError):
        raise NotRunnableError(f"the schema of {node.name} is not JSON") from None
    return parsed


def _schema_of(example: Value) -> Object:
    """A schema of what is like an example."""
    if isinstance(example, dict):
        return {
            "type": "object",
            "properties": {key: _schema_of(item) for key, item in example.items()},
            "required": list[Value](example),
        }
    if isinstance(example, list):
        return {"type": "array", **({"items": _schema_of(example[0])} if example else {})}
    names = ((bool, "boolean"), (int | float, "number"), (str, "string"))
    return next(({"type": name} for kind, name in names if isinstance(example, kind)), {})


def _prompt(node: FlowNode) -> Value:
    """The text of a chain or an agent: its own, or what the chat said."""
    given = node.parameters
    automatic = text_of(given, "promptType", "define" if given.get("text") else "auto") == "auto"
    return "={{ $json.chatInput }}" if automatic else given.get("text", given.get("prompt", ""))


def chain(node: FlowNode, work: FlowWork) -> NodeReport:
    """`chainLlm`: messages, and the answer as `text` (an object where a parser asks for one)."""
    items = sub_object(node.parameters, "messages").get("messageValues")
    messages = [
        (
            _ROLES.get(text_of(item, "type", "SystemMessagePromptTemplate"), "user"),
            item.get("message"),
        )
        for item in (items if isinstance(items, list) else [])
        if isinstance(item, dict)
    ]
    schema = _schema(node, work)
    answer = '{"output": one}' if schema else '{"text": one}'
    return _asked(node, work, [*messages, ("user", _prompt(node))], answer, schema)


def agent(node: FlowNode, work: FlowWork) -> NodeReport:
    """`agent`: one question to the model where it has no tools."""
    if tools := work.flow.serving(node.name, "ai_tool"):
        names = ", ".join(tool.name for tool in tools)
        raise NotRunnableError(
            f"an agent of n8n with tools ({names}); an llm edge asks a model once"
        )
    system = sub_object(node.parameters, "options").get("systemMessage")
    messages = [("system", system)] if system else []
    if work.flow.serving(node.name, "ai_memory"):
        work.lose(
            node, "its memory", "give earlier messages as an input, and name it in chat_histories"
        )
    return _asked(
        node, work, [*messages, ("user", _prompt(node))], '{"output": one}', _schema(node, work)
    )


def openai(node: FlowNode, work: FlowWork) -> NodeReport:
    """OpenAI's own node, as far as it asks for a text."""
    given = node.parameters
    if text_of(given, "resource", "text") not in {"text", "chat"}:
        raise NotRunnableError(f"it asks OpenAI for {text_of(given, 'resource')}, not for a text")
    items = sub_object(given, "messages").get("values") or sub_object(given, "prompt").get(
        "messages"
    )
    messages = [
        (text_of(item, "role", "user"), item.get("content"))
        for item in (items if isinstance(items, list) else [])
        if isinstance(item, dict)
    ]
    if not messages:
        raise NotRunnableError("it has no message")
    answer = '{"message": {"role": "assistant", "content": one}}'
    form: Frozen | bool = given.get("jsonOutput") is True
    return _asked(node, work, messages, answer, form)


def extractor(node: FlowNode, work: FlowWork) -> NodeReport:
    """`informationExtractor`: attributes of a text, below `output`."""
    given = node.parameters
    properties: Object = {}
    items = sub_object(given, "attributes").get("attributes")
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict) and (name := text_of(item, "name")):
            kind = text_of(item, "type", "string")
            known = kind if kind in {"string", "number", "boolean"} else "string"
            properties[name] = {"type": known, "description": text_of(item, "description")}
    schema: Frozen = {
        "type": "object",
        "properties": properties,
        "required": list[Value](properties),
    }
    if not properties:
        written = text_of(given, "inputSchema") or text_of(given, "jsonSchemaExample")
        parsed = _parsed(written, node)
        of_example = text_of(given, "schemaType") == "fromJson"
        schema = _schema_of(parsed) if of_example else parsed if isinstance(parsed, dict) else {}
    said = "Take what the schema asks for out of the text; leave nothing out that is there."
    messages: list[tuple[str, Value]] = [("system", said), ("user", given.get("text"))]
    return _asked(node, work, messages, '{"output": one}', schema)


def classifier(node: FlowNode, work: FlowWork) -> NodeReport:
    """`textClassifier`: each item leaves by the output of its category."""
    given = node.parameters
    listed = list(_categories(given))
    if not listed:
        raise NotRunnableError("it has no category")
    names = [name for name, _ in listed]
    schema: Object = {
        "type": "object",
        "properties": {"category": {"enum": list[Value](names)}},
        "required": ["category"],
    }
    told = "\n".join(f"{name}: {about}" for name, about in listed)
    system = f"Say which category the text belongs to.\n\n{told}"
    messages: list[tuple[str, Value]] = [("system", system), ("user", given.get("inputText"))]
    results, over = _answers(node, work, messages, schema)
    targets = work.outputs[node.name]
    own = 'item["json"]' if over != work.given(node) else "item"
    code = (
        f"NAMES, TARGETS = {names!r}, {targets!r}\n\n\ndef main(inputs):\n    found = {{}}\n"
        f"    for item, answer in zip(inputs[{over!r}] or [], inputs[{results!r}] or []):\n"
        '        number = NAMES.index(answer["category"])\n'
        "        if number < len(TARGETS):\n"
        f"            found.setdefault(TARGETS[number], []).append({own})\n"
    )
    code += "    return found\n" if len(targets) > 1 else "    return found.get(TARGETS[0], [])\n"
    edge = work.project.new_id(f"{targets[0]} ways")
    work.project.edge(edge, "code", EdgeEnds([over, results], targets), {"code": code})
    return NodeReport(node.name, node.type, NodeStatus.RUNS)


def _categories(given: Frozen) -> Iterator[tuple[str, str]]:
    items = sub_object(given, "categories").get("categories")
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict) and (name := text_of(item, "category")):
            yield name, text_of(item, "description")


def _asked(
    node: FlowNode,
    work: FlowWork,
    messages: list[tuple[str, Value]],
    answer: str,
    form: Frozen | bool,
) -> NodeReport:
    """A `map` of `llm`, and items of the answers: `answer` is Python of an item over `one`."""
    results, _ = _answers(node, work, messages, form)
    targets = work.outputs[node.name]
    kept = f"one if isinstance(one, dict) and set(one) == {{'error'}} else {answer}"
    code = f"def main(inputs):\n    return [{kept} for one in inputs[{results!r}] or []]\n"
    edge = work.project.new_id(f"{targets[0]} items")
    work.project.edge(edge, "code", EdgeEnds([results], targets[:1]), {"code": code})
    if len(targets) > 1:
        work.lose(
            node, "its output for failures", "items that fail stay among the others, with error"
        )
    return NodeReport(node.name, node.type, NodeStatus.RUNS)


def _answers(
    node: FlowNode, work: FlowWork, messages: list[tuple[str, Value]], form: Frozen | bool
) -> tuple[str, str]:
    """The block of the answers, and that of the items that were asked about."""
    prepared = Prepared(work, node)
    numbers = [(role, prepared.text(text)) for role, text in messages]
    over, templates = prepared.over()
    config: Object = {
        **_model(node, work),
        "messages": [{"role": role, "content": templates[number]} for role, number in numbers],
        **retries(node),
    }
    if isinstance(form, Mapping) and (fault := schema_fault(form)):
        raise NotRunnableError(f"the schema of its answer can't be used: {fault}")
    if form:
        config["structured_output"] = True if form is True else {"schema": dict(form)}
    return mapped(node, work, over, {"type": "llm", "config": config}, []), over


MODELS: Final[Mapping[str, Callable[[FlowNode, FlowWork], NodeReport]]] = {
    "chainLlm": chain,
    "agent": agent,
    "openAi": openai,
    "openAiChat": openai,
    "informationExtractor": extractor,
    "textClassifier": classifier,
}
"""By type."""
