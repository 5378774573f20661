"""Every output has a block to read, every `block` exists, and every input is used."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem, Severity
from registry_tool.core.suggest import did_you_mean
from registry_tool.manifest.binding import port_schema
from registry_tool.manifest.code_inputs import inputs_of_code
from registry_tool.manifest.json_schema.misfit import misfit
from registry_tool.manifest.model import Port
from registry_tool.manifest.scope import Scopes
from registry_tool.rules.base import Rule, Subject


def _check(subject: Subject) -> Iterator[Problem]:
    for side, ports in (
        ("inputs", subject.workflow.interface.inputs),
        ("outputs", subject.workflow.interface.outputs),
    ):
        yield from _names(subject, side, ports)
    yield from _outputs(subject)
    yield from _inputs(subject)


def _names(subject: Subject, side: str, ports: tuple[Port, ...]) -> Iterator[Problem]:
    seen: set[str] = set()
    for position, port in enumerate(ports):
        route = ("spec", "interface", side, position)
        if port.name in seen:
            yield Problem(
                (*route, "name"),
                f"duplicate name {port.name!r} in {side}",
                "give each its own",
            )
        seen.add(port.name)
        if port.block and port.block not in subject.workflow.block_by_id:
            yield Problem(
                (*route, "block"), f"there is no block {port.block!r}", _blocks(subject, port.block)
            )
        yield from _default(port, (*route, "default"))


def _blocks(subject: Subject, wanted: str) -> str:
    known = subject.workflow.block_by_id
    return did_you_mean(wanted, known, f"blocks: {', '.join(known)}")


def _default(port: Port, route: tuple[str | int, ...]) -> Iterator[Problem]:
    if not port.has_default:
        return
    try:
        wrong = misfit(port.default, port_schema(port))
    except ValueError as error:
        yield Problem(
            (*route[:-1], "schema"),
            f"not a valid JSON Schema: {error}",
            "write JSON Schema 2020-12",
        )
        return
    if wrong:
        yield Problem(route, f"the default does not fit: {wrong}", "change the default or the type")


def _outputs(subject: Subject) -> Iterator[Problem]:
    unread = [b for b in subject.graph.terminals if b not in subject.binding.outputs.values()]
    for position, port in enumerate(subject.workflow.interface.outputs):
        if port.name not in subject.binding.outputs:
            yield Problem(
                ("spec", "interface", "outputs", position, "name"),
                f"no block gives the output {port.name!r}",
                f"add block: one of {', '.join(unread) or ', '.join(subject.graph.terminals)}",
            )


def _inputs(subject: Subject) -> Iterator[Problem]:
    scopes = Scopes(subject.workflow)
    used = {
        use.referent.name
        for edge in subject.workflow.edges
        for use in scopes.uses(edge)
        if use.referent is not None and use.referent.kind == "input"
    }
    ports = {port.name for port in subject.workflow.interface.inputs}
    used |= {name for edge in subject.workflow.edges for name in inputs_of_code(edge, ports)}
    for position, port in enumerate(subject.workflow.interface.inputs):
        if port.name not in subject.binding.inputs and port.name not in used:
            yield Problem(
                ("spec", "interface", "inputs", position, "name"),
                f"the input {port.name!r} fills no block and stands in no template",
                "add block: …, use it in a template, or remove it",
                Severity.WARNING,
            )


RULE = Rule("interface-binds", "Inputs and outputs are bound to blocks.", _check)
