"""What of its blocks and inputs an edge takes in: the whole of a source, or only what a template names in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from registry_tool.core.records import Record
from registry_tool.core.values import Frozen, Route
from registry_tool.manifest.code_inputs import inputs_of_code
from registry_tool.manifest.config_errors import EXTRA
from registry_tool.manifest.destinations import parts
from registry_tool.manifest.model import Edge, Workflow
from registry_tool.manifest.scope import PlaceholderUse, Scopes
from registry_tool.manifest.template import split

BLOCK, INPUT = "block", "input"
ALL: Final = "*"
"""In what a call passes: any input of the called workflow."""
_ONLY_TEMPLATES: Final = {
    "http": (),
    "external": ("inputs",),
    "llm": ("prompt", "messages"),
    "generate": ("prompt",),
    "workflow": ("inputs",),
    "template": ("values",),
    "save": ("content",),
    "modify": ("content",),
}
"""Edges that take in just what their templates name, once one of these keys is written (none named: always)."""


class Read(Record, frozen=True):
    """A block's or an input's value, or the part of it at a path, with `each` of one of its items."""

    kind: str
    name: str
    path: tuple[str, ...] = ()
    each: bool = False


def reads_of(workflow: Workflow, edge: Edge, scopes: Scopes) -> tuple[Read, ...]:
    """Everything whose text an edge takes in; decisions (`when`, conditions) are no text."""
    found = dict.fromkeys(_named(edge, scopes))
    if not all(_only_templates(kind, config) for kind, config in parts(edge)):
        found |= dict.fromkeys(Read(BLOCK, name) for name in edge.sources)
    found |= dict.fromkeys(Read(INPUT, name) for name in _parameters(workflow, edge))
    return tuple(found)


def moves_of(workflow: Workflow, edge: Edge) -> list[tuple[str, str]]:
    """From which block to which a `branch` or a `loop` moves values, each pair once."""
    if edge.type == "loop":
        return [(name, target) for name in edge.sources[:1] for target in edge.targets]
    sources, targets = (_by_name(workflow, names) for names in (edge.sources, edge.targets))
    named = ((move.get("from"), move.get("to")) for move in _moves(edge.config))
    found = ((sources.get(str(from_)), targets.get(str(to))) for from_, to in named)
    return list(dict.fromkeys((one, other) for one, other in found if one and other))


def _by_name(workflow: Workflow, names: Iterable[str]) -> dict[str, str]:
    """Block ids by id, else by label."""
    known = workflow.block_by_id
    blocks = [known[name] for name in names if name in known]
    labels = {block.label: block.id for block in reversed(blocks) if block.label}
    return {**labels, **{block.id: block.id for block in blocks}}


def passed_to(workflow: Workflow, edge: Edge, scopes: Scopes) -> Mapping[str, list[Read]]:
    """What a `workflow` edge, or a `map` over one, gives to each input of the workflow that it calls."""
    found: dict[str, list[Read]] = {}
    config = _calling(edge)
    if "inputs" not in config:
        known = workflow.block_by_id
        for block in (known[name] for name in edge.sources if name in known):
            found.setdefault(block.label or block.id, []).append(Read(BLOCK, block.id))
        return found
    for use, read in _uses(edge, scopes):
        found.setdefault(_input_at(use.route), []).append(read)
    return found


def _parameters(workflow: Workflow, edge: Edge) -> list[str]:
    """Inputs that a `code` edge's function takes by name: those that no source of this name hides."""
    known = workflow.block_by_id
    sources = [known[name] for name in edge.sources if name in known]
    hidden = {name for block in sources for name in (block.id, block.label)}
    ports = {port.name for port in workflow.interface.inputs}
    return sorted(inputs_of_code(edge, ports) - hidden)


def _calling(edge: Edge) -> Frozen:
    return dict([*parts(edge)][-1][1])


def _input_at(route: Route) -> str:
    """The input below which a template stands, by its route from the edge's `config`."""
    at = route.index("inputs") + 1 if "inputs" in route else len(route)
    return str(route[at]) if at < len(route) else ALL


def _only_templates(kind: str, config: Frozen) -> bool:
    if kind == "map":
        return True
    keys = _ONLY_TEMPLATES.get(kind)
    if keys is None or (kind == "modify" and config.get("modify_type") != "edit_text"):
        return False
    return not keys or any(config.get(key) for key in keys)


def _named(edge: Edge, scopes: Scopes) -> Iterator[Read]:
    """What templates name."""
    yield from (read for _, read in _uses(edge, scopes))


def _uses(edge: Edge, scopes: Scopes) -> Iterator[tuple[PlaceholderUse, Read]]:
    names = scopes.names(edge)
    for use in scopes.uses(edge):
        found = split(use.placeholder.text, names)
        if use.referent is None or found is None:
            continue
        over = _over(edge)
        if use.referent.kind in {BLOCK, INPUT}:
            each = use.referent.kind == BLOCK and use.referent.name == over
            yield use, Read(use.referent.kind, use.referent.name, found[1], each)
        elif use.referent.kind == "item" and use.referent.name == "item":
            yield use, Read(BLOCK, over, found[1], each=True)


def _over(edge: Edge) -> str:
    """The block whose items a `map` takes one by one; empty for every other edge."""
    if edge.type != "map":
        return ""
    return str(edge.config.get("over") or "") or next(iter(edge.sources), "")


def _moves(config: Frozen) -> Iterator[Frozen]:
    """Every `{from, to}` of a branch."""
    merged = {**config, **_object(config.get(EXTRA))}
    cases = _object(merged.get("cases"))
    lists = [_object(case).get(key) for case in cases.values() for key in ("thens", "then")]
    for moves in (*lists, merged.get("else")):
        yield from map(_object, moves if isinstance(moves, list) else [moves])


def _object(value: object) -> Frozen:
    return value if isinstance(value, dict) else {}
