"""What is wrong with a configuration, from a validator's errors: each mistake once, with place and fix.

What a schema says with `$comment` is the help; a key that `dependentSchemas` ties to another mode, and a
`deprecated` one, is a warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, cast

from registry_tool.core.finding import Problem, Severity
from registry_tool.core.suggest import nearest
from registry_tool.core.values import Frozen, Object, Route, Value
from registry_tool.manifest.schemas import error_text

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

MOST_PROBLEMS = 25
"""So many are reported of one configuration."""

EXTRA = "extra_configs"
"""Where the editor puts the fields of some edges."""

_LONGEST = 60  # characters of a key that are shown


class ConfigErrors:
    """Turns a validator's errors on one configuration into problems, one for each mistake.

    `here` says what is configured (`an edge of type llm`), `schema` is its schema and `route` where the
    configuration stands. `moved` are its keys that stand in `extra_configs`.
    """

    def __init__(
        self, here: str, schema: Frozen, route: Route, moved: frozenset[str] = frozenset()
    ) -> None:
        self._here, self._schema, self._route, self._moved = here, schema, route, moved

    def problems(self, errors: Iterable[ValidationError]) -> Iterator[Problem]:
        """The mistakes of one configuration; of very many the first ones, and that there are more."""
        found = list(islice(self._once(errors), MOST_PROBLEMS + 1))
        yield from found[:MOST_PROBLEMS]
        if len(found) > MOST_PROBLEMS:
            yield Problem(self._route, f"{self._here} has more mistakes", "fix these first")

    def _once(self, errors: Iterable[ValidationError]) -> Iterator[Problem]:
        """Every mistake once: a misspelt key is not missing as well, an enum is reported in its narrowest form."""
        ordered = sorted(errors, key=_narrowest)
        unknown = {key: near for error in ordered for key, near in _unknown(error)}
        spelled = {(key[:-1], near) for key, near in unknown.items()}
        astray = {tuple(e.absolute_path)[:-1] for e in ordered if e.validator == "not"}
        empty = {tuple(e.absolute_path) for e in ordered if e.validator == "minLength"}
        done = set[tuple[Route, str]]()
        for error in ordered:
            path = cast(Route, tuple(error.absolute_path))
            if error.validator == "required" and (
                path in astray or (path, missing(error)) in spelled
            ):
                continue
            if error.validator == "pattern" and path in empty:
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
        return ".".join(shortened(str(step)) for step in ("config", *path))

    def _unknown_key(self, path: Route, near: str, schema: Object) -> Problem:
        known = [key for key, below in cast(Object, schema["properties"]).items() if _shown(below)]
        here = self._here if len(path) == 1 else self._where(path[:-1])
        wanted = f"did you mean {near!r}? " if near else ""
        return Problem(
            self._at(path),
            f"the key {shortened(str(path[-1]))!r} is not known in {here}",
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
        about = "" if path else _purpose(cast(Object, self._schema["properties"]).get(key))
        here = self._where(path) if path else self._here
        return Problem(
            self._at(path),
            f"{here} needs the key {key!r}",
            f"add it: {about}" if about else "add it",
        )

    def _tied(self, key: str, error: ValidationError) -> Problem:
        """A key that is known, but not beside what stands next to it."""
        tie = cast(Object, cast(Object, self._schema["dependentSchemas"])[key])
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
        message, help_ = error_text(error, self._where(path))
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
    strange = (key for key in error.instance if key not in known and not key.startswith("x-"))
    for key in islice(strange, MOST_PROBLEMS + 1):
        yield (*path, key), nearest(key.lower(), shown)


def shortened(word: str) -> str:
    """A stranger's word for a message."""
    return word if len(word) <= _LONGEST else f"{word[:_LONGEST]}…"


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


def _purpose(schema: object) -> str:
    return first_sentence(cast(Object, schema)) if isinstance(schema, dict) else ""


def first_sentence(schema: Object) -> str:
    """What a schema's description begins with."""
    return str(schema.get("description", "")).split("\n")[0].split(". ")[0].rstrip(".:")
