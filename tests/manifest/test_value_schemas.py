"""What is known of a value before a run, and where a step into it leads."""

from __future__ import annotations

import pytest

from registry_tool.core.values import Object
from registry_tool.manifest.binding import bind
from registry_tool.manifest.graph import Graph
from registry_tool.manifest.model import Block, Edge, Interface, Metadata, Port, Workflow
from registry_tool.manifest.value_schemas import (
    ANYTHING,
    KnownSchema,
    StepResult,
    ValueSchemas,
    item_of,
    properties_of,
    step_into,
)

PERSON: Object = {"type": "object", "properties": {"name": {"type": "string"}, "no": False}}
LIST: Object = {"type": "array", "items": {"type": "number"}, "maxItems": 2}


@pytest.mark.parametrize(
    ("schema", "step", "result"),
    [
        (PERSON, "name", StepResult.FITS),
        (PERSON, "no", StepResult.NOWHERE),
        (PERSON, "age", StepResult.UNNAMED),
        ({**PERSON, "additionalProperties": False}, "age", StepResult.NOWHERE),
        ({**PERSON, "additionalProperties": True}, "age", StepResult.FITS),
        ({**PERSON, "patternProperties": {"^x": {}}}, "age", StepResult.FITS),
        ({"type": "object"}, "age", StepResult.FITS),
        ({"type": "string"}, "age", StepResult.NOWHERE),
        ({"anyOf": [{"type": "string"}]}, "age", StepResult.FITS),
        ({}, "age", StepResult.FITS),
        (LIST, 1, StepResult.FITS),
        (LIST, "1", StepResult.FITS),
        (LIST, 2, StepResult.NOWHERE),
        (LIST, "first", StepResult.NOWHERE),
    ],
)
def test_where_a_step_leads(schema: Object, step: str | int, result: StepResult) -> None:
    assert step_into(KnownSchema(schema), step)[0] is result


def test_below_a_step_stands_the_part_of_the_schema() -> None:
    assert step_into(KnownSchema(PERSON), "name")[1] == KnownSchema({"type": "string"})
    assert step_into(KnownSchema(LIST), 0)[1] == KnownSchema({"type": "number"})
    assert step_into(KnownSchema(PERSON), "age")[1] == ANYTHING


def test_what_a_model_wrote_has_only_what_was_asked_for() -> None:
    written = KnownSchema(PERSON, closed=True)
    assert step_into(written, "age") == (StepResult.NOWHERE, ANYTHING)
    assert step_into(written, "name")[1].closed


def test_items_that_differ_by_position_are_not_guessed() -> None:
    assert item_of(KnownSchema({"type": "array", "prefixItems": [{}], "items": {}})) == ANYTHING
    assert item_of(KnownSchema({"type": "array"})) == ANYTHING


def test_names_that_a_schema_knows() -> None:
    assert properties_of(PERSON) == ["name", "no"]
    assert properties_of({"properties": []}) == []


def known(
    *edges: Edge, blocks: tuple[Block, ...] = (), **interface: tuple[Port, ...]
) -> ValueSchemas:
    workflow = Workflow(Metadata("hello", "1.0.0"), blocks, edges, Interface(**interface))
    graph = Graph(workflow)
    return ValueSchemas(workflow, graph, bind(workflow, graph))


def test_an_answer_is_known_by_what_was_asked_for() -> None:
    edge = Edge("ask", "llm", ("a",), ("b",), {"structured_output": PERSON})
    found = known(edge, blocks=(Block("a", "text"), Block("b", "structured"))).block("b")
    assert found.closed
    assert properties_of(found.schema) == ["name", "no"]


def test_an_input_is_known_by_its_port() -> None:
    values = known(
        Edge("copy", "modify", ("a",), ("b",), {"modify_type": "copy"}),
        blocks=(Block("a", "text"), Block("b", "text")),
        inputs=(Port("a", "string", required=True),),
    )
    assert values.input("a").types == {"string"}
    assert values.input("nothing") == ANYTHING
