"""All the schemas that one value has to obey can be obeyed together."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem
from registry_tool.core.values import Frozen, Route
from registry_tool.manifest.binding import port_schema
from registry_tool.manifest.json_schema.meet import contradiction, met
from registry_tool.manifest.json_schema.misfit import misfit
from registry_tool.manifest.requested import requested_schema
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.configurations import Configuration, configurations

_ASKING = ("llm", "generate", "deep_research")


def _check(subject: Subject) -> Iterator[Problem]:
    yield from _ports(subject)
    for found in configurations(subject.workflow, *_ASKING):
        requested = requested_schema(found.config)
        if requested is not None and not any(block.looped for block in found.sources):
            yield from _asked(subject, found, requested)


def _ports(subject: Subject) -> Iterator[Problem]:
    interface, binding = subject.workflow.interface, subject.binding
    sides = (
        ("inputs", interface.inputs, binding.inputs),
        ("outputs", interface.outputs, binding.outputs),
    )
    for side, ports, bound in sides:
        for position, port in enumerate(ports):
            block = subject.workflow.block_by_id.get(bound.get(port.name, ""))
            if block is None:
                continue
            clash = _clash(block.schema, port_schema(port))
            if clash:
                route: Route = ("spec", "interface", side, position, "name")
                yield Problem(
                    route,
                    f"no value fits {port.name} and the schema of the block {block.id}: {clash}",
                    "change one of the two",
                )


def _asked(subject: Subject, found: Configuration, requested: Frozen) -> Iterator[Problem]:
    wanted = requested
    if found.config.get("structured_output") is True and found.type == "llm":
        wanted = (
            {"type": ["object", "array"]} if _has_schema(subject, found) else {"type": "object"}
        )
    for block in found.targets:
        schema = _schema(subject, found, block.id)
        if clash := _clash(wanted, schema, whole=True):
            yield Problem(
                (*found.route, "structured_output"),
                f"no answer fits what is asked for and the schema of the block {block.id}: {clash}",
                "change one of the two",
                on_key=True,
            )
            return
        wanted = met(wanted, schema)


def _has_schema(subject: Subject, found: Configuration) -> bool:
    return any(_schema(subject, found, block.id) for block in found.targets)


def _schema(subject: Subject, found: Configuration, block: str) -> Frozen:
    """The target's schema; what an inner edge writes is an item of it."""
    schema = subject.values.schemas.get(block, {})
    if not found.inner:
        return schema
    items = schema.get("items")
    return items if isinstance(items, dict) else {}


def _clash(one: Frozen, other: Frozen, *, whole: bool = False) -> str:
    if not one or not other:
        return ""
    try:
        misfit(None, one), misfit(None, other)
    except ValueError:
        return ""  # the rule `values-fit` says that one of them is invalid
    return contradiction(one, other, whole=whole)


RULE = Rule("schemas-agree", "The schemas of one value can be obeyed together.", _check)
