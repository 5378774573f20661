"""What the PuppyFlow importer reads into; nothing in here knows our manifest."""

from __future__ import annotations

from dataclasses import dataclass, field

from registry_tool.core.values import Frozen, Value

ENGINE = "engine"
EDITOR = "editor"
PACKAGE = "package"


@dataclass(frozen=True, slots=True)
class ForeignBlock:
    """A block of the engine shape. `extras` are what else its data holds, by our names."""

    id: str
    type: str
    label: str
    content: Value = None
    has_content: bool = False
    looped: bool = False
    extras: Frozen = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ForeignEdge:
    """An edge of the engine shape; `data` is without inputs and outputs."""

    id: str
    type: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    data: Frozen = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Foreign:
    """A whole document; ids are as they stand in the file."""

    blocks: tuple[ForeignBlock, ...]
    edges: tuple[ForeignEdge, ...]
    version: str = ""
