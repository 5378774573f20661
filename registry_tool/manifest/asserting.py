"""What the test cases of a workflow assert: which outputs each looks at, and which assertions can't fail.

An assertion that holds whatever a run gives (an empty text is contained in every text) proves nothing, and neither
does one that is only measured (`weight: 0`). Assertions on time, cost or steps can fail, but say nothing about an
output.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from registry_tool.core.values import Frozen, Object, Route, Value
from registry_tool.manifest import assertions as names
from registry_tool.manifest.json_path import parse_path
from registry_tool.manifest.json_schema.misfit import misfit
from registry_tool.manifest.model import Port, TestCase, Workflow

_ON_THE_RUN: Final = frozenset(
    {"latency", "cost", "finish-reason"}
    | {"trace-span-count", "trace-span-duration", "trace-error-spans"}
)
_ON_A_TEXT: Final = frozenset({"contains", "icontains", "starts-with", "ends-with"})
_SCORED: Final = frozenset({"rouge-n", "bleu", "gleu", "tool-call-f1"})
_ALWAYS_JSON: Final = frozenset({"object", "array", "number", "integer", "boolean"})
_SAMPLES: Final = ("", "a", "A text, of 2 lines\nand more.", "\t ", "{}", "Ünï-字")
_ANY: Final = Port("")


@dataclass(frozen=True, slots=True)
class Asserted:
    """What one test case proves where it passes: `outputs` that it looks at; `run` where it looks at the run.

    `whole` says that something is asserted of all outputs together, and of none by its name.
    """

    outputs: frozenset[str] = frozenset()
    whole: bool = False
    run: bool = False

    @property
    def anything(self) -> bool:
        """Whether the case can fail by what it asserts."""
        return bool(self.outputs) or self.whole or self.run

    @property
    def about_outputs(self) -> bool:
        """Whether it says anything about what the workflow gives."""
        return bool(self.outputs) or self.whole


def asserted(case: TestCase, workflow: Workflow) -> Asserted:
    """What a case asserts; nothing where it passes whatever happens (`pass_rate: 0`)."""
    if case.pass_rate <= 0:
        return Asserted()
    found = [_looked_at(form, workflow) for form in _counting(case, workflow)]
    expected = {name for name, value in case.expected.items() if value != {}}
    return Asserted(
        frozenset(expected.union(*(one.outputs for one in found))),
        any(one.whole for one in found),
        any(one.run for one in found),
    )


def asserting_tests(workflow: Workflow) -> tuple[TestCase, ...]:
    """The cases that say something about an output."""
    return tuple(case for case in workflow.tests if asserted(case, workflow).about_outputs)


def idle_assertions(case: TestCase, workflow: Workflow) -> Iterator[tuple[Route, str]]:
    """(route below the case, why) of everything in a case that can't fail."""
    for name, value in case.expected.items():
        if value == {}:
            yield ("expected", name), "every object is {} with more keys"
    for number, form in enumerate(case.assertions):
        if why := _idle(form, _port(form, workflow)):
            yield ("assert", number), why
    if case.assertions and case.threshold is not None and case.threshold <= 0:
        yield ("threshold",), "every score reaches 0"
    if case.pass_rate <= 0:
        yield ("pass_rate",), "no run has to pass"


def _counting(case: TestCase, workflow: Workflow) -> Iterator[Frozen]:
    """The assertions that can make a case fail, those inside sets included."""
    if case.threshold is None or case.threshold > 0:
        yield from _inside(case.assertions, workflow)


def _inside(forms: tuple[Frozen, ...], workflow: Workflow) -> Iterator[Frozen]:
    for form in forms:
        if _weight(form) == 0 or _idle(form, _port(form, workflow)):
            continue
        if names.base_name(str(form.get("type", ""))) == names.SET:
            yield from _inside(_parts(form), workflow)
        else:
            yield form


def _looked_at(form: Frozen, workflow: Workflow) -> Asserted:
    """The outputs that one assertion is about."""
    if names.base_name(str(form.get("type", ""))) in _ON_THE_RUN:
        return Asserted(run=True)
    outputs = [port.name for port in workflow.interface.outputs]
    named = form.get("output")
    if named is not None:
        return Asserted(frozenset({str(named)} & set(outputs)))
    if len(outputs) == 1:
        return Asserted(frozenset(outputs))
    return Asserted(_by_key(form) & frozenset(outputs), whole=True)


def _by_key(form: Frozen) -> frozenset[str]:
    """The outputs that an assertion on all of them names, by its path or by the keys of its value."""
    if (path := form.get("path")) is not None:
        try:
            steps = parse_path(str(path))
        except ValueError:
            return frozenset()
        return frozenset(str(step) for step in steps[:1])
    value = form.get("value")
    if str(form.get("type", "")) in {"equals", "approx"} and isinstance(value, dict):
        return frozenset(value)
    return frozenset()


def _port(form: Frozen, workflow: Workflow) -> Port:
    """The output that an assertion without a path looks at; any value where it is a part, or several."""
    outputs = workflow.interface.outputs
    if form.get("path") is not None:
        return _ANY
    if (named := form.get("output")) is not None:
        return next((port for port in outputs if port.name == named), _ANY)
    return outputs[0] if len(outputs) == 1 else Port("", type="object")


def _idle(form: Frozen, port: Port) -> str:
    """Why an assertion holds whatever the run gives; empty where it can fail."""
    type_ = str(form.get("type", ""))
    name, value = names.base_name(type_), form.get("value")
    if type_ != name:
        nothing = name in {"contains-any", "icontains-any"} and value == []
        return "no text holds one of none" if nothing else ""
    if name == names.SET:
        return _idle_set(form, port)
    if name in _SCORED or name == "similar":
        return "every score reaches 0" if _no_more_than(form.get("threshold"), 0) else ""
    check = _CHECKS.get(name)
    return check(value, port) if check else ""


def _idle_set(form: Frozen, port: Port) -> str:
    if "threshold" in form and _no_more_than(form["threshold"], 0):
        return "every score reaches 0"
    parts = _parts(form)
    if all(_weight(part) == 0 or _idle(part, port) for part in parts):
        return "nothing in it can fail"
    return ""


def _parts(form: Frozen) -> tuple[Frozen, ...]:
    inner = form.get("assert")
    return (
        tuple(part for part in inner if isinstance(part, dict)) if isinstance(inner, list) else ()
    )


def _weight(form: Frozen) -> Value:
    return form.get("weight", 1)


def _no_more_than(value: Value, bound: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value <= bound


def _text(value: Value, _: Port) -> str:
    wanted = value if isinstance(value, list) else [value]
    return "" if any(part != "" for part in wanted) else "every text holds an empty one"


def _any_text(value: Value, _: Port) -> str:
    return "every text holds an empty one" if isinstance(value, list) and "" in value else ""


def _regex(value: Value, _: Port) -> str:
    try:
        matches = isinstance(value, str) and not any(
            misfit(sample, {"pattern": value}) for sample in _SAMPLES
        )
    except ValueError:
        return ""
    return "it matches every text" if matches else ""


def _approx(value: Value, _: Port) -> str:
    return "every object is {} with more keys" if value == {} else ""


def _json(value: Value, port: Port) -> str:
    return f"{port.type} is always JSON" if value is None and port.type in _ALWAYS_JSON else ""


def _words(value: Value, _: Port) -> str:
    if not isinstance(value, dict) or "max" in value or not _no_more_than(value.get("min", 0), 0):
        return ""
    return "every text has 0 words or more"


def _python(value: Value, _: Port) -> str:
    plain = str(value).strip().removeprefix("return ").strip()
    return "it is always true" if plain in {"True", "1", "1.0"} else ""


_CHECKS: Final[Mapping[str, Callable[[Value, Port], str]]] = {
    **dict.fromkeys(_ON_A_TEXT, _text),
    "contains-all": _text,
    "icontains-all": _text,
    "contains-any": _any_text,
    "icontains-any": _any_text,
    "regex": _regex,
    "approx": _approx,
    "is-json": _json,
    "word-count": _words,
    "python": _python,
}


def partial_schema(schema: Frozen) -> Object:
    """A schema for values that are compared in part: what may be left out is not asked for."""
    kept: Object = {
        key: value
        for key, value in schema.items()
        if key not in {"required", "minProperties", "dependentRequired", "dependentSchemas"}
    }
    for key in ("properties", "patternProperties", "$defs"):
        if isinstance(inner := kept.get(key), dict):
            kept[key] = {name: _partial(part) for name, part in inner.items()}
    for key in ("items", "additionalProperties"):
        if key in kept:
            kept[key] = _partial(kept[key])
    if isinstance(first := kept.get("prefixItems"), list):
        kept["prefixItems"] = [_partial(part) for part in first]
    return {} if {"oneOf", "not", "if"} & kept.keys() else _either(kept)


def _either(schema: Object) -> Object:
    for key in ("anyOf", "allOf"):
        if isinstance(parts := schema.get(key), list):
            schema[key] = [_partial(part) for part in parts]
    return schema


def _partial(schema: Value) -> Value:
    return partial_schema(schema) if isinstance(schema, dict) else schema
