"""Each kind of edge as a Python expression of its value; `NotExportedError` names what a script can't do."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, cast

from registry_tool.commands.author.python_script.expressions import Names, literal, quoted
from registry_tool.core.clock import seconds
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Frozen, Value
from registry_tool.engine.edges.all_edges import config_of
from registry_tool.engine.edges.asking.answer_form import form, wanted_schema
from registry_tool.engine.edges.asking.settings import model_settings
from registry_tool.engine.edges.base import EdgeCall, Services
from registry_tool.engine.edges.chunk import ChunkConfig
from registry_tool.engine.edges.code import CodeConfig, arguments
from registry_tool.engine.edges.conditions import Condition
from registry_tool.engine.edges.http import HttpConfig
from registry_tool.engine.edges.llm import LlmConfig
from registry_tool.engine.edges.map import MapConfig
from registry_tool.engine.edges.modify import ModifyConfig
from registry_tool.engine.edges.template import TemplateConfig
from registry_tool.engine.plan import PreparedEdge
from registry_tool.manifest.model import Edge, Workflow
from registry_tool.manifest.python_code import called_function, parse_code
from registry_tool.manifest.secret_variables import may_carry_secrets, variable_for

_LITERAL_HOST: Final = re.compile(r"https?://[^/?#{}\\@\s]+(?:[/?#]|$)")


class NotExportedError(RegistryError):
    """A workflow, or an edge of it, that a script can't do."""


@dataclass(slots=True)
class Script:
    """What expressions need beside themselves: the author's functions by their edge, and modules to install."""

    workflow: Workflow
    functions: dict[str, str] = field(default_factory=dict)
    requirements: set[str] = field(default_factory=set)
    splitters: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class EdgeSite:
    """An edge where it stands: its frame, the names that it sees, and the script around."""

    edge: Edge
    frame: PreparedEdge
    names: Names
    script: Script

    def refuse(self, why: str) -> NotExportedError:
        """The refusal of this edge."""
        return NotExportedError(
            f"the {self.edge.type} edge {self.edge.id} can't be in a script: {why}",
            location=f"edges.{self.edge.id}",
            hint="run it with puppy-cli run, or put another edge in its place",
        )

    def call(self, inputs: Mapping[str, Value]) -> EdgeCall:
        """The edge's call with stand-ins for values."""
        frame = self.frame
        given: dict[str, Value] = {
            port.name: f"inputs.get({quoted(port.name)})"
            for port in self.script.workflow.interface.inputs
        }
        return EdgeCall(
            edge=self.edge,
            inputs=inputs,
            scope={},
            sources=frame.sources,
            targets=frame.targets,
            target_schemas=frame.schemas,
            given=given,
        )


def expression_of(site: EdgeSite) -> str:
    """Python of what the edge gives its targets."""
    if site.edge.type not in KINDS:
        raise site.refuse("a script has no like of it")
    if any(block.looped for block in site.frame.sources):
        raise site.refuse("a source is looped")
    return KINDS[site.edge.type](site)


def _llm(site: EdgeSite) -> str:
    config = cast(LlmConfig, config_of(site.edge))
    if config.tools:
        raise site.refuse("it gives the model tools")
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
        raise site.refuse("a message is no object")
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


def _code(site: EdgeSite) -> str:
    config = cast(CodeConfig, config_of(site.edge))
    tree = parse_code(config.code)
    function = called_function(tree)
    if function is None or function.parameters is None or function.is_async:
        raise site.refuse("which function it calls, with what, only a run can tell")
    inputs: dict[str, Value] = {b.id: site.names.block(b.id) for b in site.frame.sources}
    known = arguments(site.call(inputs))
    whole = ", ".join(f"{quoted(name)}: {python}" for name, python in inputs.items())
    known["inputs"] = f"{{{whole}}}"
    given = []
    for parameter in function.parameters:
        if parameter.name not in known and parameter.optional:
            continue
        if parameter.name not in known:
            raise site.refuse(f"nothing fills its parameter {parameter.name}")
        prefix = "" if parameter.positional else f"{parameter.name}="
        given.append(f"{prefix}{known[parameter.name]}")
    name = _function_name(site)
    site.script.functions[name] = _factory(name, config.code, function.name, site.edge.id)
    return f"plain({name}()({', '.join(given)}))"


def _function_name(site: EdgeSite) -> str:
    stem = "".join(char if char.isalnum() and char.isascii() else "_" for char in site.edge.id)
    name = f"code_of_{stem}"
    while name in site.script.functions:
        name += "_"
    return name


def _factory(name: str, code: str, function: str, edge: str) -> str:
    """The author's code in a function of its own, so that no two codes share names."""
    lines = "\n".join(_indented(code.rstrip()))
    said = f'"""The code of the edge {edge}."""'
    return f"def {name}():\n    {said}\n{lines}\n    return {function}\n"


def _indented(code: str) -> list[str]:
    """Lines with four blanks before them, but those inside a text of several lines."""
    inside: set[int] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Constant | ast.JoinedStr) and node.end_lineno is not None:
            value = getattr(node, "value", "")
            if isinstance(node, ast.JoinedStr) or isinstance(value, str | bytes):
                inside.update(range(node.lineno + 1, node.end_lineno + 1))
    numbered = enumerate(code.split("\n"), 1)
    return [line if number in inside or not line else f"    {line}" for number, line in numbered]


def _modify(site: EdgeSite) -> str:
    config = cast(ModifyConfig, config_of(site.edge))
    given = site.edge.config.get("content")
    content = site.names.block(site.edge.sources[0]) if given is None else site.names.value(given)
    if config.modify_type == "copy":
        return content
    if config.modify_type == "convert2text":
        return f"text_of({content})"
    if config.modify_type == "edit_text":
        return _edited(site, config, content)
    if config.modify_type == "edit_structured":
        raise site.refuse("it edits lists and objects by operations; code does the same")
    return _converted(site, config, content)


def _edited(site: EdgeSite, config: ModifyConfig, content: str) -> str:
    template = config.content
    text = site.names.text(template) if isinstance(template, str) else f"text_of({content})"
    start, end = config.slice
    if (start, end) != (0, -1):
        text = f"{text}[{start} : {'' if end == -1 else end}]"
    if config.sort_type in {"ascending", "descending"}:
        return f'"".join(sorted({text}, reverse={config.sort_type == "descending"}))'
    return text


def _converted(site: EdgeSite, config: ModifyConfig, content: str) -> str:
    mode = config.conversion_mode
    if mode == "wrap_into_dict":
        return f"({{{quoted(config.dict_key or 'value')}: {content}}} if {content} else {{}})"
    if mode == "split_by_length":
        size = config.length_separator
        return f"[({content})[at : at + {size}] for at in range(0, len({content} or ''), {size})]"
    separators = [one for one in config.list_separator if one]
    if mode == "split_by_character" and separators:
        site.script.splitters.add("split_at")
        return f"split_at({content} or '', {literal(list[Value](separators))})"
    raise site.refuse(f"{mode} reads JSON and Python out of texts; code does the same")


def _chunk(site: EdgeSite) -> str:
    config = cast(ChunkConfig, config_of(site.edge))
    content = site.names.block(site.edge.sources[0])
    mode, sub = config.chunking_mode, config.sub_chunking_mode
    cut = ""
    if mode == "auto":
        size = config.chunk_size or 1000
        separators = literal(list[Value](config.separators))
        cut = f"automatic(one, {size}, {config.chunk_overlap}, {separators})"
        site.script.splitters |= {"automatic", "_after"}
    elif mode == "length" and sub != "token":
        ends = sorted({*config.split_chars, " "} if config.split_chars else " .,;:?!~")
        words = f", whole_words=True, ends=frozenset({literal(list[Value](ends))})"
        whole = words if config.handle_half_word else ""
        cut = f"by_length(one, {config.chunk_size or 100}, {config.overlap}{whole})"
        site.script.splitters |= {"by_length", "_word_before", "_word_after"}
    elif mode == "character":
        delimiters = [one for one in config.delimiters if one]
        cut = f"split_at(one, {literal(list[Value](delimiters))})"
        site.script.splitters.add("split_at")
    if not cut or (mode == "character" and not any(config.delimiters)):
        raise site.refuse(f"of the ways to cut it has auto, length and character, not {mode}")
    return f"cut_all({content}, lambda one: {cut})"


def _template(site: EdgeSite) -> str:
    config = cast(TemplateConfig, config_of(site.edge))
    site.script.requirements.add("jinja2")
    if config.values is not None:
        values = site.names.value(dict(config.values))
    else:
        pairs = (
            f"{quoted(block.label or block.id)}: {site.names.block(block.id)}"
            for block in site.frame.sources
        )
        values = f"{{{', '.join(pairs)}}}"
    return f"render({quoted(config.template)}, {values})"


def _http(site: EdgeSite) -> str:
    config = cast(HttpConfig, config_of(site.edge))
    names = site.names
    site.script.requirements.add("httpx")
    given = [quoted(config.method), names.text(config.url)]
    for key in ("query", "headers", "body"):
        value = cast(Value, getattr(config, key))
        if value not in (None, {}):
            given.append(
                f"{key}={names.value(dict(value) if isinstance(value, Mapping) else value)}"
            )
    if config.response != "auto":
        given.append(f"response={quoted(config.response)}")
    if config.expect_status:
        given.append(f"expect_status={config.expect_status!r}")
    given.append(f"timeout={seconds(config.timeout):g}")
    if config.auth is not None:
        auth = config.auth
        if not (_LITERAL_HOST.match(config.url) and may_carry_secrets(config.url)):
            raise site.refuse("its secret would go to a host that only a run tells, or in plain")
        parts = (variable_for(auth.secret, config.url), auth.type, auth.name)
        given.append(f"secret=({', '.join(map(quoted, parts))})")
    if config.retries:
        given.append(f"retries={config.retries}")
    return f"fetch({', '.join(given)})"


def _map(site: EdgeSite) -> str:
    config = cast(MapConfig, config_of(site.edge))
    inner = config.edge
    if len(site.edge.targets) > 1 or inner.type not in KINDS or inner.type == "map":
        raise site.refuse(f"a map of {inner.type} for {len(site.edge.targets)} targets is none")
    over = config.over or site.edge.sources[0]
    items = {
        target: cast(Frozen, schema.get("items") or {})
        for target, schema in site.frame.schemas.items()
    }
    edge = replace_edge(site.edge, inner.type, inner.config)
    local = {"item": "item", "index": "index", over: "item"}
    body = expression_of(
        replace(
            site,
            edge=edge,
            frame=_with_schemas(site.frame, edge, items),
            names=replace(site.names, local=local),
        )
    )
    work = f"lambda item, index: {body}"
    return (
        f"mapped({site.names.block(over)}, {work}, parallel={config.parallel}, "
        f"on_error={quoted(config.on_error)})"
    )


def replace_edge(edge: Edge, type_: str, config: Frozen) -> Edge:
    """The edge with another type and configuration."""
    return Edge(edge.id, type_, edge.sources, edge.targets, config)


def _with_schemas(frame: PreparedEdge, edge: Edge, schemas: Mapping[str, Frozen]) -> PreparedEdge:
    return PreparedEdge(
        edge, frame.names, frame.sources, frame.targets, schemas, (), frame.produced
    )


def conditions_of(conditions: Sequence[Condition], site: EdgeSite) -> str:
    """Python of a list of conditions, read from left to right."""
    verdict, join = "", ""
    by_name = {b.label: b.id for b in site.frame.sources if b.label}
    by_name |= {b.id: b.id for b in site.frame.sources}
    for condition in conditions:
        if condition.block not in by_name:
            raise site.refuse(f"a condition looks at {condition.block}, which is no source")
        value = site.names.block(by_name[condition.block])
        if condition.path:
            path = ", ".join(map(quoted, condition.path.split(".")))
            value = f"at({value}, {path})"
        wanted = condition.parameters.value
        more = "" if wanted is None else f", {literal(wanted)}"
        test = f"holds({value}, {quoted(condition.condition)}{more})"
        verdict = f"({verdict} {join} {test})" if verdict else test
        join = "and" if condition.operation == "and" else "or"
    return verdict or "False"


KINDS: Final[Mapping[str, Callable[[EdgeSite], str]]] = {
    "llm": _llm,
    "code": _code,
    "modify": _modify,
    "chunk": _chunk,
    "template": _template,
    "http": _http,
    "map": _map,
}
"""Kinds that give a value; `branch` and `loop` are statements (`statements.py`)."""
