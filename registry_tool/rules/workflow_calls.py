"""A `workflow` edge calls a declared dependency with inputs that it has, for outputs that it gives."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem
from registry_tool.core.suggest import nearest
from registry_tool.core.values import Value
from registry_tool.manifest.binding import port_schema
from registry_tool.manifest.json_schema.misfit import misfit
from registry_tool.manifest.model import Port, Workflow
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.callees import callee_of
from registry_tool.rules.configurations import Configuration, configurations, near


def _check(subject: Subject) -> Iterator[Problem]:
    needs = {need.name: need for need in subject.workflow.requires}
    for found in configurations(subject.workflow, "workflow"):
        name = found.config.get("name")
        if not isinstance(name, str) or not name:
            continue  # the schema says so
        if name not in needs:
            yield Problem(
                (*found.route, "name"),
                f"the edge {found.edge.id} calls {name!r}, which is not declared",
                near(name, list(needs), "declared")
                if needs
                else "declare it: runtime.dependencies.workflows: [{ name: …, version: ^1.0.0 }]",
            )
        elif (callee := callee_of(subject, needs[name])) is not None:
            yield from _inputs(found, callee)
            yield from _outputs(found, callee)


def _inputs(found: Configuration, callee: Workflow) -> Iterator[Problem]:
    ports = {port.name: port for port in callee.interface.inputs}
    written = "inputs" in found.config
    given = found.config.get("inputs")
    if written and not isinstance(given, dict):
        return  # the schema says so
    passed = given if isinstance(given, dict) else {(b.label or b.id): None for b in found.sources}
    meant = {nearest(name, list(ports)) for name in passed if written and name not in ports}
    for name, value in passed.items():
        if name not in ports:
            yield Problem(
                (*found.route, "inputs", name) if written else found.route,
                f"{callee.reference} has no input {name!r}",
                near(name, list(ports), "it has")
                if written
                else f'write inputs: {{ NAME: "{{{{{found.sources[0].id}}}}}" }}; it has {", ".join(ports)}',
                on_key=written,
            )
        elif written and (wrong := _misfit(value, ports[name])):
            yield Problem(
                (*found.route, "inputs", name),
                f"the input {name!r} of {callee.reference} does not take this: {wrong}",
                "change the value",
            )
    for port in ports.values():
        if port.required and not port.has_default and port.name not in {*passed, *meant}:
            yield Problem(
                (*found.route, "inputs") if written else found.route,
                f"{callee.reference} needs the input {port.name!r}",
                "add it to inputs",
                on_key=written,
            )


def _misfit(value: Value, port: Port) -> str | None:
    """Why a constant can't be the input; a template's value is only known in a run."""
    if "{{" in str(value):
        return None
    try:
        return misfit(value, port_schema(port))
    except ValueError:
        return None


def _outputs(found: Configuration, callee: Workflow) -> Iterator[Problem]:
    names = [port.name for port in callee.interface.outputs]
    wanted = found.config.get("output")
    if len(found.targets) == 1:
        if isinstance(wanted, str) and wanted not in names:
            yield Problem(
                (*found.route, "output"),
                f"{callee.reference} has no output {wanted!r}",
                near(wanted, names, "it has"),
            )
        return
    if wanted is not None:
        yield Problem(
            (*found.route, "output"),
            f"the edge {found.edge.id} has several targets, and then output is not read",
            "remove it: each target takes the output of its own id or label",
            on_key=True,
        )
    for position, block in enumerate(found.targets):
        if block.id not in names and block.label not in names:
            yield Problem(
                ("spec", "edges", found.route[2], "target", position),
                f"{callee.reference} has no output {block.id!r} for the target of this name",
                near(block.id, names, "it has"),
            )


RULE = Rule("workflow-calls", "Workflow edges fit the workflow that they call.", _check)
