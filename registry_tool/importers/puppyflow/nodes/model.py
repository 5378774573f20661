"""Operation nodes that ask a model → data of `llm`, `generator` and `deep_research` edges."""

from __future__ import annotations

from registry_tool.core.values import Object, Value
from registry_tool.importers.foreign_values import as_list, sub_object, text_of
from registry_tool.importers.puppyflow.nodes.base import (
    Operation,
    base_url,
    ids,
    model,
    number,
    parsed,
    query,
    structured,
)


def llm(node: Operation) -> Object:
    """Ask a model."""
    content = parsed(node.data.get("content") or node.data.get("messages") or [])
    if isinstance(content, str):
        content = [{"role": "user", "content": content}]
    messages: list[Value] = []
    for item in as_list(content, f"blocks.{node.id}.data.content"):
        role = text_of(item, "role", "user") if isinstance(item, dict) else ""
        if role in {"system", "user"}:
            messages.append(item)
        else:
            node.report(
                f"a message of the role {role or 'none'}", "the editor leaves it out as well"
            )
    return {
        "messages": messages,
        "model": model(node.data),
        **base_url(node.data),
        "max_tokens": number(node.data, "max_tokens", 128000) or 128000,
        "temperature": number(node.data, "temperature", 0.7),
        "structured_output": structured(node.data.get("structured_output")),
    }


def generate(node: Operation) -> Object:
    """Answer from documents."""
    template = text_of(node.data, "promptTemplate") or "default"
    return {
        "queries": ids(node.data.get("query_ids")) or [block for block, _ in node.inputs[:1]],
        "docs": ids(node.data.get("document_ids")) or [block for block, _ in node.inputs[1:]],
        "sys_prompt_template": template,
        "user_prompt_template": template,
        "model": model(node.data),
        **base_url(node.data),
        "max_tokens": number(node.data, "max_tokens", 2048),
        "structured_output": structured(node.data.get("structured_output")),
    }


def deep_research(node: Operation) -> Object:
    """Search again and again, then report."""
    extra = dict(node.extra)
    search = sub_object(extra, "vector_search_configs")
    return {
        "query": node.first,
        "query_id": query(node),
        "extra_configs": {
            "temperature": 0.1,
            "max_tokens": 10000,
            "max_iterations": 3,
            **extra,
            "model": extra.get("model") or model(node.data),
            "vector_search_configs": {
                "top_k": number(search, "top_k", 5),
                "threshold": number(search, "threshold", 0.7),
                "data_source": node.data.get("dataSource") or search.get("data_source") or [],
            },
        },
    }
