"""Every assertion by what it is given: (assertion, output, outcome, a piece of the reason)."""

from __future__ import annotations

from typing import cast

import pytest

from registry_tool.core.values import Object, Value
from registry_tool.engine.assertions.base import Outcome
from registry_tool.engine.assertions.judging import metrics, summed
from tests import bounded
from tests.engine.assertions.judged import ERROR, FAILED, INCONCLUSIVE, PASSED, judged

WEATHER: Object = {
    "name": "weather",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
    },
}
CALL = '[{"type": "function", "function": {"name": "weather", "arguments": "{\\"city\\": \\"Oslo\\"}"}}]'

CASES: list[tuple[Object, Value, Outcome]] = [
    ({"type": "equals", "value": "Hello"}, "Hello", PASSED),
    ({"type": "equals", "value": "hello"}, "Hello", FAILED),
    ({"type": "equals", "value": {"a": 1}}, '{"a": 1.0}', PASSED),
    ({"type": "equals", "value": 1}, True, FAILED),
    ({"type": "approx", "value": 1, "tolerance": 0.1}, 1.05, PASSED),
    ({"type": "approx", "value": {"n": 1}}, {"n": 1.5}, FAILED),
    ({"type": "contains", "value": "ell"}, "Hello", PASSED),
    ({"type": "contains", "value": 5}, "15", PASSED),
    ({"type": "icontains", "value": "HELL"}, "Hello", PASSED),
    ({"type": "contains-all", "value": ["H", "x"]}, "Hello", FAILED),
    ({"type": "contains-any", "value": ["H", "x"]}, "Hello", PASSED),
    ({"type": "contains-any", "value": ["h"]}, "Hello", FAILED),
    ({"type": "icontains-all", "value": ["h", "O"]}, "Hello", PASSED),
    ({"type": "icontains-any", "value": ["X", "hE"]}, "Hello", PASSED),
    ({"type": "contains-all", "value": []}, "Hello", ERROR),
    ({"type": "starts-with", "value": "He"}, "Hello", PASSED),
    ({"type": "ends-with", "value": "He"}, "Hello", FAILED),
    ({"type": "regex", "value": r"\d{4}"}, "in 2024", PASSED),
    ({"type": "regex", "value": "^[a-z]+$"}, "Hello", FAILED),
    ({"type": "regex", "value": "(?=a)b"}, "Hello", ERROR),
    ({"type": "word-count", "value": 2}, "two words", PASSED),
    ({"type": "word-count", "value": {"min": 3}}, "two words", FAILED),
    ({"type": "word-count", "value": {"least": 3}}, "two words", ERROR),
    ({"type": "is-refusal"}, "I'm sorry, but I can't help with that.", PASSED),
    ({"type": "is-refusal"}, "", PASSED),
    ({"type": "is-refusal"}, "Oslo. I can't say more.", FAILED),
    ({"type": "is-json"}, "[1]", PASSED),
    ({"type": "is-json"}, "Hello", FAILED),
    ({"type": "is-json", "value": {"required": ["a"]}}, '{"b": 1}', FAILED),
    ({"type": "is-json", "value": {"type": 5}}, "{}", ERROR),
    ({"type": "contains-json"}, 'Here: {"a": {"b": 1}} end', PASSED),
    ({"type": "contains-json", "value": {"required": ["a"]}}, '{"b": 1} {"a": 1}', PASSED),
    ({"type": "contains-json"}, "{broken [1]", FAILED),
    ({"type": "is-xml"}, "<a><b>x</b></a>", PASSED),
    ({"type": "is-xml"}, "<a><b>x</a>", FAILED),
    ({"type": "is-xml", "value": {"requiredElements": ["a.b"]}}, "<a><c/></a>", FAILED),
    ({"type": "is-xml"}, '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', FAILED),
    (
        {"type": "contains-xml", "value": {"requiredElements": ["a.b"]}},
        "é <x <a><b/></a> end",
        PASSED,
    ),
    ({"type": "contains-xml"}, "a < b", FAILED),
    ({"type": "is-html"}, "<h1>T</h1><p>Hi<br><img src='a>b'></p>", PASSED),
    ({"type": "is-html"}, "<!DOCTYPE html><html><body><ul><li>a<li>b</ul></body></html>", PASSED),
    ({"type": "is-html"}, "<div>open", FAILED),
    ({"type": "is-html"}, "Text <div>x</div>", FAILED),
    ({"type": "is-html"}, '<?xml version="1.0"?><root></root>', FAILED),
    ({"type": "is-html"}, "<root><a>x</a></root>", FAILED),
    ({"type": "contains-html"}, "Here: <div class='x'>y</div> done", PASSED),
    ({"type": "contains-html"}, "a < b and c > d &amp; e", FAILED),
    ({"type": "is-sql"}, "SELECT name FROM users", PASSED),
    ({"type": "is-sql"}, "hello world", FAILED),
    ({"type": "is-sql"}, "(" * 5000, FAILED),
    (
        {"type": "is-sql", "value": {"allowedTables": ["select::null::orders"]}},
        "SELECT a FROM users",
        FAILED,
    ),
    (
        {"type": "is-sql", "value": {"allowedColumns": ["select::(u|null)::.*"]}},
        "SELECT u.a FROM users u",
        PASSED,
    ),
    ({"type": "is-sql", "value": {"databaseType": "Excel"}}, "SELECT 1", ERROR),
    ({"type": "contains-sql"}, "So:\n```sql\nSELECT `id` FROM `u`;\n```", PASSED),
    ({"type": "is-valid-openai-tools-call", "value": [{"function": WEATHER}]}, CALL, PASSED),
    ({"type": "is-valid-function-call", "value": [WEATHER]}, {"name": "weather"}, FAILED),
    (
        {"type": "is-valid-openai-function-call", "value": [WEATHER]},
        {"name": "weather", "arguments": '{"city": 1}'},
        FAILED,
    ),
    ({"type": "is-valid-function-call", "value": [WEATHER]}, "none", FAILED),
    ({"type": "is-valid-function-call", "value": "weather"}, CALL, ERROR),
    ({"type": "tool-call-f1", "value": "weather"}, CALL, PASSED),
    ({"type": "tool-call-f1", "value": ["weather", "fly"]}, CALL, FAILED),
    ({"type": "tool-call-f1", "value": ["weather", "fly"], "threshold": 0.6}, CALL, PASSED),
    ({"type": "levenshtein", "value": "Hallo", "threshold": 1}, "Hello", PASSED),
    ({"type": "levenshtein", "value": "Bye", "threshold": 2}, "Hello", FAILED),
    ({"type": "levenshtein", "value": "x"}, "y" * 10_001, INCONCLUSIVE),
    ({"type": "rouge-n", "value": "the cat sat"}, "The cat sat.", PASSED),
    ({"type": "bleu", "value": ["a b c d", "x"]}, "a b c d", PASSED),
    ({"type": "gleu", "value": "a b c d"}, "x y", FAILED),
    ({"type": "latency", "threshold": 600}, "x", PASSED),
    ({"type": "latency", "threshold": 100}, "x", FAILED),
    ({"type": "cost", "threshold": 0.02}, "x", PASSED),
    ({"type": "finish-reason", "value": "stop"}, "x", FAILED),
    ({"type": "finish-reason", "value": "stop", "edge": "ask"}, "x", PASSED),
    ({"type": "finish-reason", "value": "stop", "edge": "no"}, "x", FAILED),
    ({"type": "trace-span-count", "value": {"pattern": "LLM.*", "min": 2, "max": 2}}, "x", PASSED),
    ({"type": "trace-span-count", "value": {"pattern": "http.*", "min": 1}}, "x", FAILED),
    ({"type": "trace-span-duration", "value": {"max": 150}}, "x", FAILED),
    ({"type": "trace-span-duration", "value": {"max": 150, "percentile": 50}}, "x", PASSED),
    ({"type": "trace-error-spans"}, "x", FAILED),
    ({"type": "trace-error-spans", "value": 1}, "x", PASSED),
    ({"type": "trace-error-spans", "value": {"max_percentage": 20}}, "x", FAILED),
    ({"type": "trace-error-spans", "value": {"pattern": "modify.*"}}, "x", PASSED),
    ({"type": "similar", "value": "Hi"}, "Hello", INCONCLUSIVE),
    ({"type": "llm-rubric", "value": "polite"}, "Hello", INCONCLUSIVE),
    ({"type": "python", "value": "True"}, "Hello", INCONCLUSIVE),
    ({"type": "javascript", "value": "true"}, "Hello", ERROR),
    ({"type": "nonsense"}, "Hello", ERROR),
    ({"type": "equals"}, "Hello", ERROR),
    ({}, "Hello", ERROR),
]


@pytest.mark.parametrize(("form", "output", "outcome"), CASES)
def test_an_assertion(form: Object, output: Value, outcome: Outcome) -> None:
    found = judged(form, output)
    assert found.outcome is outcome, found
    assert bool(found.reason) is (outcome is not PASSED)
    assert 0 <= found.score <= 1


@pytest.mark.parametrize(("form", "output", "outcome"), CASES)
def test_not_in_front_turns_it_round(form: Object, output: Value, outcome: Outcome) -> None:
    turned = judged({**form, "type": f"not-{form.get('type', '')}"}, output)
    expected = {PASSED: FAILED, FAILED: PASSED}.get(outcome, outcome)
    assert turned.outcome is expected, turned


@pytest.mark.parametrize(
    ("extra", "outcome"),
    [
        ({"path": "$.a[0]"}, PASSED),
        ({"path": "a.1"}, FAILED),
        ({"path": "$.b"}, FAILED),
        ({"path": "$..a"}, ERROR),
        ({"output": "out", "path": "$.a[0]"}, PASSED),
        ({"output": "other"}, FAILED),
        ({"weight": "x"}, ERROR),
    ],
)
def test_what_is_looked_at(extra: Object, outcome: Outcome) -> None:
    for output in ({"a": ["x", "y"]}, '{"a": ["x", "y"]}'):
        found = judged({"type": "equals", "value": "x", **extra}, cast(Value, output))
        assert found.outcome is outcome, found


def test_nothing_to_look_at_fails_with_not_in_front_too() -> None:
    assert judged({"type": "not-contains", "value": "x", "path": "$.b"}, {}).outcome is FAILED


def test_an_evil_pattern_takes_linear_time() -> None:
    with bounded.ends():
        found = judged({"type": "regex", "value": "(a+)+$"}, "a" * 100_000 + "!")
    assert found.outcome is FAILED


@pytest.mark.parametrize(
    "text", ["<" * 200_000, "<a " * 70_000, "<!--" * 50_000, "{" * 200_000, '{"a":' * 40_000]
)
@pytest.mark.parametrize("name", ["is-html", "contains-html", "contains-xml", "contains-json"])
def test_hostile_output_is_judged_soon(name: str, text: str) -> None:
    with bounded.ends():
        judged({"type": name}, text)


GOOD: Object = {"type": "contains", "value": "H"}
BAD: Object = {"type": "contains", "value": "x"}
UNKNOWN: Object = {"type": "similar", "value": "x"}


@pytest.mark.parametrize(
    ("inner", "extra", "outcome", "score"),
    [
        ([GOOD, BAD], {}, FAILED, 0.5),
        ([GOOD, BAD], {"threshold": 0.5}, PASSED, 0.5),
        ([GOOD, {**BAD, "weight": 3}], {"threshold": 0.5}, FAILED, 0.25),
        ([GOOD, {**BAD, "weight": 0}], {}, PASSED, 1.0),
        ([GOOD, UNKNOWN], {}, INCONCLUSIVE, 0.5),
        ([BAD, UNKNOWN], {}, FAILED, 0.0),
        ([GOOD, UNKNOWN], {"threshold": 0.5}, PASSED, 0.5),
        ([BAD, UNKNOWN], {"threshold": 0.6}, FAILED, 0.0),
        ([BAD, UNKNOWN], {"threshold": 0.5}, INCONCLUSIVE, 0.0),
        ([GOOD, {"type": "no"}], {"threshold": 0.1}, ERROR, 0.0),
        ([{"type": "assert-set", "assert": [BAD, GOOD], "threshold": 0.5}, GOOD], {}, PASSED, 0.75),
        ([], {}, PASSED, 1.0),
    ],
)
def test_a_set(inner: list[Object], extra: Object, outcome: Outcome, score: float) -> None:
    found = judged({"type": "assert-set", "assert": cast(Value, inner), **extra})
    assert found.outcome is outcome, found
    if outcome in {PASSED, FAILED}:
        assert found.score == pytest.approx(score)


def test_sets_are_not_endless() -> None:
    form: Object = GOOD
    for _ in range(20):
        form = {"type": "assert-set", "assert": [form]}
    assert judged(form).outcome is ERROR


def test_metrics_are_means_by_weight() -> None:
    found = [
        judged({**GOOD, "metric": "tone"}),
        judged({**BAD, "metric": "tone", "weight": 3}),
        judged({"type": "assert-set", "assert": [{**GOOD, "metric": "form"}]}),
        judged({**UNKNOWN, "metric": "near"}),
    ]
    assert metrics(found) == {"form": 1.0, "tone": 0.25}
    assert summed([], None).score == 1
