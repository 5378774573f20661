"""The engine shape of PuppyFlow: `{blocks: {id: …}, edges: {id: …}}` → blocks and edges.

What only tells how things look in the editor (VIEW_KEYS) is left out without a word; every other key that has
no place with us is reported.
"""

from __future__ import annotations

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.foreign_values import as_object, kind, sub_object, text_of
from registry_tool.importers.imported import ForeignError, Loss
from registry_tool.importers.puppyflow.ids import checked_id
from registry_tool.importers.puppyflow.model import Foreign, ForeignBlock, ForeignEdge

BLOCK_TYPES = frozenset({"text", "structured", "file", "weblink", "database", "switch"})
_SAME_TYPE = {"vector_database": "database", "json": "structured", "none": "text"}

# fmt: off
VIEW_KEYS = frozenset({
    "backgroundColor", "className", "content_type", "deletable", "dirty", "draggable", "dragging",
    "editable", "extent", "groupIds", "height", "id", "inputEdgeNodeID", "isExternalStorage", "isInput",
    "isLoading", "isOutput", "isWaitingForFlow", "label", "locked", "looped", "measured", "parentId",
    "position", "positionAbsolute", "resizing", "saveError", "savingStatus", "selectable", "selected",
    "semantic_type", "sourcePosition", "style", "targetPosition", "type", "width", "zIndex",
})
# fmt: on
_ABOUT = frozenset({"version", "viewport", "task_id", "blocks", "edges"})
# Foreign names of what a block's `config` carries, and ours.
EXTRAS = {
    "indexingList": "indexing_list",
    "embedding_view": "embedding_view",
    "collection_configs": "collection_configs",
    "storage_class": "storage_class",
    "external_metadata": "external_metadata",
}
_POINTERS = ("storage_class", "external_metadata")


def is_empty(value: Value) -> bool:
    """True for what the editor writes where there is nothing."""
    return value is None or value in ("", [], {})


def read_engine(value: Value, losses: list[Loss]) -> Foreign:
    """The document; `ForeignError` names what is broken."""
    root = as_object(value, "the document")
    blocks = tuple(
        _block(checked_id(name, "blocks"), as_object(item, f"blocks.{name}"), losses)
        for name, item in as_object(root.get("blocks"), "blocks").items()
    )
    known = {block.id for block in blocks}
    edges = tuple(
        _edge(checked_id(name, "edges"), as_object(item, f"edges.{name}"), known)
        for name, item in as_object(root.get("edges") or {}, "edges").items()
    )
    _report_keys(root, _ABOUT, "the document", losses)
    return Foreign(blocks, edges, text_of(root, "version"))


def _report_keys(item: Frozen, known: frozenset[str], where: str, losses: list[Loss]) -> None:
    for key, value in item.items():
        if key not in known and value is not False and not is_empty(value):
            losses.append(Loss(where, key, "there is no place for it in a manifest"))


def _block(name: str, item: Object, losses: list[Loss]) -> ForeignBlock:
    where = f"blocks.{name}"
    data = sub_object(item, "data")
    content = data.get("content", item.get("content"))
    type_ = _type(text_of(item, "type", "text"), where, losses)
    extras: Object = {
        ours: value
        for key, ours in EXTRAS.items()
        if not is_empty(value := data.get(key, item.get(key)))
    }
    _pointers(extras, type_, content, where, losses)
    usual = frozenset({"data", "content", "type", *EXTRAS})
    _report_keys(item, VIEW_KEYS | usual, where, losses)
    _report_keys(data, VIEW_KEYS | usual, where, losses)
    return ForeignBlock(
        id=name,
        type=type_,
        label=text_of(item, "label") or text_of(data, "label") or name,
        content=content,
        has_content=content is not None,
        looped=item.get("looped") is True or data.get("looped") is True,
        extras=extras,
    )


def _type(name: str, where: str, losses: list[Loss]) -> str:
    if name in BLOCK_TYPES:
        return name
    ours = _SAME_TYPE.get(name, "structured")
    losses.append(Loss(where, f"the type {name}", f"there is no such block; it became {ours}"))
    return ours


def _pointers(extras: Object, type_: str, content: Value, where: str, losses: list[Loss]) -> None:
    """A pointer into the editor's storage is kept only where the content itself is not in the file."""
    metadata = extras.get("external_metadata")
    if type_ == "file" or is_empty(content):
        if metadata is not None:
            why = "it lies in the editor's storage and is not in the file; give it as an input"
            losses.append(Loss(where, "the content", why))
        return
    for key in _POINTERS:
        extras.pop(key, None)
    if metadata is not None:
        why = "it points into the editor's storage; the content itself is carried over"
        losses.append(Loss(where, "external_metadata", why))


def _edge(name: str, item: Object, known: set[str]) -> ForeignEdge:
    where = f"edges.{name}"
    data = as_object(item.get("data") or {}, f"{where}.data")
    type_ = text_of(item, "type")
    if not type_:
        raise ForeignError("an edge needs a type", location=where)
    return ForeignEdge(
        id=name,
        type=type_,
        inputs=_ends(data.get("inputs"), f"{where}.data.inputs", known),
        outputs=_ends(data.get("outputs"), f"{where}.data.outputs", known),
        data={key: value for key, value in data.items() if key not in {"inputs", "outputs"}},
    )


def _ends(value: Value, location: str, known: set[str]) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, dict | list):
        raise ForeignError(f"must be an object by block id, not {kind(value)}", location=location)
    ids = tuple(dict.fromkeys(checked_id(item, location) for item in value))
    for block in ids:
        if block not in known:
            raise ForeignError(
                f"names the block {block!r}, which does not exist",
                location=location,
                hint="export the workflow again, or fix the edge",
            )
    return ids
