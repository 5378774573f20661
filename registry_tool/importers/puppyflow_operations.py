"""Operation nodes of the editor shape → type and data of an engine edge.

One function a kind of node, one line in OPERATIONS. The defaults are those that the editor fills in when it
runs a node; where a file comes from an older generation, its fields count.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.puppyflow_model import Loss, as_list, sub_object, text_of

DEFAULT_MODEL = "openai/gpt-5"


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation node and its wires: (id, label) of the blocks it reads and writes, in wire order."""

    id: str
    data: Frozen
    inputs: tuple[tuple[str, str], ...]
    outputs: tuple[tuple[str, str], ...]
    contents: Frozen
    losses: list[Loss]

    @property
    def first(self) -> str:
        """A template that is the first input."""
        return f"{{{{{self.inputs[0][1]}}}}}" if self.inputs else ""

    @property
    def extra(self) -> Object:
        """The node's own `extra_configs`."""
        return sub_object(self.data, "extra_configs")

    def tell(self, what: str, why: str) -> None:
        """Report something that is not carried over."""
        self.losses.append(Loss(f"blocks.{self.id}", what, why))


def number(item: Frozen, key: str, default: int | float) -> int | float:
    """The number below `key`, or the default."""
    found = item.get(key)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else default


def parsed(value: Value) -> Value:
    """A string that is JSON as its value, everything else as it is."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return value


def _model(data: Frozen, default: str = DEFAULT_MODEL) -> Value:
    chosen = text_of(sub_object(data, "modelAndProvider"), "id")
    return chosen or data.get("model") or default


def _base_url(data: Frozen) -> Object:
    url = text_of(data, "base_url").strip()
    return {"base_url": url} if url else {}


def _llm(node: Operation) -> Object:
    content = parsed(node.data.get("content") or node.data.get("messages") or [])
    if isinstance(content, str):
        content = [{"role": "user", "content": content}]
    messages: list[Value] = []
    for item in as_list(content, f"blocks.{node.id}.data.content"):
        role = text_of(item, "role", "user") if isinstance(item, dict) else ""
        if role in {"system", "user"}:
            messages.append(item)
        else:
            node.tell(f"a message of the role {role or 'none'}", "the editor leaves it out as well")
    return {
        "messages": messages,
        "model": _model(node.data),
        **_base_url(node.data),
        "max_tokens": number(node.data, "max_tokens", 128000) or 128000,
        "temperature": number(node.data, "temperature", 0.7),
        "structured_output": _structured(node.data.get("structured_output")),
    }


def _structured(value: Value) -> Value:
    return value if isinstance(value, dict) and value else bool(value)


def _copy(node: Operation) -> Object:
    return {"modify_type": "copy", "content": node.first, "extra_configs": {}}


def _convert2text(node: Operation) -> Object:
    return {"modify_type": "convert2text", "content": node.first}


_CONVERSIONS = {
    "JSON": "parse_as_json",
    "wrap into list": "parse_as_list",
    "wrap into dict": "wrap_into_dict",
    "split by length": "split_by_length",
    "split by character": "split_by_character",
}
_CONVERSION_FIELDS = {
    "wrap_into_dict": "dict_key",
    "split_by_length": "length_separator",
    "split_by_character": "list_separator",
}


def _convert2structured(node: Operation) -> Object:
    wanted = text_of(node.data, "execMode", "JSON")
    mode = _CONVERSIONS.get(wanted, wanted if wanted in _CONVERSIONS.values() else "parse_as_json")
    if wanted not in _CONVERSIONS and wanted != mode:
        node.tell(f"the mode {wanted!r}", "it is unknown; the editor parses as JSON then")
    extra: Object = {
        "conversion_mode": mode,
        "action_type": "json" if wanted == "JSON" else "default",
    }
    field = _CONVERSION_FIELDS.get(mode, "")
    if node.extra.get(field) not in (None, ""):
        value = node.extra[field]
        extra[field] = parsed(value) if field == "list_separator" else value
    return {"modify_type": "convert2structured", "content": node.first, "extra_configs": extra}


def _slice(mode: str, count: int) -> list[Value]:
    """[first, end] of a text; an end of -1 means its end."""
    return {
        "return first n": [0, count],
        "return last n": [-count, -1],
        "exclude first n": [count, -1],
        "exclude last n": [0, -count],
    }.get(mode, [0, -1])  # type: ignore[return-value]


def _edit_text(node: Operation) -> Object:
    content = node.data.get("content")
    mode = text_of(node.extra, "retMode") or text_of(node.data, "retMode", "return all")
    count = number(node.extra, "configNum", number(node.data, "configNum", 100))
    return {
        "modify_type": "edit_text",
        "content": content if isinstance(content, str) else json.dumps(content or ""),
        "extra_configs": {"slice": _slice(mode, int(count)), "sort_type": "/"},
    }


def _edit_structured(node: Operation) -> Object:
    kind = text_of(node.data, "type") or "get"
    params: Object = {"max_depth": 100}
    if kind not in {"get_keys", "get_values"}:
        params = {"path": _path(node)}
        if kind == "get":
            params["default"] = "Get Failed, value not exist"
        elif node.data.get("paramv") is not None and kind != "delete":
            params["value"] = node.data["paramv"]
    operation: Object = {"type": "set_value" if kind == "replace" else kind, "params": params}
    return {
        "modify_type": "edit_structured",
        "content": node.first,
        "extra_configs": {"operations": [operation]},
    }


def _path(node: Operation) -> list[Value]:
    """Keys and positions; a part typed `num` is an integer where it looks like one."""
    path: list[Value] = []
    for item in as_list(node.data.get("getConfigData") or [], f"blocks.{node.id}.getConfigData"):
        part = item if isinstance(item, dict) else {"value": item}
        value = part.get("value", "")
        is_position = part.get("key") == "num" and isinstance(value, str)
        try:
            path.append(int(str(value)) if is_position else value)
        except ValueError:
            path.append(value)
    return path


def _chunk_auto(_node: Operation) -> Object:
    return {"chunking_mode": "auto", "extra_configs": {}}


def _chunk_by_length(node: Operation) -> Object:
    half_word = node.extra.get("handle_half_word")
    return {
        "chunking_mode": "length",
        "sub_chunking_mode": text_of(node.data, "sub_chunking_mode") or "size",
        "extra_configs": {
            "chunk_size": number(node.extra, "chunk_size", 200),
            "overlap": number(node.extra, "overlap", 20),
            "handle_half_word": half_word if isinstance(half_word, bool) else False,
        },
    }


def _chunk_by_character(node: Operation) -> Object:
    found = node.data.get("delimiters") or parsed(node.data.get("content") or "")
    return {
        "chunking_mode": "character",
        "sub_chunking_mode": "character",
        "extra_configs": {"delimiters": found if isinstance(found, list) else [",", ";", "\n"]},
    }


def _chunk_as(mode: str, sub_mode: str = "") -> Callable[[Operation], Object]:
    def build(node: Operation) -> Object:
        sub: Object = {"sub_chunking_mode": sub_mode} if sub_mode else {}
        return {"chunking_mode": mode, **sub, "extra_configs": node.extra}

    return build


def _query(node: Operation) -> Object:
    chosen = sub_object(node.data, "query_id")
    if identity := text_of(chosen, "id"):
        return {identity: text_of(chosen, "label", identity)}
    if chosen and "id" not in chosen:
        return chosen
    return {node.inputs[0][0]: node.inputs[0][1]} if node.inputs else {}


def _google(node: Operation) -> Object:
    return {
        "search_type": "web",
        "sub_search_type": "google",
        "top_k": number(node.data, "top_k", 5),
        "query_id": _query(node),
        "extra_configs": node.extra,
    }


def _perplexity(node: Operation) -> Object:
    return {
        "search_type": "qa",
        "sub_search_type": "perplexity",
        "query_id": _query(node),
        "extra_configs": {"model": node.extra.get("model") or "sonar-pro"},
    }


def _retrieve(node: Operation) -> Object:
    sources = node.data.get("dataSource") or node.data.get("data_source") or []
    query = _query(node)
    if not sources:
        sources = [
            {"id": block, "label": label} for block, label in node.inputs if block not in query
        ]
    return {
        "search_type": "vector",
        "top_k": number(node.data, "top_k", 5),
        "threshold": number(node.extra, "threshold", number(node.data, "threshold", 0.7)),
        "query_id": query,
        "data_source": sources,
        "extra_configs": {"model": "text-embedding-ada-002"},
    }


def _generate(node: Operation) -> Object:
    template = text_of(node.data, "promptTemplate") or "default"
    return {
        "queries": _ids(node.data.get("query_ids")) or [block for block, _ in node.inputs[:1]],
        "docs": _ids(node.data.get("document_ids")) or [block for block, _ in node.inputs[1:]],
        "sys_prompt_template": template,
        "user_prompt_template": template,
        "model": _model(node.data),
        **_base_url(node.data),
        "max_tokens": number(node.data, "max_tokens", 2048),
        "structured_output": _structured(node.data.get("structured_output")),
    }


def _ids(value: Value) -> list[Value]:
    items = value if isinstance(value, list) else [value]
    found = [item.get("id") if isinstance(item, dict) else item for item in items]
    return [name for name in found if isinstance(name, str) and name]


def _load(node: Operation) -> Object:
    source = node.inputs[0][0] if node.inputs else ""
    content = node.contents.get(source)
    files: list[Value] = []
    for item in content if isinstance(content, list) else []:
        file = item if isinstance(item, dict) else {"path": item}
        place = next(
            (file[key] for key in ("path", "task_id", "download_url") if file.get(key)), ""
        )
        files.append({"file_path": place, "file_type": file.get("fileType", "")})
    return {"block_type": "file", "content": source, "extra_configs": {"file_configs": files}}


def _code(node: Operation) -> Object:
    code = node.data.get("code") or node.data.get("code_string") or node.data.get("content") or ""
    return {"code": code}


def _deep_research(node: Operation) -> Object:
    extra = dict(node.extra)
    search = sub_object(extra, "vector_search_configs")
    return {
        "query": node.first,
        "query_id": _query(node),
        "extra_configs": {
            "temperature": 0.1,
            "max_tokens": 10000,
            "max_iterations": 3,
            **extra,
            "model": extra.get("model") or _model(node.data),
            "vector_search_configs": {
                "top_k": number(search, "top_k", 5),
                "threshold": number(search, "threshold", 0.7),
                "data_source": node.data.get("dataSource") or search.get("data_source") or [],
            },
        },
    }


_CONDITIONS = {
    "contains": "contain",
    "doesn't contain": "not_contain",
    "is greater than [N] characters": "greater_than_n_chars",
    "is less than [N] characters": "less_than_n_chars",
    "is empty": "is_empty",
    "is not empty": "is_not_empty",
    "is True": "is",
    "is False": "is_not",
    "is list": "is_list",
    "is dict": "is_dict",
    "is greater than [N]": "greater_than_n",
    "is less than [N]": "less_than_n",
}
_NUMERIC = frozenset({"greater_than_n_chars", "less_than_n_chars", "greater_than_n", "less_than_n"})


def _branch(node: Operation) -> Object:
    cases = node.data.get("cases")
    if isinstance(cases, dict):
        return {"cases": cases}  # already the engine's form
    result: Object = {}
    for position, item in enumerate(cases if isinstance(cases, list) else [], 1):
        case = item if isinstance(item, dict) else {}
        result[f"case{position}"] = {
            "conditions": _conditions(node, case.get("conditions")),
            "thens": _thens(node, case.get("actions")),
        }
    return {"cases": result}


def _conditions(node: Operation, items: Value) -> list[Value]:
    conditions = [
        item for item in (items if isinstance(items, list) else []) if isinstance(item, dict)
    ]
    return [
        {**_condition(node, item), "operation": _joint(item, last=item is conditions[-1])}
        for item in conditions
    ]


def _joint(item: Frozen, *, last: bool) -> str:
    return "/" if last else text_of(item, "operation", "and").lower()


def _condition(node: Operation, item: Frozen) -> Object:
    shown, value = item.get("condition"), item.get("cond_v", "")
    if shown not in _CONDITIONS and value in _CONDITIONS:  # an older generation swaps them
        shown, value = value, item.get("cond_input", "")
    name = _CONDITIONS.get(str(shown), str(shown))
    if name not in _CONDITIONS.values():
        node.tell(f"the condition {name!r}", "it is unknown; the edge will refuse to run with it")
    if name in _NUMERIC:
        value = _whole(value)
    return {"block": item.get("id", ""), "condition": name, "parameters": {"value": value}}


def _whole(value: Value) -> int:
    try:
        return int(str(value).strip() or 0)
    except ValueError:
        return 0


def _thens(node: Operation, actions: Value) -> list[Value]:
    usual_from = node.inputs[0][0] if node.inputs else ""
    usual_to = node.outputs[0][0] if node.outputs else ""
    thens: list[Value] = []
    for item in actions if isinstance(actions, list) else []:
        action = item if isinstance(item, dict) else {}
        start = text_of(action, "from_id") or usual_from
        thens += [{"from": start, "to": to} for to in _ids(action.get("outputs")) or [usual_to]]
    return thens or [{"from": usual_from, "to": usual_to}]


Build = Callable[[Operation], Object]
OPERATIONS: dict[str, tuple[str, Build]] = {
    "llmnew": ("llm", _llm),
    "llm": ("llm", _llm),
    "copy": ("modify", _copy),
    "convert2text": ("modify", _convert2text),
    "convert2structured": ("modify", _convert2structured),
    "edittext": ("modify", _edit_text),
    "editstructured": ("modify", _edit_structured),
    "chunkingauto": ("chunk", _chunk_auto),
    "chunkingbylength": ("chunk", _chunk_by_length),
    "chunkingbycharacter": ("chunk", _chunk_by_character),
    "searchgoogle": ("search", _google),
    "searchperplexity": ("search", _perplexity),
    "retrieving": ("search", _retrieve),
    "ifelse": ("ifelse", _branch),
    "choose": ("ifelse", _branch),
    "generate": ("generator", _generate),
    "load": ("load", _load),
    "code": ("code", _code),
    "deepresearch": ("deep_research", _deep_research),
}
# Nodes of an older generation: (node type, word in its subMenuType) → the operation they are today.
SUB_MENUS: tuple[tuple[str, str, str], ...] = (
    ("modify", "copy", "copy"),
    ("modify", "convert2text", "convert2text"),
    ("modify", "convert2structured", "convert2structured"),
    ("modify", "structured", "editstructured"),
    ("modify", "get", "editstructured"),
    ("modify", "text", "edittext"),
    ("search", "google", "searchgoogle"),
    ("search", "perplexity", "searchperplexity"),
    ("search", "vector", "retrieving"),
    ("search", "retrieve", "retrieving"),
    ("chunk", "length", "chunkingbylength"),
    ("chunk", "character", "chunkingbycharacter"),
    ("chunk", "auto", "chunkingauto"),
)
_CHUNKERS: dict[str, Build] = {
    "html": _chunk_as("advanced", "html"),
    "markdown": _chunk_as("advanced", "markdown"),
    "llm": _chunk_as("llm"),
}


def operation(node_type: str, data: Frozen) -> tuple[str, Build] | None:
    """The engine's edge type and the builder of its data for a node, None for a node that is no operation."""
    name = node_type.lower()
    if name in OPERATIONS:
        return OPERATIONS[name]
    menu = text_of(data, "subMenuType").lower()
    for kind, word, today in SUB_MENUS:
        if kind == name and word in menu:
            return OPERATIONS[today]
    if name == "chunk":
        return next((("chunk", build) for word, build in _CHUNKERS.items() if word in menu), None)
    return None
