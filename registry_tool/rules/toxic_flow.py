"""Untrusted text and private data don't reach somebody together whom the manifest doesn't name as a recipient."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from registry_tool.core.finding import Problem, Severity
from registry_tool.manifest.destinations import MODEL, USUAL_MODEL
from registry_tool.manifest.flow.toxic import ToxicFlow, toxic_flows, unsettled
from registry_tool.manifest.flow.ways_out import SAVED_FILES
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.callees import MOST, callees_of

_HELP = (
    "name {names} in security.data_privacy.recipients if it may have this, or keep the text out: let a closed "
    "schema (an enum, a number) hold what is made of it"
)


def _check(subject: Subject) -> Iterator[Problem]:
    positions = {edge.id: number for number, edge in enumerate(subject.workflow.edges)}
    callees = callees_of(subject)
    if len(callees) == MOST:
        message = f"of what it calls, the first {MOST} workflows alone were followed"
        yield Problem(
            ("spec", "runtime", "dependencies", "workflows"),
            message,
            "call fewer, or look at what the others send",
            severity=subject.severity_of_policy,
        )
    for severity, flows in _alike(subject, unsettled(toxic_flows(subject.workflow, callees))):
        together = ", ".join(flow.destination for flow in flows)
        yield Problem(
            ("spec", "edges", positions[flows[0].edge]),
            replace(flows[0], destination=together).words,
            _HELP.format(names=", ".join(repr(flow.recipient) for flow in flows)),
            severity=severity,
        )


def _alike(
    subject: Subject, flows: Iterable[ToxicFlow]
) -> Iterator[tuple[Severity, list[ToxicFlow]]]:
    """Flows that differ in their destinations alone: an edge may ask another model in each environment."""
    found: dict[tuple[Severity, ToxicFlow], list[ToxicFlow]] = {}
    for flow in flows:
        key = (_severity(subject, flow), replace(flow, destination=""))
        found.setdefault(key, []).append(flow)
    yield from ((severity, alike) for (severity, _), alike in found.items())


def _severity(subject: Subject, flow: ToxicFlow) -> Severity:
    """A host, a service or a tool that nobody named waits for a human; a model or a file is reported."""
    usual = flow.destination in {SAVED_FILES, USUAL_MODEL} or flow.destination.startswith(MODEL)
    return Severity.WARNING if usual or flow.acting else subject.severity_of_policy


RULE = Rule(
    "toxic-flow", "Untrusted text and private data reach only named recipients together.", _check
)
