from __future__ import annotations

from typing import Any

import pytest

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.values import Object
from registry_tool.deploy.strategy import (
    Kind,
    read_strategy,
    strategy_of,
    strategy_value,
    weakened_guard,
)
from registry_tool.manifest.schemas import REGISTRY_SCHEMA, schema_problems

HERE = "registry/registry.yaml: environments.production.strategy"
ERRORS: Object = {"metrics": [{"metric": "error_rate", "max": 0.05}]}


def test_all_at_once_is_one_step() -> None:
    strategy = read_strategy({}, HERE)
    assert strategy.kind is Kind.ALL_AT_ONCE
    assert [step.weight for step in strategy.steps] == [100]
    assert not strategy.keeps_stable


def test_blue_green_keeps_the_old_one_and_watches() -> None:
    strategy = read_strategy({"type": "blue-green", "watch": {"for": "10m", **ERRORS}}, HERE)
    assert strategy.keeps_stable
    assert strategy.steps[0].pause == 600
    assert strategy.steps[0].analysis.thresholds[0].metric == "error_rate"


def test_a_canary_ends_at_everything() -> None:
    own: Object = {"metrics": [{"metric": "latency_p95", "max": 3}]}
    strategy = read_strategy(
        {
            "type": "canary",
            "steps": [
                {"weight": 10, "pause": "90s"},
                {"weight": 50, "pause": "until-promoted", "analysis": own},
            ],
            "watch": ERRORS,
        },
        HERE,
    )
    assert [(step.weight, step.pause) for step in strategy.steps] == [
        (10, 90.0),
        (50, None),
        (100, 0.0),
    ]
    metrics = [step.analysis.thresholds[0].metric for step in strategy.steps]
    assert metrics == ["error_rate", "latency_p95", "error_rate"]
    usual = read_strategy({"type": "canary"}, HERE)
    assert [step.weight for step in usual.steps] == [10, 50, 100]


WRONG: list[tuple[Any, str, str, str]] = [
    ({"type": "canari"}, ".type", "'canari' is not known", "canary"),
    ({"type": 1}, ".type", "must be a text", "quotes"),
    ({"tipe": "canary"}, "", "'tipe' is not known", "did you mean 'type'"),
    ({"steps": []}, ".steps", "all-at-once has no steps", "type canary"),
    ({"type": "canary", "steps": {}}, ".steps", "must be a list", "docs/deployments.md"),
    ({"type": "canary", "steps": [1]}, ".steps[0]", "must be an object", "docs"),
    ({"type": "canary", "steps": [{}]}, ".steps[0].weight", "is missing", "percent"),
    ({"type": "canary", "steps": [{"weight": 0}]}, ".steps[0].weight", "from 1 to 100", ""),
    ({"type": "canary", "steps": [{"weight": True}]}, ".steps[0].weight", "whole number", ""),
    ({"type": "canary", "steps": [{"weight": 101}]}, ".steps[0].weight", "from 1 to 100", ""),
    (
        {"type": "canary", "steps": [{"weight": 50}, {"weight": 50}]},
        ".steps",
        "must grow",
        "10, 50",
    ),
    (
        {"type": "canary", "steps": [{"weight": n + 1} for n in range(21)]},
        ".steps",
        "more than 20",
        "larger",
    ),
    (
        {"type": "canary", "steps": [{"weight": 5, "pause": "soon"}]},
        ".steps[0].pause",
        "is not a duration",
        "90s",
    ),
    (
        {"type": "canary", "steps": [{"weight": 5, "pause": 10}]},
        ".steps[0].pause",
        "is not a duration",
        "90s",
    ),
    ({"watch": {"fir": "10m"}}, ".watch", "'fir' is not known", "did you mean 'for'"),
    (
        {"watch": {"metrics": [{"metric": "joy", "max": 1}]}},
        ".watch.metrics[0].metric",
        "'joy'",
        "",
    ),
    (
        {"watch": {"metrics": [{"metric": "latency_p50"}]}},
        ".watch.metrics[0]",
        "no bound",
        "max",
    ),
    (
        {"watch": {"metrics": [{"metric": "error_rate", "max": 0}]}},
        ".watch.metrics[0].max",
        "above 0",
        "0.01",
    ),
    ({"watch": {"min_runs": 0}}, ".watch.min_runs", "whole number from 1", ""),
    ({"watch": {"confidence": 1}}, ".watch.confidence", "from 0.5 to 0.9999", ""),
    ({"watch": {"confidence": float("nan")}}, ".watch.confidence", "from 0.5", ""),
    ({"watch": []}, ".watch", "must be an object", ""),
    ({"compare": {"inputs": "../../etc/passwd"}}, ".compare.inputs", "neither", ".jsonl"),
    ({"compare": {"inputs": "/etc/x.jsonl"}}, ".compare.inputs", "neither", ".jsonl"),
    ({"compare": {"agreement": 1.5}}, ".compare.agreement", "from 0 to 1", ""),
    ({"compare": {"tolerance": -1}}, ".compare.tolerance", "at least 0", ""),
    ({"$(touch pwned)": 1}, "", "'$(touch pwned)' is not known", "it has type"),
]


@pytest.mark.parametrize(("value", "location", "reason", "hint"), WRONG)
def test_what_is_wrong_is_named(value: Object, location: str, reason: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_strategy(value, HERE)
    assert caught.value.location == f"{HERE}{location}"
    assert reason in caught.value.reason
    assert hint in caught.value.hint
    assert caught.value.hint


@pytest.mark.parametrize(
    "value",
    [value for value, *_, reason, _ in WRONG if reason != "must grow" and "nan" not in str(value)],
)
def test_the_registrys_check_refuses_the_same(value: Any) -> None:
    """A pull request that changes registry.yaml is refused, not the deployment at night."""
    settings: Any = {"name": "x", "environments": {"production": {"strategy": value}}}
    assert list(schema_problems(settings, REGISTRY_SCHEMA))


def test_steps_of_another_type_are_refused_where_they_stand() -> None:
    settings: Any = {"name": "x", "environments": {"production": {"strategy": {"steps": []}}}}
    (problem,) = schema_problems(settings, REGISTRY_SCHEMA)
    assert problem.route[-1] == "steps"
    assert problem.message.endswith("may not stand here: []")
    assert problem.help == "use the type canary, or leave steps out"


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"type": "blue-green", "watch": {"for": "10m", **ERRORS}},
        {"type": "canary", "steps": [{"weight": 5, "pause": "until-promoted", "analysis": ERRORS}]},
        {"compare": {"inputs": "registry/samples.jsonl", "agreement": 0.9}, "before": ERRORS},
    ],
)
def test_what_is_right_is_right_for_both(value: Any) -> None:
    settings: Any = {"name": "x", "environments": {"production": {"strategy": value}}}
    assert not list(schema_problems(settings, REGISTRY_SCHEMA))
    read_strategy(value, HERE)


def test_a_request_comes_on_top_of_the_registry() -> None:
    registry: Object = {"type": "canary", "steps": [{"weight": 5}], "compare": {"agreement": 0.9}}
    assert strategy_value({}, registry, ERRORS) == {**registry, "watch": ERRORS}
    other = strategy_value({"type": "blue-green"}, registry, {})
    assert other == {"type": "blue-green", "compare": {"agreement": 0.9}}
    own: Object = {"type": "canary", "steps": [{"weight": 20}]}
    assert strategy_value(own, registry, {})["steps"] == [{"weight": 20}]


CANARY: Object = {"type": "canary"}
TIMED: Object = {**CANARY, "steps": [{"weight": 10, "pause": "10m"}]}
DECIDED: Object = {**CANARY, "steps": [{"weight": 10, "pause": "until-promoted"}]}
JUDGED: Object = {**CANARY, "steps": [{"weight": 10, "analysis": ERRORS}]}
SHORT: Object = {**CANARY, "wait_limit": "1h"}
ALL: Object = {"type": "all-at-once"}


@pytest.mark.parametrize(
    ("asked", "own", "watch", "key"),
    [
        ({"watch": {}}, {}, ERRORS, "watch"),
        ({"watch": {"metrics": []}}, {"watch": ERRORS}, {}, "watch"),
        ({"before": {}}, {"before": ERRORS}, {}, "before"),
        ({"compare": {"agreement": 0}}, {"compare": {"agreement": 0.9}}, {}, "compare"),
        ({"compare": {"agreement": 0}}, {"compare": {}}, {}, "compare"),  # all must agree
        (ALL, DECIDED, {}, "type"),
        (ALL, {"type": "blue-green"}, {}, "type"),
        ({"steps": [{"weight": 10}]}, TIMED, ERRORS, "steps"),
        ({"steps": [{"weight": 100}]}, CANARY, ERRORS, "steps"),  # the usual ones are steps, too
        ({"unmeasured": "advance"}, TIMED, {}, "unmeasured"),
        ({"watch": ERRORS}, TIMED, {}, "watch"),  # people would not be asked any more
        ({"wait_limit": "25h"}, TIMED, {}, "wait_limit"),
        ({"wait_limit": "2h"}, SHORT, {}, "wait_limit"),
        ({**CANARY, "steps": [{"weight": 99, "analysis": {}}]}, {}, ERRORS, "steps"),
    ],
)
def test_a_request_takes_no_guard_away(asked: Any, own: Any, watch: Any, key: str) -> None:
    assert weakened_guard(asked, own, watch) == key


@pytest.mark.parametrize(
    ("asked", "own", "watch"),
    [
        ({}, DECIDED, ERRORS),
        (DECIDED, DECIDED, {}),
        (JUDGED, JUDGED, ERRORS),  # the environment's own steps, written again
        ({"watch": ERRORS, "before": ERRORS}, {}, ERRORS),
        ({"before": ERRORS, "compare": {}}, DECIDED, ERRORS),
        ({"wait_limit": "1h"}, TIMED, {}),
        ({"watch": ERRORS}, {**TIMED, "unmeasured": "advance"}, {}),
        ({**CANARY, "unmeasured": "advance", "wait_limit": "48h"}, {}, ERRORS),
        (TIMED, {"watch": ERRORS}, {}),
    ],
)
def test_a_request_adds_guards(asked: Any, own: Any, watch: Any) -> None:
    assert weakened_guard(asked, own, watch) == ""


def test_another_type_keeps_the_environments_watch() -> None:
    assert strategy_value(CANARY, {"watch": ERRORS}, {})["watch"] == ERRORS


def test_people_are_asked_about_a_last_step_that_is_watched_too() -> None:
    last: Object = {"weight": 100, "pause": "until-promoted"}
    strategy = read_strategy({**CANARY, "steps": [last], "watch": {"for": "1s", **ERRORS}}, HERE)
    assert strategy.steps[-1].pause is None


def test_the_words_of_the_option() -> None:
    assert strategy_of("canary") == {"type": "canary"}
    assert strategy_of('{"type": "canary", "steps": []}') == {"type": "canary", "steps": []}
    with pytest.raises(UsageError, match="no strategy 'quick'"):
        strategy_of("quick")
    with pytest.raises(RegistryError, match="not JSON"):
        strategy_of("{")
