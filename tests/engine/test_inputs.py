"""The door of a run: personal data is handled first, and no refusal repeats what was given."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.values import Value
from registry_tool.engine.inputs import (
    check_value,
    checked_inputs,
    handled_inputs,
    input_from_text,
)
from registry_tool.manifest.load import load
from registry_tool.manifest.model import Port, Workflow

MAIL = "ada.lovelace@corp.dev"


def workflow(ports: str, mode: str) -> Workflow:
    text = f"""\
apiVersion: puppyai.com/v1
kind: Workflow
metadata: {{ name: door, version: "1.0.0", license: MIT }}
spec:
  blocks: [{{ id: text, type: text }}, {{ id: out, type: text }}]
  edges: [{{ id: e, source: text, target: out, type: modify, config: {{ modify_type: copy }} }}]
  interface:
    inputs: [{ports}]
    outputs: [{{ name: out, type: string }}]
security: {{ data_privacy: {{ pii_handling: {mode} }} }}
"""
    return load(text.encode(), "manifest.yaml").workflow


TEXT = "{ name: text, type: string, required: true }"
MARKED = "{ name: text, type: string, pii: true }"


@pytest.mark.parametrize(
    ("mode", "ports", "given", "seen"),
    [
        ("keep", TEXT, MAIL, MAIL),
        ("mask", TEXT, MAIL, "[EMAIL]"),
        ("strip", TEXT, f"to {MAIL}", "to "),
        ("mask", MARKED, "Ada", "[PERSONAL]"),
        ("keep", MARKED, "Ada", "Ada"),
    ],
)
def test_what_the_run_sees(mode: str, ports: str, given: str, seen: str) -> None:
    found = workflow(ports, mode)
    assert checked_inputs(found, {"text": given}) == {"text": seen}
    assert handled_inputs(found, {"text": given}) == {"text": seen}


@pytest.mark.parametrize("mode", ["keep", "mask", "strip", "reject"])
def test_no_refusal_repeats_what_was_given(mode: str) -> None:
    typed = "{ name: text, type: string, enum: [a, b] }, { name: number, type: integer }"
    for given in (
        {"text": MAIL},
        {"number": MAIL},
        {"text": {"deep": [MAIL]}},
        {MAIL: 1},
    ):
        with pytest.raises(RegistryError) as caught:
            checked_inputs(workflow(typed, mode), given)  # type: ignore[arg-type]
        assert isinstance(caught.value, UsageError), caught.value
        assert MAIL not in f"{caught.value!r} {caught.value} {caught.value.__cause__}"


def test_a_marked_value_is_not_repeated_either() -> None:
    typed = "{ name: text, type: string, pii: true, enum: [a, b] }"
    with pytest.raises(UsageError) as caught:
        checked_inputs(workflow(typed, "keep"), {"text": "Ada Lovelace"})
    assert "Ada" not in str(caught.value)


def test_words_of_the_wrong_type_are_not_repeated() -> None:
    with pytest.raises(UsageError, match="'n' must be of type integer") as caught:
        input_from_text(Port("n", "integer"), MAIL)
    assert MAIL not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("\ud800", "half a character"),
        ([{"a": "x\udfff"}], "half a character"),
        ({"\ud800": 1}, "half a character"),
        ([[float("nan")]], "not finite"),
        ({"a": float("-inf")}, "not finite"),
    ],
)
def test_what_no_json_file_can_hold_is_refused(value: Value, expected: str) -> None:
    with pytest.raises(RegistryError, match=f"the block b holds .*{expected}"):
        check_value(value, {}, "the block b")


def test_what_a_json_file_can_hold_passes() -> None:
    check_value({"é😀": ["東", 2**60, None, -0.0]}, {}, "the block b")
