"""A parsed workflow of n8n → a manifest, the export itself beside it, and a report of every node."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from registry_tool.core.values import Object, Value
from registry_tool.importers.cleaning import cleaned
from registry_tool.importers.credentials import cut_out, without_credentials, without_named
from registry_tool.importers.foreign_values import refuse_depth
from registry_tool.importers.imported import ForeignError, Imported, Loss, NodeReport, NodeStatus
from registry_tool.importers.metadata import metadata
from registry_tool.importers.n8n.document import NOTE, ForeignFlow, read_flow
from registry_tool.importers.n8n.nodes.all_nodes import build
from registry_tool.importers.n8n.nodes.ends import outputs
from registry_tool.importers.n8n.nodes.triggers import TRIGGERS
from registry_tool.importers.n8n.work import FlowWork
from registry_tool.importers.project import Project
from registry_tool.manifest.compile import API_VERSION, KIND
from registry_tool.manifest.load import workflow_from
from registry_tool.store.paths import PROJECT_MANIFEST

FORMAT: Final = "n8n"
EXPORT: Final = "resources/n8n-export.json"
MOST_OUTPUTS: Final = 3_000
"""Of all nodes together: each becomes a block, and a manifest has 256 KiB."""


def read(value: Value, *, name: str) -> Imported:
    """The import; `ForeignError` names what is broken."""
    losses: list[Loss] = []
    refuse_depth(value, "the document")
    removed: list[str] = []
    clean = without_credentials(cleaned(value, losses, hidden=True), losses, removed)
    clean = without_named(clean, losses, [])
    flow = read_flow(clean)
    project = Project(losses, follows_data=True)
    work = FlowWork(flow, project, _blocks(flow, project))
    reports = [build(node, work) for node in flow.nodes.values()]
    outputs(work)
    _tell(flow, clean, losses)
    manifest: Object = {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": metadata({"name": flow.name}, name),
        "spec": project.spec({"format": FORMAT}),
    }
    workflow = workflow_from(manifest, PROJECT_MANIFEST)
    text = json.dumps(clean, indent=2, ensure_ascii=False) + "\n"
    text = cut_out(text, [*removed, *(json.dumps(secret)[1:-1] for secret in work.removed)])
    return Imported(
        manifest,
        tuple(losses),
        {EXPORT: text.encode()},
        len(workflow.blocks),
        len(workflow.edges),
        tuple(_with_its_users(report, reports, flow) for report in reports),
        FORMAT,
    )


def _with_its_users(report: NodeReport, reports: list[NodeReport], flow: ForeignFlow) -> NodeReport:
    """A node that only serves others runs where one of them does."""
    users = {link.target for link in flow.links if link.source == report.id}
    carried = {other.id for other in reports if other.status is NodeStatus.CARRIED}
    if users and users <= carried:
        return replace(report, status=NodeStatus.CARRIED, why="what it serves does not run here")
    return report


def _blocks(flow: ForeignFlow, project: Project) -> dict[str, list[str]]:
    """A block for each output that a wire leaves by; one at least."""
    found: dict[str, list[str]] = {}
    outputs: Counter[str] = Counter()
    for wire in (*flow.wires, *flow.returns):
        outputs[wire.source] = max(outputs[wire.source], wire.output + 1)
    if outputs.total() > MOST_OUTPUTS:
        raise ForeignError(f"has more than {MOST_OUTPUTS:,} outputs", location="connections")
    for node in flow.nodes.values():
        if node.type == NOTE or flow.serves(node.name):
            continue
        names = [project.new_id(node.name, node.type) for _ in range(outputs[node.name] or 1)]
        for block in names:
            project.block(block, "structured", node.name)
        found[node.name] = names
    return found


def _tell(flow: ForeignFlow, value: Value, losses: list[Loss]) -> None:
    """What a workflow of n8n holds beside its nodes."""
    about = value if isinstance(value, dict) else {}
    for wire in flow.cycles:
        why = "only loops over items lead back; the nodes run once"
        losses.append(Loss(f"connections.{wire.source}", f"the way back to {wire.target}", why))
    for wire in flow.silent:
        why = "a note has no items, nor has a node that serves others"
        losses.append(Loss(f"connections.{wire.source}", f"the way to {wire.target}", why))
    if about.get("pinData"):
        why = "data that its editor keeps for tests; they stand in the carried export"
        losses.append(Loss("pinData", "pinned data", why))
    starts = _names(node.name for node in flow.nodes.values() if node.type in TRIGGERS)
    if starts.count(",") > 0:
        why = "a run starts all of them, each with its own inputs"
        losses.append(Loss("nodes", f"several triggers ({starts})", why))
    settings = about.get("settings")
    if isinstance(settings, dict) and settings.get("errorWorkflow"):
        why = "alerts of the registry tell of runs that fail"
        losses.append(Loss("settings.errorWorkflow", "the workflow for failures", why))


def _names(names: Iterable[str]) -> str:
    return ", ".join(names)
