"""Operation nodes that search → data of a `search` edge."""

from __future__ import annotations

from registry_tool.core.values import Object
from registry_tool.importers.puppyflow.nodes.base import Operation, number, query


def google(node: Operation) -> Object:
    """Search the web."""
    return {
        "search_type": "web",
        "sub_search_type": "google",
        "top_k": number(node.data, "top_k", 5),
        "query_id": query(node),
        "extra_configs": node.extra,
    }


def perplexity(node: Operation) -> Object:
    """Ask a search model."""
    return {
        "search_type": "qa",
        "sub_search_type": "perplexity",
        "query_id": query(node),
        "extra_configs": {"model": node.extra.get("model") or "sonar-pro"},
    }


def retrieve(node: Operation) -> Object:
    """Search the index of a block."""
    sources = node.data.get("dataSource") or node.data.get("data_source") or []
    asked = query(node)
    if not sources:
        sources = [
            {"id": block, "label": label} for block, label in node.inputs if block not in asked
        ]
    return {
        "search_type": "vector",
        "top_k": number(node.data, "top_k", 5),
        "threshold": number(node.extra, "threshold", number(node.data, "threshold", 0.7)),
        "query_id": asked,
        "data_source": sources,
        "extra_configs": {"model": "text-embedding-ada-002"},
    }
