"""Which operation nodes there are, and what edge of the engine each becomes.

One builder a kind of node, one line in OPERATIONS. Defaults are those that the editor fills in when it runs a
node; where a file comes from an older generation, its fields count.
"""

from __future__ import annotations

from collections.abc import Callable

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.foreign_values import text_of
from registry_tool.importers.puppyflow.nodes.base import Operation
from registry_tool.importers.puppyflow.nodes.branch import branch
from registry_tool.importers.puppyflow.nodes.chunk import (
    chunk_as,
    chunk_auto,
    chunk_by_character,
    chunk_by_length,
)
from registry_tool.importers.puppyflow.nodes.model import deep_research, generate, llm
from registry_tool.importers.puppyflow.nodes.modify import (
    convert2structured,
    convert2text,
    copy,
    edit_structured,
    edit_text,
)
from registry_tool.importers.puppyflow.nodes.search import google, perplexity, retrieve


def load(node: Operation) -> Object:
    """Read the files of a file block."""
    source = node.inputs[0][0] if node.inputs else ""
    content = node.contents.get(source)
    files: list[Value] = []
    for item in content if isinstance(content, list) else []:
        file = item if isinstance(item, dict) else {"path": item}
        location = next(
            (file[key] for key in ("path", "task_id", "download_url") if file.get(key)), ""
        )
        files.append({"file_path": location, "file_type": file.get("fileType", "")})
    return {"block_type": "file", "content": source, "extra_configs": {"file_configs": files}}


def code(node: Operation) -> Object:
    """Run the author's function."""
    keys = ("code", "code_string", "content")
    return {"code": next((node.data[key] for key in keys if node.data.get(key)), "")}


Build = Callable[[Operation], Object]
OPERATIONS: dict[str, tuple[str, Build]] = {
    "llmnew": ("llm", llm),
    "llm": ("llm", llm),
    "copy": ("modify", copy),
    "convert2text": ("modify", convert2text),
    "convert2structured": ("modify", convert2structured),
    "edittext": ("modify", edit_text),
    "editstructured": ("modify", edit_structured),
    "chunkingauto": ("chunk", chunk_auto),
    "chunkingbylength": ("chunk", chunk_by_length),
    "chunkingbycharacter": ("chunk", chunk_by_character),
    "searchgoogle": ("search", google),
    "searchperplexity": ("search", perplexity),
    "retrieving": ("search", retrieve),
    "ifelse": ("ifelse", branch),
    "choose": ("ifelse", branch),
    "generate": ("generator", generate),
    "load": ("load", load),
    "code": ("code", code),
    "deepresearch": ("deep_research", deep_research),
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
    "html": chunk_as("advanced", "html"),
    "markdown": chunk_as("advanced", "markdown"),
    "llm": chunk_as("llm"),
}


def operation(node_type: str, data: Frozen) -> tuple[str, Build] | None:
    """The engine's edge type and the builder of its data for a node, None for a node that is not an operation."""
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
