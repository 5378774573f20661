"""Edge configurations against the JSON Schema of their kind, `schema/edges/<type>.schema.json`.

A configuration is checked as the engine reads it: the fields of the editor's `extra_configs` over those that stand
directly in it. Each mistake is told once, where it stands, with the way out. What a schema says with `$comment` is
the help; a key that `dependentSchemas` ties to another mode, and a `deprecated` one, is a warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, cast

from registry_tool.core.finding import FindingsError, Problem, Severity
from registry_tool.core.values import Frozen, Object, Route, Value
from registry_tool.manifest.model import Workflow
from registry_tool.manifest.positions import Document, locate
from registry_tool.manifest.schemas import (
    EDGE_TYPES,
    all_errors,
    edge_schema_file,
    schema_object,
    told,
)

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

RULE_ID = "edge-config"
EXTRA = "extra_configs"
NESTING = frozenset({"map", "loop"})
"""What a `map` can't hold as its inner edge."""


@cache
def edge_schema(type_: str) -> Frozen:
    """The JSON Schema of an edge type's `config`."""
    return schema_object(edge_schema_file(type_))


def settings(config: Frozen) -> Frozen:
    """A configuration as the engine reads it: the fields of `extra_configs` over the direct ones."""
    extra = config.get(EXTRA)
    if not isinstance(extra, dict):
        return config
    return {**{key: value for key, value in config.items() if key != EXTRA}, **extra}


def refuse_bad_configs(workflow: Workflow, document: Document) -> None:
    """`FindingsError` where an edge would not run as it is written: for manifests that no rule has judged."""
    found = locate(edge_config_problems(workflow), RULE_ID, document)
    if errors := [finding for finding in found if finding.severity is Severity.ERROR]:
        raise FindingsError(errors)


def edge_config_problems(workflow: Workflow) -> Iterator[Problem]:
    """What is wrong with the configurations of a workflow's edges, each with its route in the manifest."""
    for position, edge in enumerate(workflow.edges):
        yield from config_problems(edge.type, edge.config, ("spec", "edges", position, "config"))


def config_problems(type_: str, config: Frozen, route: Route = ()) -> Iterator[Problem]:
    """What is wrong with one configuration that stands at `route`, and with that of the edge inside a `map`."""
    if type_ not in EDGE_TYPES:
        return  # the manifest's own schema says so
    extra = config.get(EXTRA)
    merged = isinstance(extra, dict) and EXTRA in cast(Object, edge_schema(type_)["properties"])
    moved = frozenset(cast(Object, extra)) if merged else frozenset[str]()
    errors = all_errors(dict(settings(config) if merged else config), edge_schema_file(type_))
    yield from _Told(type_, route, moved).problems(errors)
    inner = config.get("edge")
    if type_ == "map" and isinstance(inner, dict) and inner.get("type") not in NESTING:
        below = inner.get("config") or {}
        if isinstance(below, dict):
            yield from config_problems(str(inner.get("type")), below, (*route, "edge", "config"))


class _Told:
    """Turns a validator's errors on one configuration into problems, one for each mistake."""

    def __init__(self, type_: str, route: Route, moved: frozenset[str]) -> None:
        self._type, self._route, self._moved = type_, route, moved

    def problems(self, errors: Iterable[ValidationError]) -> Iterator[Problem]:
        """Every mistake once: a misspelt key is not missing as well, an enum is told by its narrowest form."""
        ordered = sorted(errors, key=_narrowest)
        unknown = {key: near for error in ordered for key, near in _unknown(error)}
        spelled = {(key[:-1], near) for key, near in unknown.items()}
        astray = {key[:-1] for key, near in unknown.items() if near == ""}
        done = set[tuple[Route, str]]()
        for error in ordered:
            path = cast(Route, tuple(error.absolute_path))
            if error.validator == "required" and (
                path in astray or (path, missing(error)) in spelled
            ):
                continue
            for problem in self._problems(error, path):
                mark = (problem.route, "" if problem.on_key else str(error.validator))
                if mark not in done:
                    done.add(mark)
                    yield problem

    def _problems(self, error: ValidationError, path: Route) -> Iterator[Problem]:
        if key := _tied(error):
            yield self._tied(key, error)
        elif error.validator == "additionalProperties":
            for route, near in _unknown(error):
                yield self._unknown_key(route, near, cast(Object, error.schema))
        elif error.validator == "not":
            yield self._misplaced(path, error)
        elif error.validator == "required":
            yield self._missing(path, error)
        else:
            yield self._other(path, error)

    def _at(self, path: Route) -> Route:
        """The route in the manifest."""
        moved = path and path[0] in self._moved
        return (*self._route, *((EXTRA,) if moved else ()), *path)

    def _where(self, path: Route) -> str:
        """A place in words."""
        return ".".join(map(str, ("config", *path)))

    def _unknown_key(self, path: Route, near: str, schema: Object) -> Problem:
        known = [key for key, below in cast(Object, schema["properties"]).items() if _shown(below)]
        here = f"an edge of type {self._type}" if len(path) == 1 else self._where(path[:-1])
        wanted = f"did you mean {near!r}? " if near else ""
        return Problem(
            self._at(path),
            f"the key {path[-1]!r} is not known in {here}",
            f"{wanted}known: {', '.join(known)}; own keys start with x-",
            on_key=True,
        )

    def _misplaced(self, path: Route, error: ValidationError) -> Problem:
        return Problem(
            self._at(path),
            f"the key {str(path[-1])!r} is not known in {self._where(path[:-1])}",
            _comment(error),
            on_key=True,
        )

    def _missing(self, path: Route, error: ValidationError) -> Problem:
        key = missing(error)
        about = _about(self._type, path, key)
        here = f"an edge of type {self._type}" if not path else self._where(path)
        return Problem(
            self._at(path),
            f"{here} needs the key {key!r}",
            f"add it: {about}" if about else "add it",
        )

    def _tied(self, key: str, error: ValidationError) -> Problem:
        """A key that is known, but not beside what stands next to it."""
        tie = cast(Object, cast(Object, edge_schema(self._type)["dependentSchemas"])[key])
        if comment := tie.get("$comment"):
            return Problem(
                self._at((key,)),
                f"the key {key!r} can't stand beside {', '.join(_excluded(tie))}",
                str(comment),
                on_key=True,
            )
        return Problem(
            self._at((key,)),
            f"the key {key!r} has no effect here",
            f"it is for {' and '.join(_wanted(tie))}",
            Severity.WARNING,
            on_key=True,
        )

    def _other(self, path: Route, error: ValidationError) -> Problem:
        message, help_ = told(error, self._where(path))
        schema = error.schema
        outdated = isinstance(schema, dict) and schema.get("deprecated") is True
        return Problem(
            self._at(path),
            f"the key {str(path[-1])!r} has no effect" if outdated else message,
            _comment(error) or help_ or _purpose(schema),
            Severity.WARNING if outdated else Severity.ERROR,
            on_key=outdated,
        )


def missing(error: ValidationError) -> str:
    """The key that a `required` error misses."""
    return error.message.split("'")[1]


def _narrowest(error: ValidationError) -> tuple[int, ...]:
    wide = len(cast(list[Value], error.validator_value)) if error.validator == "enum" else 0
    return (wide,)


def _unknown(error: ValidationError) -> Iterator[tuple[Route, str]]:
    """Unknown keys by their path, each with the known one that is meant; "" where none is near."""
    path = cast(Route, tuple(error.absolute_path))
    if error.validator == "not" and path:
        yield path, ""
    if error.validator != "additionalProperties" or not isinstance(error.instance, dict):
        return
    known = cast(Object, cast(Object, error.schema)["properties"])
    shown = [key for key, below in known.items() if _shown(below)]
    for key in error.instance:
        if key not in known and not key.startswith("x-"):
            yield (*path, key), _nearest(key, shown)


def _nearest(key: str, known: list[str]) -> str:
    from difflib import get_close_matches

    return next(iter(get_close_matches(key.lower(), known, n=1)), "")


def _shown(schema: Value) -> bool:
    """Whether a property is one that an author would write."""
    return isinstance(schema, dict) and not schema.get("deprecated") and "not" not in schema


def _tied(error: ValidationError) -> str:
    """The key whose `dependentSchemas` an error breaks, empty for other errors."""
    path = list(error.absolute_schema_path)
    return str(path[1]) if path[:1] == ["dependentSchemas"] else ""


def _wanted(tie: Object) -> Iterator[str]:
    for key, below in cast(dict[str, Object], tie.get("properties", {})).items():
        values = cast(list[Value], below.get("enum", [below.get("const")]))
        yield f"{key}: {' or '.join(map(str, values))}"


def _excluded(tie: Object) -> list[str]:
    return cast(list[str], cast(Object, tie["not"])["required"])


def _comment(error: ValidationError) -> str:
    """The help that a schema has for whoever breaks it; enums have a better one of their own."""
    schema = error.schema
    if not isinstance(schema, dict) or error.validator == "enum":
        return ""
    return str(schema.get("$comment", ""))


def _about(type_: str, path: Route, key: str) -> str:
    """What a missing key of the configuration itself is for."""
    if path:
        return ""
    below = cast(Object, edge_schema(type_)["properties"]).get(key)
    return first_sentence(below) if isinstance(below, dict) else ""


def _purpose(schema: object) -> str:
    return first_sentence(cast(Object, schema)) if isinstance(schema, dict) else ""


def first_sentence(schema: Object) -> str:
    """What a schema's description begins with."""
    return str(schema.get("description", "")).split("\n")[0].split(". ")[0].rstrip(".:")
