"""`llm` edges: a question with its messages, its parameters and the form of its answer."""

from __future__ import annotations

from typing import cast

from registry_tool.commands.author.python_script.expressions import literal, quoted
from registry_tool.commands.author.python_script.site import EdgeSite
from registry_tool.core.values import Value
from registry_tool.engine.edges.all_edges import config_of
from registry_tool.engine.edges.asking.answer_form import form, wanted_schema
from registry_tool.engine.edges.asking.settings import model_settings
from registry_tool.engine.edges.base import Services
from registry_tool.engine.edges.llm import LlmConfig
from registry_tool.manifest.secret_variables import may_carry_secrets, variable_for


def llm(site: EdgeSite) -> str:
    """A question to a model."""
    config = cast(LlmConfig, config_of(site.edge))
    if config.tools:
        raise site.refuse("it gives the model tools")
    if config.images:
        raise site.refuse("it shows the model pictures")
    names = site.names
    messages = [_message("system", names.text(config.system))] if config.system else []
    for written in (config.chat_histories, config.messages):
        if isinstance(written, list):
            messages += [_written(site, item) for item in written]
        elif written:
            messages.append(f"*as_messages({names.value(written)})")
    if config.prompt:
        messages.append(_message("user", names.text(config.prompt)))
    elif not config.messages:
        texts = [names.block(b.id) for b in site.frame.sources if b.type != "llm"]
        between = ', "\\n\\n", '.join(texts)
        messages.append(_message("user", f"joined({between})"))
    site.script.requirements.add("httpx")
    given = "".join(f"        {name}={value},\n" for name, value in _answer(site, config))
    indented = [message.replace("\n", "\n            ") for message in messages]
    listed = "".join(f"            {message},\n" for message in indented)
    return f"ask(\n        [\n{listed}        ],\n{given}    )"


def _message(role: str, content: str) -> str:
    if "\n" not in content:
        return f'{{"role": {quoted(role)}, "content": {content}}}'
    inner = content.replace("\n", "\n    ")
    return f'{{\n    "role": {quoted(role)},\n    "content": {inner},\n}}'


def _written(site: EdgeSite, item: Value) -> str:
    if not isinstance(item, dict):
        raise site.refuse("a message is not an object")
    content = item.get("content")
    python = site.names.text(content) if isinstance(content, str) else ""
    return _message(
        str(item.get("role", "user")), python or f"text_of({site.names.value(content)})"
    )


def _answer(site: EdgeSite, config: LlmConfig) -> list[tuple[str, str]]:
    """The keywords of a question: model, parameters, and the form of the answer."""
    call = site.call({})
    settings = model_settings(call, Services(), config)
    found = [("model", quoted(settings.model))]
    if settings.temperature is not None:
        found.append(("temperature", repr(float(settings.temperature))))
    if settings.max_tokens is not None:
        found.append(("max_tokens", repr(settings.max_tokens)))
    found += [(name, literal(value)) for name, value in config.parameters().items()]
    if settings.base_url:
        found.append(("base_url", quoted(settings.base_url)))
        found.append(("key", quoted(_key_for(site, settings.base_url))))
    if config.retries:
        found.append(("retries", repr(config.retries)))
    schema = wanted_schema(call, config.structured_output)
    if schema is not None:
        words = f"Answer with JSON only: {form(schema)}" if schema else "Answer with JSON only."
        found += [("schema", literal(dict(schema))), ("form", quoted(words))]
    elif any(block.type == "structured" for block in site.frame.targets):
        found.append(("text", "False"))
    return found


def _key_for(site: EdgeSite, address: str) -> str:
    """The variable of the key for an author's server: the user's own key is for nobody else."""
    try:
        variable = variable_for("OPENAI_API_KEY", address)
    except ValueError:
        raise site.refuse("its base_url is not an address") from None
    if not may_carry_secrets(address):
        raise site.refuse("its key would go over http without encryption")
    return variable
