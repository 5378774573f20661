"""`llm` nodes, and what every node that asks a model says of it."""

from __future__ import annotations

from typing import Final

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.nodes.jinja import jinja_block
from registry_tool.importers.dify.nodes.knowledge import context_block
from registry_tool.importers.dify.nodes.memory import PromptMessage, has_memory, with_memory
from registry_tool.importers.dify.nodes.shown import is_text
from registry_tool.importers.dify.nodes.vision import WHY_VISION, shown_files, without_files
from registry_tool.importers.dify.references import Text, selector_of, unique
from registry_tool.importers.dify.work import NodeStep, Work
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.imported import NodeStatus, NotRunnableError
from registry_tool.importers.model_parameters import parameter_of
from registry_tool.importers.usable_schema import schema_fault

_PARAMETERS: Final = {"temperature", "top_p", "max_tokens", "presence_penalty", "frequency_penalty"}
_SPELLINGS: Final = {"max_tokens_to_sample": "max_tokens", "num_predict": "max_tokens"}
_SILENT: Final = {"response_format", "stop"}
_LONGEST_NAME: Final = 256
_CONTEXT: Final = "{{#context#}}"


def model_settings(node: Node, work: Work) -> Object:
    """The model's name and parameters as an `llm` edge has them; others are reported."""
    model = sub_object(node.data, "model")
    name = text_of(model, "name") or "gpt-4o-mini"
    if "{{" in name or len(name) > _LONGEST_NAME:
        raise NotRunnableError("which model it asks is a template, or no name")
    found: Object = {"model": name}
    for key, value in sub_object(model, "completion_params").items():
        name = _SPELLINGS.get(key, key)
        if name in _PARAMETERS and isinstance(value, int | float) and not isinstance(value, bool):
            number, fault = parameter_of(name, value)
            if fault:
                work.lose(node, f"the parameter {key} of the model", fault)
            else:
                found[name] = number
        elif key == "stop" and isinstance(value, list) and value:
            found["stop"] = [str(item) for item in value]
        elif key not in _SILENT:
            work.lose(node, f"the parameter {key} of the model", "an llm edge has no such field")
    return found


def llm(node: Node, work: Work) -> NodeStep:
    """`llm`: messages, memory, context, structured output."""
    config = model_settings(node, work)
    messages = _messages(node, work)
    if has_memory(node, work):
        asked, reads = with_memory(node, messages, work)
        config.update(asked)
    else:
        listed: list[Value] = [{"role": role, "content": text.template} for role, text in messages]
        config["messages"] = listed or [{"role": "user", "content": ""}]
        reads = [block for _, text in messages for block in text.reads]
    schema = _wanted(node)
    if schema:
        config["structured_output"] = {"schema": dict(schema)}
    response = sub_object(sub_object(node.data, "model"), "completion_params").get(
        "response_format"
    )
    if not schema and str(response).casefold() in {"json", "json_object"}:
        config["structured_output"] = True
    shown = shown_files(node, work, _texts(node))
    config.update(shown.config())
    fields: dict[str, tuple[str, ...]] = {"text": (), "structured_output": (), "usage": ("usage",)}
    status, why = (NodeStatus.NEEDS, WHY_VISION) if shown.templates else (NodeStatus.RUNS, "")
    target = "structured" if schema else "text"
    reads = [*reads, *shown.reads]
    return NodeStep("llm", config, unique(reads), fields, target, status=status, why=why)


def _texts(node: Node) -> list[str]:
    """The texts of a prompt that are filled in with values."""
    template = node.data.get("prompt_template")
    items = template if isinstance(template, list) else [template]
    return [text_of(item, "text") for item in items if isinstance(item, dict)]


def _wanted(node: Node) -> Frozen:
    if node.data.get("structured_output_enabled") is not True:
        return {}
    schema = sub_object(sub_object(node.data, "structured_output"), "schema")
    if fault := schema_fault(schema):
        raise NotRunnableError(f"the schema of its answer can't be used: {fault}")
    return schema


def _messages(node: Node, work: Work) -> list[PromptMessage]:
    template = node.data.get("prompt_template")
    items = template if isinstance(template, list) else [template]
    messages: list[PromptMessage] = []
    for item in items:
        if isinstance(item, dict) and (text := _prompt(node, item, work)).template:
            role = text_of(item, "role", "user")
            messages.append((role if role in {"system", "user", "assistant"} else "user", text))
    return messages


def _prompt(node: Node, item: Frozen, work: Work) -> Text:
    if text_of(item, "edition_type") == "jinja2" and text_of(item, "jinja2_text"):
        variables = sub_object(node.data, "prompt_config").get("jinja2_variables")
        block = jinja_block(node, work, text_of(item, "jinja2_text"), variables)
        return Text(f"{{{{{block}}}}}", (block,))
    text, context = text_of(item, "text"), sub_object(node.data, "context")
    if _CONTEXT in text:
        selector = context.get("variable_selector")
        steps = selector_of(selector) if context.get("enabled") is True else ()
        if steps and not is_text(steps, work):
            return _with_documents(node, work, text, steps)
        text = text.replace(_CONTEXT, "{{#" + ".".join(steps) + "#}}" if steps else "")
    return without_files(node, work, text)


def _with_documents(node: Node, work: Work, text: str, selector: tuple[str, ...]) -> Text:
    """A prompt with the contents of documents in the place of its context."""
    block = context_block(node, work, selector)
    parts = [without_files(node, work, part) for part in text.split(_CONTEXT)]
    template = f"{{{{{block}}}}}".join(part.template for part in parts)
    return Text(template, unique([block, *(read for part in parts for read in part.reads)]))
