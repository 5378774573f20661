"""Branches: every operator as Dify means it, one way taken, and what hangs on the others skipped."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.core.values import Object, Value
from tests.engine.small import ScriptedModel
from tests.importers.dify.exports import MODEL, form, given, imported, outputs, statuses


def asked(operator: str, value: Value, **more: Any) -> Any:
    return {
        "variable_selector": ["s", "q"],
        "comparison_operator": operator,
        "value": value,
        **more,
    }


def branching(*conditions: Any, joined: str = "and", fields: Any = None) -> Any:
    cases = [{"case_id": "true", "logical_operator": joined, "conditions": list(conditions)}]
    start = form("q") if fields is None else {"type": "start", "variables": fields}
    yes, no = (
        {"type": "template-transform", "template": text, "variables": []} for text in ("yes", "no")
    )
    join = {"type": "variable-aggregator", "variables": [["y", "output"], ["n", "output"]]}
    return imported(
        {
            "s": start,
            "if": {"type": "if-else", "cases": cases},
            "y": yes,
            "n": no,
            "j": join,
            "e": given("x=j.output"),
        },
        "s > if, if:true > y, if:false > n, y > j, n > j, j > e",
    )


@pytest.mark.parametrize(
    ("operator", "value", "yes", "no"),
    [
        ("contains", "b", "abc", "ac"),
        ("not contains", "b", "ac", "abc"),
        ("start with", "a", "ab", "ba"),
        ("end with", "a", "ba", "ab"),
        ("is", "a", "a", "b"),
        ("is not", "a", "b", "a"),
        ("empty", "", "", "a"),
        ("not empty", "", "a", ""),
        ("in", ["a", "b"], "a", "c"),
        ("not in", ["a", "b"], "c", "a"),
        ("=", "1", "1.0", "2"),
        ("≠", "1", "2", "1"),
        (">", "1", "2", "1"),
        ("<", "1", "0", "x"),
        ("≥", "1", "1", "0"),
        ("≤", "1", "1", "2"),
    ],
)
def test_operators(operator: str, value: Value, yes: str, no: str) -> None:
    what = branching(asked(operator, value))
    assert outputs(what, {"q": yes}) == {"x": "yes"}
    assert outputs(what, {"q": no}) == {"x": "no"}


def test_conditions_are_joined_by_the_cases_word_and_may_hold_references() -> None:
    both = (asked("contains", "a"), asked("contains", "{{#s.q#}}"))
    assert outputs(branching(*both), {"q": "b"}) == {"x": "no"}
    assert outputs(branching(*both, joined="or"), {"q": "b"}) == {"x": "yes"}


def test_the_first_case_that_holds_is_taken_alone() -> None:
    cases = [
        {"case_id": name, "logical_operator": "and", "conditions": [asked("contains", name)]}
        for name in ("a", "b")
    ]
    nodes: Any = {"s": form("q"), "if": {"type": "if-else", "cases": cases}}
    for name in ("a", "b", "c"):
        nodes[name] = {"type": "answer", "answer": name}
    what = imported(nodes, "s > if, if:a > a, if:b > b, if:false > c")
    assert [outputs(what, {"q": q})["answer"] for q in ("ab", "b", "z")] == ["a", "b", "c"]


def test_an_old_export_has_its_conditions_directly() -> None:
    nodes: Any = {
        "s": form("q"),
        "if": {
            "type": "if-else",
            "logical_operator": "or",
            "conditions": [asked("is", "a"), asked("is", "b")],
        },
        "e": given("x=s.q"),
    }
    what = imported(nodes, "s > if, if:true > e")
    assert (outputs(what, {"q": "b"}), outputs(what, {"q": "c"})) == ({"x": "b"}, {})


def test_what_is_unknown_is_declared_and_said() -> None:
    assert statuses(branching(asked("resembles", "a")))["if"] == "carried"


@pytest.mark.parametrize(
    ("key", "operator", "value", "files", "way"),
    [
        ("type", "in", ["image"], ["a.png", "b.txt"], "a"),
        ("type", "not in", ["image"], ["a.png", "b.txt"], "c"),
        ("extension", "is", "TXT".lower(), ["x/b.txt"], "a"),
        ("name", "contains", "b", [{"name": "abc", "url": "https://h.example/z"}], "a"),
        ("size", ">", "10", [{"size": 11}], "a"),
        ("size", ">", "10", [], "c"),
    ],
)
def test_a_condition_asks_about_files(
    key: str, operator: str, value: Any, files: Any, way: str
) -> None:
    inner = {"key": key, "comparison_operator": operator, "value": value}
    nodes: Any = {
        "s": {"type": "start", "variables": [{"variable": "f", "type": "file-list"}]},
        "if": {
            "type": "if-else",
            "cases": [
                {
                    "case_id": "true",
                    "conditions": [
                        {
                            "variable_selector": ["s", "f"],
                            "comparison_operator": "contains",
                            "sub_variable_condition": {
                                "logical_operator": "and",
                                "conditions": [inner],
                            },
                        }
                    ],
                }
            ],
        },
        "a": {"type": "answer", "answer": "a"},
        "c": {"type": "answer", "answer": "c"},
    }
    what = imported(nodes, "s > if, if:true > a, if:false > c")
    assert outputs(what, {"f": files})["answer"] == way


def test_a_classifier_asks_for_one_of_its_classes() -> None:
    nodes: Any = {
        "s": form("q"),
        "which": {
            "type": "question-classifier",
            "model": MODEL,
            "query_variable_selector": ["s", "q"],
            "classes": [{"id": "1", "name": "Money"}, {"id": "2", "name": "Love"}],
            "instruction": "Be strict",
        },
        "a": {"type": "answer", "answer": "1 {{#which.class_name#}}"},
        "b": {"type": "answer", "answer": "2 {{#which.class_name#}}"},
    }
    what = imported(nodes, "s > which, which:1 > a, which:2 > b")
    model = ScriptedModel(
        lambda question: '{"class": "2"}' if "kiss" in question else '{"class": "1"}'
    )
    assert outputs(what, {"q": "kiss"}, model) == {"answer": "2 Love"}
    assert outputs(what, {"q": "cash"}, model) == {"answer": "1 Money"}
    (edge,) = (e for e in what.manifest["spec"]["edges"] if e["type"] == "llm")  # type: ignore[index, union-attr, call-overload]
    system: Object = edge["config"]  # type: ignore[index, assignment, call-overload]
    assert system["system"] == (
        "Give the number of the class that what the user says belongs to.\n\n1: Money\n2: Love\n\nBe strict"
    )
