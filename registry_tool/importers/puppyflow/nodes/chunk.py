"""Operation nodes that cut texts → data of a `chunk` edge."""

from __future__ import annotations

from collections.abc import Callable

from registry_tool.core.values import Object
from registry_tool.importers.foreign_values import text_of
from registry_tool.importers.puppyflow.nodes.base import Operation, number, parsed


def chunk_auto(_node: Operation) -> Object:
    """Chunks of the usual size."""
    return {"chunking_mode": "auto", "extra_configs": {}}


def chunk_by_length(node: Operation) -> Object:
    """Chunks of a length (200, overlapping by 20, unless set)."""
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


def chunk_by_character(node: Operation) -> Object:
    """Chunks between delimiters."""
    found = node.data.get("delimiters") or parsed(node.data.get("content") or "")
    return {
        "chunking_mode": "character",
        "sub_chunking_mode": "character",
        "extra_configs": {"delimiters": found if isinstance(found, list) else [",", ";", "\n"]},
    }


def chunk_as(mode: str, sub_mode: str = "") -> Callable[[Operation], Object]:
    """Chunks by a mode that an older generation of the editor had."""

    def build(node: Operation) -> Object:
        sub: Object = {"sub_chunking_mode": sub_mode} if sub_mode else {}
        return {"chunking_mode": mode, **sub, "extra_configs": node.extra}

    return build
