"""Build a workflow in code: the same manifest that an author would write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
"""A JSON object; its values are whatever the manifest's schema allows there."""


@dataclass(frozen=True, slots=True)
class BuiltWorkflow:
    """A workflow made by a builder. `manifest` is a complete manifest as a JSON object."""

    manifest: Json

    @property
    def name(self) -> str:
        """The workflow's name."""
        return str(self.manifest["metadata"]["name"])

    @property
    def version(self) -> str:
        """The version, SemVer."""
        return str(self.manifest["metadata"]["version"])


@dataclass
class WorkflowBuilder:
    """Collects blocks and edges; `build()` gives the workflow."""

    name: str = "my-workflow"
    version: str = "0.1.0"
    metadata: Json = field(default_factory=dict)
    _blocks: list[Json] = field(default_factory=list)
    _edges: list[Json] = field(default_factory=list)
    _interface: dict[str, list[Json]] = field(default_factory=dict)

    def add_block(
        self,
        id: str,
        type: str = "text",
        *,
        label: str = "",
        config: Mapping[str, Any] | None = None,
        **more: Any,  # further keys of a block: value, schema, looped, metadata
    ) -> WorkflowBuilder:
        """Add a block; `ValueError` for an id that is taken."""
        if any(block["id"] == id for block in self._blocks):
            raise ValueError(f"the block id {id!r} is taken")
        block: Json = {"id": id, "type": type, **more}
        if label:
            block["metadata"] = {"label": label, **block.get("metadata", {})}
        if config:
            block["config"] = dict(config)
        self._blocks.append(block)
        return self

    def add_edge(
        self,
        source: str | Sequence[str],
        target: str | Sequence[str],
        type: str = "",
        *,
        id: str = "",
        config: Mapping[str, Any] | None = None,
    ) -> WorkflowBuilder:
        """Add an edge; `ValueError` where an end is no block.

        Without a type, an edge into an `llm` block asks the model with the source as its prompt, and any other
        copies its source.
        """
        sources = [source] if isinstance(source, str) else list(source)
        targets = [target] if isinstance(target, str) else list(target)
        blocks = {block["id"]: block for block in self._blocks}
        for end in (*sources, *targets):
            if end not in blocks:
                raise ValueError(f"there is no block {end!r}; add it first")
        to_model = any(blocks[end]["type"] == "llm" for end in targets)
        prompt = "\n".join(f"{{{{{end}}}}}" for end in sources)
        usual: Json = {"prompt": prompt} if to_model else {"modify_type": "copy", "content": prompt}
        self._edges.append(
            {
                "id": id or f"edge-{len(self._edges) + 1}",
                "source": sources[0] if len(sources) == 1 else sources,
                "target": targets[0] if len(targets) == 1 else targets,
                "type": type or ("llm" if to_model else "modify"),
                "config": dict(config) if config is not None else ({} if type else usual),
            }
        )
        return self

    def add_input(self, name: str, type: str = "string", **more: Any) -> WorkflowBuilder:
        """Add an interface input; `more` are further keys of a port (required, default, block …)."""
        self._interface.setdefault("inputs", []).append({"name": name, "type": type, **more})
        return self

    def add_output(self, name: str, type: str = "string", **more: Any) -> WorkflowBuilder:
        """Add an interface output; `more` are further keys of a port."""
        self._interface.setdefault("outputs", []).append({"name": name, "type": type, **more})
        return self

    def build(self) -> BuiltWorkflow:
        """The workflow; `ValueError` where nothing was added."""
        if not self._blocks:
            raise ValueError("a workflow needs at least one block")
        spec: Json = {"blocks": list(self._blocks), "edges": list(self._edges)}
        if self._interface:
            spec["interface"] = dict(self._interface)
        about = {"name": self.name, "version": self.version, **self.metadata}
        return BuiltWorkflow(
            {"apiVersion": "puppyai.com/v1", "kind": "Workflow", "metadata": about, "spec": spec}
        )
