"""Edges of the engine shape ⇄ ours: types, old spellings, templates."""

from __future__ import annotations

from collections.abc import Mapping

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.foreign_values import as_object, text_of
from registry_tool.importers.imported import Loss
from registry_tool.importers.puppyflow.engine import is_empty
from registry_tool.importers.puppyflow.fields import (
    brought_back,
    report_fields,
    set_aside,
    without_keys,
)
from registry_tool.importers.puppyflow.model import ForeignEdge
from registry_tool.importers.puppyflow.templates import (
    Sources,
    changed,
    escaped_by_accident,
    to_ours,
)

# Foreign edge types and ours; a `search` of type vector is our `retrieve`.
TYPES = {
    "load": "load",
    "save": "save",
    "code": "code",
    "llm": "llm",
    "chunk": "chunk",
    "modify": "modify",
    "search": "search",
    "ifelse": "branch",
    "choose": "branch",
    "generator": "generate",
    "generate": "generate",
    "deep_research": "deep_research",
    "query_rewrite": "query_rewrite",
    "rewrite": "query_rewrite",
    "rerank": "rerank",
}
FOREIGN_TYPES = {
    **{ours: foreign for foreign, ours in reversed(TYPES.items())},
    "retrieve": "search",
}


def our_type(edge: ForeignEdge) -> str | None:
    """Our type for a foreign edge, None where there is none."""
    ours = TYPES.get(edge.type.lower())
    if ours == "search" and text_of(edge.data, "search_type") == "vector":
        return "retrieve"
    return ours


def our_config(
    data: Frozen, type_: str, sources: Sources, where: str, losses: list[Loss]
) -> Object:
    """Our configuration: today's spellings, templates that mean the same."""
    config: Object = {key: value for key, value in data.items() if key != "looped"}
    if data.get("looped") is True:
        losses.append(Loss(where, "looped", "blocks are looped, not edges; the editor ignores it"))
    _extra_configs(config, type_, where, losses)
    config = without_keys(config, where, losses)
    report_fields(config, type_, where, losses)
    if "code_string" in config:
        config.setdefault("code", config["code_string"])
        del config["code_string"]
    if "model" in config:
        config["model"] = _model(config["model"], where, losses)
    extra = config.get("extra_configs")
    if isinstance(extra, dict) and "model" in extra:
        config["extra_configs"] = {**extra, "model": _model(extra["model"], where, losses)}
    for key in ("messages", "chat_histories"):
        config.update({key: _with_roles(config[key])} if type_ == "llm" and key in config else {})
    if type_ == "branch" and "cases" in config:
        config["cases"] = _cases(config["cases"], f"{where}.data.cases")
    config = set_aside(config, type_, where, losses)
    return _templates(config, type_, sources, where, losses)


def _extra_configs(config: Object, type_: str, where: str, losses: list[Loss]) -> None:
    """`extra_config` is an old spelling, but the editor's modify edges never read it."""
    if "extra_config" not in config:
        return
    old = config.pop("extra_config")
    if type_ != "modify" and "extra_configs" not in config:
        config["extra_configs"] = old
    elif not is_empty(old):
        losses.append(Loss(where, "extra_config", "the editor ignores it in such an edge"))


def _model(value: Value, where: str, losses: list[Loss]) -> Value:
    """`{"openai/gpt-4o": {}}` as `openai/gpt-4o`."""
    if not isinstance(value, dict) or len(value) != 1:
        return value
    (name, settings), *_ = value.items()
    if not is_empty(settings):
        losses.append(Loss(where, f"settings of the model {name}", "set them in an environment"))
    return name


def _with_roles(messages: Value) -> Value:
    if not isinstance(messages, list):
        return messages
    return [{"role": "user", **item} if isinstance(item, dict) else item for item in messages]


def _cases(cases: Value, location: str) -> Value:
    """Every case with `thens`, which older files call `then`."""
    result: Object = {}
    for name, item in as_object(cases, location).items():
        case = dict(as_object(item, f"{location}.{name}"))
        if "then" in case:
            case.setdefault("thens", case["then"])
            del case["then"]
        result[name] = case
    return result


def _templates(
    config: Object, type_: str, sources: Sources, where: str, losses: list[Loss]
) -> Object:
    def change(text: str) -> str:
        if escaped_by_accident(text, sources):
            why = "a backslash there means literal braces with us; a blank was put between"
            losses.append(Loss(where, "a backslash before a placeholder", why))
        return to_ours(text, sources)

    return changed(config, type_, change)


def foreign_type(type_: str) -> str | None:
    """The engine's type for one of our edges, None where it has none."""
    return FOREIGN_TYPES.get(type_)


def foreign_data(config: Frozen, type_: str, ends: Mapping[str, Object]) -> Object:
    """The engine's `data` for one of our configurations, templates done already."""
    data = brought_back(config, type_)
    if type_ == "code" and "code" in data:
        data["code_string"] = data.pop("code")
    if type_ == "retrieve":
        data.setdefault("search_type", "vector")
    return {**data, **ends}
