"""`knowledge-retrieval` nodes: a `retrieve` edge over documents that somebody puts where Dify's database was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.references import selector_of, unique
from registry_tool.importers.dify.work import NodeStep, Work
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.generated_code import AT
from registry_tool.importers.imported import NodeStatus, NotRunnableError
from registry_tool.importers.project import EdgeEnds

KNOWLEDGE: Final = "knowledge-retrieval"
_USUAL: Final = 4  # documents that Dify gives where nothing is said
_MOST: Final = 100
_EMPTY: Final = b"[]\n"
_DOCUMENTS: Final[Object] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["content"],
        "properties": {"content": {"type": "string"}, "title": {"type": "string"}},
    },
}
_BARE: Final = "its documents' positions and scores (metadata)"


def knowledge_documents(work: Work) -> None:
    """A block for the documents of each choice of data sets, loaded from a file that waits to be filled."""
    for node in work.app.nodes.values():
        if node.type == KNOWLEDGE and (key := _key(node)) not in work.constants:
            number = sum(name.startswith(KNOWLEDGE) for name in work.constants) + 1
            path = f"resources/knowledge{f'-{number}' if number > 1 else ''}.json"
            block = work.project.new_id("knowledge", "documents")
            label = f"Knowledge: fill {path}"
            work.project.block(block, "structured", label, schema=dict(_DOCUMENTS))
            work.project.edge(f"load-{block}", "load", EdgeEnds([], [block]), {"path": path})
            work.constants[key] = block
            work.files[path] = _EMPTY


def knowledge_retrieval(node: Node, work: Work) -> NodeStep:
    """The documents nearest to the query, best first."""
    selector = selector_of(node.data.get("query_variable_selector"))
    if not selector:
        raise NotRunnableError("it has no query")
    query = work.of(node, selector)
    block = work.constants[_key(node)]
    config: Object = {"query": query.placeholder, "doc_ids": [block], **_settings(node, work)}
    if query.placeholder == f"{{{{{block}}}}}":
        raise NotRunnableError("its query is its own documents")
    for what, why in _left_out(node):
        work.lose(node, what, why)
    why = (
        f"put its documents into {_file_of(block, work)}, a list of {{content, title}}: they are in Dify's "
        "database, not in the export. They are embedded by the model of the environment here"
    )
    reads = unique([query.block, block])
    fields: Mapping[str, tuple[str, ...]] = {"result": ()}
    return NodeStep("retrieve", config, reads, fields, "structured", {}, NodeStatus.NEEDS, why)


def _file_of(block: str, work: Work) -> str:
    """The path that a block is loaded from."""
    load = next(edge for edge in work.project.edges if edge.get("target") == block)
    return text_of(sub_object(load, "config"), "path")


def _key(node: Node) -> str:
    ids = node.data.get("dataset_ids")
    listed = ids if isinstance(ids, list) else []
    return f"{KNOWLEDGE} {' '.join(sorted(map(str, listed)))}"


def _settings(node: Node, work: Work) -> Object:
    """How many, and how near they must be: a threshold counts for the model that it was chosen with alone."""
    several = sub_object(node.data, "multiple_retrieval_config")
    wanted, least = several.get("top_k"), several.get("score_threshold")
    found: Object = {"top_k": _USUAL}
    if isinstance(wanted, int) and not isinstance(wanted, bool) and wanted > 0:
        found["top_k"] = min(wanted, _MOST)
    if not isinstance(least, int | float) or isinstance(least, bool) or not least:
        return found
    model = text_of(_vectors(several), "embedding_model_name")
    if not model or not 0 < least <= 1:
        work.lose(
            node,
            f"the threshold {least} of its scores",
            "the export does not name the embedding model that it belongs to; set `threshold` for yours",
        )
        return found
    return {**found, "threshold": least, "model": model}


def _vectors(several: Frozen) -> Frozen:
    return sub_object(sub_object(several, "weights"), "vector_setting")


def _left_out(node: Node) -> Iterator[tuple[str, str]]:
    """What of its settings a `retrieve` edge does not do, and what would."""
    data, several = node.data, sub_object(node.data, "multiple_retrieval_config")
    ids: Value = data.get("dataset_ids")
    if isinstance(ids, list) and len(ids) > 1:
        yield f"which of its {len(ids)} data sets a document is in", "one file holds those of all"
    if text_of(data, "retrieval_mode") == "single":
        yield "the choice of one data set by a model", "all documents are searched"
    if several.get("reranking_enable") is not False and _ranks(several):
        yield f"ranking again by {_ranks(several)}", "a rerank edge behind it can do that"
    if text_of(data, "metadata_filtering_mode", "disabled") != "disabled":
        yield "the filter on metadata", "a code edge behind it can choose among the documents"
    if selector_of(data.get("query_attachment_selector")):
        yield "pictures as its query", "a retrieve edge compares texts"
    yield _BARE, "a retrieve edge gives the documents themselves, best first"


def _ranks(several: Frozen) -> str:
    """What ranks again, in words; empty for nothing."""
    mode = text_of(several, "reranking_mode")
    model = text_of(sub_object(several, "reranking_model"), "model")
    model = model or text_of(sub_object(several, "reranking_model"), "reranking_model_name")
    if mode == "weighted_score":
        weight = sub_object(sub_object(several, "weights"), "keyword_setting").get("keyword_weight")
        shown = f"{weight:g}" if isinstance(weight, int | float) else "some"
        return f"words with weight {shown} beside meaning"
    return f"the model {model}" if model and several.get("reranking_enable") is True else ""


CONTEXT: Final = """def text_of(one):
    if isinstance(one, dict):
        parts = [one[key] for key in ("summary", "content") if isinstance(one.get(key), str) and one[key]]
        return "".join(f"{part}\\n" for part in parts)
    return f"{one}\\n"


def context_of(value):
    if isinstance(value, list):
        return "".join(map(text_of, value)).strip()
    return value if isinstance(value, str) else ""
"""
"""What Dify makes of a context: the contents of documents, one below the other."""


def context_block(node: Node, work: Work, selector: tuple[str, ...]) -> str:
    """A block with the text of a context that is no text itself."""
    found = work.of(node, selector)
    if found.name:
        raise NotRunnableError("its context is documents of the item")
    code = f"{AT}\n\n{CONTEXT}\n\ndef main(inputs):\n    return context_of({found.python})\n"
    return work.compute(node, code, [found.block], stem=f"{node.title} context", target="text")
