"""Where data goes: every destination outside, with the inputs that reach it. Pure."""

from __future__ import annotations

from registry_tool.manifest.destinations import called
from registry_tool.manifest.egress import Flow, egress
from registry_tool.manifest.flow.origins import DataOrigin
from registry_tool.manifest.flow.toxic import toxic_flows
from registry_tool.manifest.flow.ways_out import SAVED_FILES
from registry_tool.manifest.model import Workflow
from registry_tool.site.contexts import Context


def destinations(workflow: Workflow) -> list[Context]:
    """By destination: its kind (`model`, `host`, `service`, `chosen` by the environment), name and inputs.

    What a called workflow sends on stands on that one's page: a published page never changes with another's.
    """
    by_destination: dict[str, list[Flow]] = {}
    for flow in sorted(egress(workflow)):
        by_destination.setdefault(flow.destination, []).append(flow)
    return [_destination(name, flows, workflow) for name, flows in by_destination.items()]


def _destination(destination: str, flows: list[Flow], workflow: Workflow) -> Context:
    kind, name = split(destination)
    return {
        "kind": kind,
        "name": name,
        "declared": flows[0].recipient in workflow.security.recipients,
        "inputs": [{"name": flow.input, "personal": flow.personal} for flow in flows],
    }


def toxic(workflow: Workflow) -> list[Context]:
    """Where untrusted text and private data go together: who gets them, whether that is declared, and the ways."""
    found = []
    for flow in toxic_flows(workflow):
        kind, name = split(flow.destination)
        found.append(
            {
                "kind": "files" if flow.destination == SAVED_FILES else kind,
                "name": name,
                "declared": flow.settled,
                "acting": flow.acting,
                "untrusted": _source(flow.untrusted.origin),
                "private": _source(flow.private.origin),
                "ways": list(dict.fromkeys((flow.untrusted.way, flow.private.way))),
            }
        )
    return found


def _source(origin: DataOrigin) -> Context:
    return {"kind": origin.kind, "name": origin.name, "at": origin.at}


def split(destination: str) -> tuple[str, str]:
    """(kind, name) of a destination in words: `the model gpt-4o` → (`model`, `gpt-4o`)."""
    kind, _, name = destination.removeprefix("the ").partition(" ")
    return (kind, name) if kind in {"model", "host", "service"} else ("chosen", "")


def callees(workflow: Workflow) -> list[str]:
    """The workflows that edges call."""
    return sorted({name for edge in workflow.edges if (name := called(edge))})
