"""What a change requires, on the user's own kind of manifest; and the algebra of bumps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.manifest.model import (
    Block,
    Edge,
    Environment,
    ExternalApi,
    Interface,
    Metadata,
    Port,
    Requirement,
    Requirements,
    Security,
    TestCase,
    Workflow,
)
from registry_tool.resolver.bump import at_least
from registry_tool.resolver.differences import differences, required_bump

TEXT = Port("text", "string", required=True)
TONE = Port("tone", "string", default="plain", has_default=True, enum=("plain", "warm"))
LABEL = Port("label", "object", schema={"properties": {"score": {"type": "number"}}})
BASE = Workflow(
    Metadata("a", "1.0.0", license="MIT"),
    (Block("text", "text"), Block("label", "structured")),
    (Edge("ask", "llm", ("text",), ("label",), {"prompt": "Rate {{text}}", "model": "small"}),),
    Interface((TEXT, TONE), (LABEL,)),
    Requirements(memory="1Gi"),
    requires=(Requirement("b", "^1.0.0"),),
    environments=(Environment("production", {"temperature": 0}),),
    tests=(TestCase("one"),),
)


def inputs(*ports: Port) -> Workflow:
    return replace(BASE, interface=Interface(ports, (LABEL,)))


def outputs(*ports: Port) -> Workflow:
    return replace(BASE, interface=Interface((TEXT, TONE), ports))


def edge(**config: Any) -> Workflow:
    return replace(BASE, edges=(replace(BASE.edges[0], config={**BASE.edges[0].config, **config}),))


def label(**score: Any) -> Workflow:
    return outputs(replace(LABEL, schema={"properties": {"score": score}}))


CASES = {
    "a removed input": (inputs(TEXT), "major", "inputs.tone"),
    "a new required input": (
        inputs(TEXT, TONE, Port("language", "string", required=True)),
        "major",
        "inputs.language",
    ),
    "a new input with a default": (
        inputs(TEXT, TONE, Port("n", "integer", required=True, default=1, has_default=True)),
        "minor",
        "inputs.n",
    ),
    "a new optional input": (inputs(TEXT, TONE, Port("language")), "minor", "inputs.language"),
    "an input becomes required": (
        inputs(TEXT, replace(TONE, required=True, has_default=False, default=None)),
        "major",
        "inputs.tone.required",
    ),
    "an input becomes optional": (
        inputs(replace(TEXT, required=False), TONE),
        "minor",
        "inputs.text.required",
    ),
    "an input's type narrows": (
        inputs(replace(TEXT, type="integer"), TONE),
        "major",
        "inputs.text.type",
    ),
    "an input takes anything": (
        inputs(replace(TEXT, type="any"), TONE),
        "minor",
        "inputs.text.type",
    ),
    "an input's enum shrinks": (
        inputs(TEXT, replace(TONE, enum=("plain",))),
        "major",
        "inputs.tone.enum",
    ),
    "an input's enum grows": (
        inputs(TEXT, replace(TONE, enum=("plain", "warm", "cold"))),
        "minor",
        "inputs.tone.enum",
    ),
    "another default": (
        inputs(TEXT, replace(TONE, default="warm")),
        "minor",
        "inputs.tone.default",
    ),
    "an input's words": (
        inputs(replace(TEXT, description="x"), TONE),
        "patch",
        "inputs.text.description",
    ),
    "a removed output": (outputs(), "major", "outputs.label"),
    "a new output": (outputs(LABEL, Port("why")), "minor", "outputs.why"),
    "an output's field widens": (
        label(type=["number", "null"]),
        "major",
        "outputs.label.properties.score.type",
    ),
    "an output's field narrows": (
        label(type="integer"),
        "minor",
        "outputs.label.properties.score.type",
    ),
    "an output's field is gone": (
        outputs(replace(LABEL, schema={"properties": {}})),
        "major",
        "outputs.label.properties",
    ),
    "a prompt": (edge(prompt="Judge {{text}}"), "minor", "edges.ask.config.prompt"),
    "a model": (edge(model="large"), "minor", "edges.ask.config.model"),
    "a block more": (
        replace(BASE, blocks=(*BASE.blocks, Block("note", "text"))),
        "minor",
        "blocks.note",
    ),
    "an edge turned": (
        replace(BASE, edges=(replace(BASE.edges[0], targets=("text",)),)),
        "minor",
        "edges.ask.target",
    ),
    "a wider range": (
        replace(BASE, requires=(Requirement("b", ">=1"),)),
        "minor",
        "runtime.dependencies.workflows.b",
    ),
    "a new service": (
        replace(BASE, external_apis=(ExternalApi("search"),)),
        "minor",
        "runtime.dependencies.external_apis.search",
    ),
    "an environment gone": (
        replace(BASE, environments=()),
        "major",
        "runtime.environments.production",
    ),
    "an environment changed": (
        replace(BASE, environments=(Environment("production", {"temperature": 1}),)),
        "minor",
        "runtime.environments.production",
    ),
    "more memory": (
        replace(BASE, requirements=Requirements(memory="2Gi")),
        "minor",
        "runtime.requirements.memory",
    ),
    "shut out": (
        replace(BASE, security=Security(execute=("owner",))),
        "major",
        "security.access_control.execute",
    ),
    "let in": (
        replace(BASE, security=Security(execute=("public",))),
        "minor",
        "security.access_control.execute",
    ),
    "another licence": (
        replace(BASE, metadata=replace(BASE.metadata, license="0BSD")),
        "minor",
        "metadata.license",
    ),
    "the description": (
        replace(BASE, metadata=replace(BASE.metadata, description="x")),
        "patch",
        "metadata.description",
    ),
    "the tests": (replace(BASE, tests=()), "patch", "tests"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_change_and_its_bump(name: str) -> None:
    new, bump, field = CASES[name]
    found = differences(BASE, new)
    assert (required_bump(found), field) == (bump, found[0].field), found
    assert all(change.words for change in found)


VARIANTS = st.sampled_from([BASE, *(new for new, _, _ in CASES.values())])


@given(VARIANTS)
def test_nothing_differs_from_itself(workflow: Workflow) -> None:
    assert differences(workflow, workflow) == ()


@given(VARIANTS, VARIANTS, VARIANTS)
def test_one_step_never_requires_more_than_two(a: Workflow, b: Workflow, c: Workflow) -> None:
    """Monotone: what goes unnoticed between neighbours goes unnoticed between the ends."""
    steps = max(
        (required_bump(differences(a, b)), required_bump(differences(b, c))),
        key=["none", "patch", "minor", "major"].index,
    )
    assert at_least(steps, required_bump(differences(a, c)))


SCHEMAS = st.recursive(
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["string", "integer", "number", ["string", "null"]]),
            "enum": st.lists(st.sampled_from(["a", "b", 1]), min_size=1, unique=True),
            "minimum": st.integers(0, 2),
            "maxLength": st.integers(0, 2),
            "pattern": st.sampled_from(["a", "b"]),
            "multipleOf": st.integers(1, 6),
        },
    ),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(st.sampled_from("pq"), inner),
            "required": st.lists(st.sampled_from("pq"), unique=True),
            "items": inner,
            "additionalProperties": inner | st.booleans(),
            "anyOf": st.lists(inner, min_size=1, max_size=2),
        },
    ),
    max_leaves=5,
)
SIDES = st.sampled_from(["inputs", "outputs"])


def ported(side: str, schema: dict[str, Any]) -> Workflow:
    port = Port("nested", "object", required=True, schema={"properties": {"below": schema}})
    return inputs(TEXT, port) if side == "inputs" else outputs(LABEL, port)


@given(SIDES, SCHEMAS, SCHEMAS, SCHEMAS)
def test_nested_schemas_are_monotone_too(
    side: str, one: dict[str, Any], two: dict[str, Any], three: dict[str, Any]
) -> None:
    a, b, c = (ported(side, schema) for schema in (one, two, three))
    assert differences(a, a) == ()
    steps = max(
        (required_bump(differences(a, b)), required_bump(differences(b, c))),
        key=["none", "patch", "minor", "major"].index,
    )
    assert at_least(steps, required_bump(differences(a, c)))


@given(SCHEMAS, SCHEMAS)
def test_inputs_and_outputs_mirror_each_other(old: dict[str, Any], new: dict[str, Any]) -> None:
    """What asks much of an input's callers asks as much of an output's readers on the way back."""
    there = differences(ported("inputs", old), ported("inputs", new))
    back = differences(ported("outputs", new), ported("outputs", old))
    named = [change for change in (*there, *back) if "the property" in change.words]
    assert named or required_bump(there) == required_bump(back)


@given(VARIANTS, VARIANTS)
def test_more_changes_never_require_less(a: Workflow, b: Workflow) -> None:
    """Monotone: the union of two changes requires what each of them does."""
    both = replace(
        BASE,
        interface=Interface(a.interface.inputs, b.interface.outputs),
        blocks=a.blocks,
        edges=b.edges,
    )
    alone = required_bump(differences(BASE, replace(BASE, blocks=a.blocks)))
    assert at_least(required_bump(differences(BASE, both)), alone)
