"""Blocks' schemas are JSON Schemas, and constants and defaults obey them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from registry_tool.core.finding import Problem, Severity
from registry_tool.core.values import Object, Route
from registry_tool.manifest.config_errors import shortened
from registry_tool.manifest.json_schema.locations import schemas_in
from registry_tool.manifest.json_schema.misfit import misfit
from registry_tool.manifest.json_schema.words import min_and_max, misspelt, without_keywords
from registry_tool.manifest.requested import requested_schema
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.configurations import configurations


def _check(subject: Subject) -> Iterator[Problem]:
    yield from _blocks(subject)
    yield from _ports(subject)
    yield from _defaults(subject)
    yield from _requested(subject)
    yield from _words(subject)


def _blocks(subject: Subject) -> Iterator[Problem]:
    for position, block in enumerate(subject.workflow.blocks):
        route = ("spec", "blocks", position)
        try:
            wrong = misfit(block.value, block.schema) if block.schema else None
        except ValueError as error:
            yield Problem(
                (*route, "schema"),
                f"the schema of the block {block.id} is not a JSON Schema: {error}",
                "look at https://json-schema.org/understanding-json-schema",
            )
            continue
        if wrong and block.has_value:
            yield Problem(
                (*route, "value"),
                f"the constant of the block {block.id} does not fit its schema: {wrong}",
                "change the constant, or the schema",
            )


def _ports(subject: Subject) -> Iterator[Problem]:
    """Schemas of the interface; those with a default are the rule `interface-binds`' work."""
    interface = subject.workflow.interface
    for side, ports in (("inputs", interface.inputs), ("outputs", interface.outputs)):
        for position, port in enumerate(ports):
            if port.has_default:
                continue
            try:
                misfit(None, port.schema)
            except ValueError as error:
                yield Problem(
                    ("spec", "interface", side, position, "schema"),
                    f"the schema of {port.name} is not a JSON Schema: {error}",
                    "look at https://json-schema.org/understanding-json-schema",
                )


def _defaults(subject: Subject) -> Iterator[Problem]:
    """A default fills its block as a given input does."""
    for position, port in enumerate(subject.workflow.interface.inputs):
        block = subject.workflow.block_by_id.get(subject.binding.inputs.get(port.name, ""))
        if block is None or not port.has_default:
            continue
        try:
            wrong = misfit(port.default, block.schema)
        except ValueError:
            continue  # said above
        if wrong:
            yield Problem(
                ("spec", "interface", "inputs", position, "default"),
                f"the default of {port.name} does not fit the schema of the block {block.id}: {wrong}",
                "change the default, or the schema",
            )


def _requested(subject: Subject) -> Iterator[Problem]:
    for found in configurations(subject.workflow):
        try:
            misfit(None, requested_schema(found.config) or {})
        except ValueError as error:
            yield Problem(
                (*found.route, "structured_output"),
                f"the schema that the edge {found.edge.id} asks for is not a JSON Schema: {error}",
                "look at https://json-schema.org/understanding-json-schema",
            )


def _words(subject: Subject) -> Iterator[Problem]:
    """Unknown keywords, which a validator ignores, and those that are read as others."""
    for route, schema in schemas_in(subject.manifest.document.value):
        if isinstance(schema, dict) and not without_keywords(schema):
            yield from _misspelt(schema, route)
            if subject.is_addition:
                yield from _old(schema, route)
    for found in configurations(subject.workflow):
        if without_keywords(requested_schema(found.config) or {}):
            yield Problem(
                (*found.route, "structured_output"),
                "nothing in this schema is a keyword of JSON Schema, so it asks for nothing",
                "write a JSON Schema, itself or as schema: { type: object, properties: … }; or true",
            )


def _misspelt(schema: Object, route: Route) -> Iterator[Problem]:
    for inside, meant in misspelt(schema):
        yield Problem(
            (*route, *inside),
            f"{shortened(str(inside[-1]))!r} is not a keyword of JSON Schema, so it demands nothing",
            f"did you mean {meant!r}?",
            Severity.WARNING,
            on_key=True,
        )


def _old(schema: Object, route: Route) -> Iterator[Problem]:
    """`min` and `max`, once a schema."""
    for inside in islice(min_and_max(schema), 1):
        yield Problem(
            (*route, *inside),
            "min and max are not keywords of JSON Schema; they are read as minimum and maximum",
            "write minimum and maximum",
            Severity.WARNING,
            on_key=True,
        )


RULE = Rule("values-fit", "Constants and defaults fit the schemas of their blocks.", _check)
