"""How many spaces stand between two pieces of a line."""

from __future__ import annotations

from typing import Final

import yaml

from registry_tool.manifest.layout.pieces import VisibleToken

_TIGHT_BEFORE: Final = (yaml.FlowEntryToken, yaml.FlowSequenceEndToken)
_PAIRS: Final = {
    yaml.FlowMappingStartToken: yaml.FlowMappingEndToken,
    yaml.FlowSequenceStartToken: yaml.FlowSequenceEndToken,
}


def gap(before: VisibleToken, after: VisibleToken) -> str:
    """`{ a: 1, b: [x, y] }`: what stands between two pieces that follow each other on a line."""
    if after.kind in _TIGHT_BEFORE or _PAIRS.get(before.kind) is after.kind:
        return ""
    if after.kind is yaml.ValueToken:
        return "" if before.kind is yaml.ScalarToken else " "
    if before.kind is yaml.FlowSequenceStartToken:
        return ""
    return " "
