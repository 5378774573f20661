"""A project's first test, from what the export recorded of the editor's last run."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, cast

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.puppyflow.assembly import RECORDED

NAME: Final = "as-recorded"
_COMPUTES: Final = frozenset({"code", "modify", "branch", "chunk"})
_LONGEST: Final = 8192  # bytes of JSON; a longer value stands in `x-recorded` alone


@dataclass(frozen=True, slots=True)
class FirstTest:
    """The case for `spec.tests`, None where nothing could be asserted; and whether the workflow asks anybody."""

    case: Object | None
    asks: bool
    needs: tuple[str, ...] = ()


def first_test(spec: Frozen) -> FirstTest:
    """Outputs that are only computed must be what was recorded; what models or services give must be some text.

    Inputs keep their defaults, with which the values were recorded. Where an input has none, there is no test:
    `needs` names those inputs.
    """
    ports = sub_object(spec, "interface")
    edges = _objects(spec.get("edges"))
    asks = not all(_only_computes(edge) for edge in edges)
    needs = tuple(
        text_of(port, "name") for port in _objects(ports.get("inputs")) if port.get("required")
    )
    if needs:
        return FirstTest(None, asks, needs)
    unsure, recorded = _unsure(edges), sub_object(spec, RECORDED)
    case: Object = {"name": NAME}
    expected: Object = {}
    asserted: list[Value] = []
    for port in _objects(ports.get("outputs")):
        name, block = text_of(port, "name"), text_of(port, "block")
        value = recorded.get(block)
        if block not in recorded or len(json.dumps(value)) > _LONGEST:
            continue
        if block not in unsure:
            expected[name] = value
        elif isinstance(value, str):
            asserted.append({"type": "regex", "output": name, "value": "\\S"})
    case.update({"expected": expected} if expected else {})
    case.update({"assert": asserted} if asserted else {})
    return FirstTest(case if expected or asserted else None, asks)


def _objects(value: Value) -> list[Object]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _only_computes(edge: Frozen) -> bool:
    config = sub_object(edge, "config")
    type_ = text_of(edge, "type")
    if type_ in {"map", "loop"}:
        return _only_computes(sub_object(config, "edge"))
    return type_ in _COMPUTES and text_of(config, "chunking_mode") != "llm"


def _unsure(edges: Iterable[Object]) -> set[str]:
    """Blocks whose value depends on an answer of a model or service."""
    left = list(edges)
    unsure: set[str] = set()
    while True:
        more = {
            block
            for edge in left
            if not _only_computes(edge) or unsure & _ids(edge["source"])
            for block in _ids(edge["target"])
        }
        if more <= unsure:
            return unsure
        unsure |= more


def _ids(ends: Value) -> set[str]:
    return {ends} if isinstance(ends, str) else set(cast(list[str], ends))
