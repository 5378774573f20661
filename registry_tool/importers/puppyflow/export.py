"""Workflows → the engine shape of PuppyFlow, the way back from an import."""

from __future__ import annotations

import re
from collections.abc import Mapping

from registry_tool.core.values import Object, Value
from registry_tool.importers.foreign_values import text_of
from registry_tool.importers.imported import ForeignError
from registry_tool.importers.puppyflow.assembly import ADDED, IMPORTED, RECORDED
from registry_tool.importers.puppyflow.edges import foreign_data, foreign_type
from registry_tool.importers.puppyflow.engine import EXTRAS
from registry_tool.importers.puppyflow.templates import Sources, changed, pieces
from registry_tool.manifest.model import Block, Edge, Workflow
from registry_tool.manifest.scope import Referent, Scopes
from registry_tool.manifest.template import placeholders, split

_IN_DATA = frozenset({"indexingList", "embedding_view", "external_metadata"})
_ESCAPED = re.compile(r"\\\{\{")


def export(workflow: Workflow) -> Value:
    """The engine shape; `ForeignError` names what the editor has no word for."""
    added = {block.id for block in workflow.blocks if _own(workflow, f"blocks.{block.id}", ADDED)}
    scopes = Scopes(workflow)
    labels = {block.id: block.label or block.id for block in workflow.blocks}
    blocks: Object = {
        block.id: _block(block, workflow, labels)
        for block in workflow.blocks
        if block.id not in added
    }
    edges: Object = {
        edge.id: _Edge(edge, scopes.names(edge), labels, added).value() for edge in workflow.edges
    }
    source = _own(workflow, "spec", IMPORTED)
    version = text_of(source, "version") if isinstance(source, dict) else ""
    return {"blocks": blocks, "edges": edges, **({"version": version} if version else {})}


def _own(workflow: Workflow, location: str, key: str) -> Value:
    found = workflow.extensions.get(location)
    return found.get(key) if isinstance(found, dict) else None


def _block(block: Block, workflow: Workflow, labels: Mapping[str, str]) -> Object:
    recorded = _own(workflow, "spec", RECORDED)
    data: Object = {}
    if block.has_value:
        data["content"] = block.value
    elif isinstance(recorded, dict) and block.id in recorded:
        data["content"] = recorded[block.id]
    result: Object = {
        "label": labels[block.id],
        "type": block.type,
        "looped": block.looped,
        "data": data,
    }
    for foreign, ours in EXTRAS.items():
        if ours in block.config:
            (data if foreign in _IN_DATA else result)[foreign] = block.config[ours]
    return result


_RUN_IT = "run it with puppy-cli run, or take it out of the manifest"


class _Edge:
    """One edge on its way out: its templates name labels of its own sources and nothing else."""

    def __init__(
        self,
        edge: Edge,
        names: Mapping[str, Referent],
        labels: Mapping[str, str],
        added: set[str],
    ) -> None:
        self._edge = edge
        self._names = names
        self._labels = labels
        self._sources = tuple(block for block in edge.sources if block not in added)
        self._targets = tuple(block for block in edge.targets if block not in added)
        self._by_label = Sources(self._sources, labels).by_label()

    def _refuse_gates(self) -> None:
        if self._edge.when or self._edge.on_error is not None:
            said = "when" if self._edge.when else "on_error"
            raise self._error(f"the editor has no word for {said}", _RUN_IT)
        if self._edge.type == "llm" and self._edge.config.get("images"):
            reason = "the editor has no word for images, pictures that a model is shown"
            raise self._error(reason, _RUN_IT)

    def value(self) -> Object:
        """The edge in the engine shape."""
        type_ = foreign_type(self._edge.type)
        if type_ is None:
            raise self._error(f"the editor has no edge of type {self._edge.type}")
        self._refuse_gates()
        config = dict(self._edge.config)
        if self._edge.type == "llm":
            config = _with_messages(config)
        config = changed(config, self._edge.type, self._template)
        ends: Mapping[str, Object] = {
            "inputs": {block: self._labels[block] for block in self._sources},
            "outputs": {block: self._labels[block] for block in self._targets},
        }
        return {"type": type_, "data": foreign_data(config, self._edge.type, ends)}

    def _template(self, text: str) -> str:
        """A template of ours in the editor's words."""
        parts: list[tuple[str, bool]] = []
        start = 0
        for placeholder in placeholders(text):
            parts.append((_ESCAPED.sub("{{", text[start : placeholder.start]), False))
            parts.append((self._block(placeholder.text), True))
            start = placeholder.end
        parts.append((_ESCAPED.sub("{{", text[start:]), False))
        wanted = _joined(parts)
        result = "".join(
            f"{{{{{self._labels[part]}}}}}" if is_block else part for part, is_block in wanted
        )
        if _joined(list(pieces(result, self._by_label))) != wanted:
            raise self._error(f"the editor would read the template {text[:60]!r} differently")
        return result

    def _block(self, text: str) -> str:
        found = split(text, self._names)
        if found is None:
            raise self._error(f"the template names {{{{{text[:60]}}}}}, which is nothing")
        name, path = found
        referent = self._names[name]
        if path or referent.kind != "block" or referent.name not in self._sources:
            raise self._error(
                f"the editor can't say {{{{{text[:60]}}}}}: it only knows the edge's own sources"
            )
        return referent.name

    def _error(self, reason: str, hint: str = "") -> ForeignError:
        return ForeignError(reason, location=f"spec.edges.{self._edge.id}", hint=hint)


def _with_messages(config: Object) -> Object:
    """`system` and `prompt` as messages."""
    messages: list[Value] = []
    for key, role in (("system", "system"), ("prompt", "user")):
        if text := config.pop(key, ""):
            messages.append({"role": role, "content": text})
    if not messages:
        return config
    own = config.get("messages")
    between = own if isinstance(own, list) else []
    first = [item for item in messages if _role(item) == "system"]
    last = [item for item in messages if _role(item) == "user"]
    return {**config, "messages": [*first, *between, *last]}


def _role(message: Value) -> str:
    return text_of(message, "role") if isinstance(message, dict) else ""


def _joined(parts: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Neighbouring texts as one, empty ones left out."""
    result: list[tuple[str, bool]] = []
    for part, is_block in parts:
        if is_block:
            result.append((part, True))
        elif part and result and not result[-1][1]:
            result[-1] = (result[-1][0] + part, False)
        elif part:
            result.append((part, False))
    return result
