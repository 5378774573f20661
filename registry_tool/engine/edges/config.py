"""An edge's configuration as a frozen value: checked against the JSON Schema of its type, then read once.

Each kind's class stands beside the kind. Its fields are the properties of the kind's schema that have an effect,
with the schema's types and defaults; tests/engine/edges/test_config.py compares them. A `_` at a field's end is no
part of its key (`from_`). What the schema accepts in several spellings has one form here, see `spelled`. A field
`written` holds the object as it was written, for what is recorded by its very words.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Final, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from registry_tool.core.values import Frozen, Value
from registry_tool.engine.edges.base import EdgeError
from registry_tool.manifest.edge_config import settings, unusable

WRITTEN: Final = "written"
_C = TypeVar("_C")
_Read = Callable[[Any], Any]
_JSON: Final = {"Value": Value}  # of which `Value` itself is made


class Unset(Enum):
    """What a field holds that was not written, where null means something."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


@dataclass(frozen=True, kw_only=True)
class EdgeConfig:
    """The configuration that every edge takes."""

    timeout: str | None = None
    retries: int = 0
    cache: bool = False


def spelled(*keys: str, form: Callable[[Value], Value] | None = None) -> Mapping[str, Any]:
    """The metadata of a field of several spellings: the first of `keys` that holds something counts.

    `form` brings each of the values that the schema accepts into the field's type.
    """
    return {"keys": keys, "form": form}


def keys_of(one: Field[Any]) -> tuple[str, ...]:
    """The keys under which a field may be written, the one that counts first."""
    return one.metadata.get("keys") or (one.name.rstrip("_"),)


def read_config(type_: str, cls: type[_C], config: Frozen) -> _C:
    """The typed configuration of an edge; `EdgeError` names the field that breaks its schema, and the fix."""
    given = settings(config)
    if problem := unusable(type_, _without_nulls(cls, given)):
        location = ".".join(map(str, ("config", *problem.route)))
        reason = problem.message.removeprefix(f"{location} ")
        raise EdgeError(reason, location=location, hint=problem.help)
    return typed(cls, given)


def typed(cls: type[_C], value: Frozen) -> _C:
    """A JSON object that fits the class's schema as a value of the class."""
    return cast(_C, _reader(cast(Any, cls))(value))


def _without_nulls(cls: Any, config: Frozen) -> Frozen:
    """A null is as good as nothing, but where it may be meant."""
    kept = _meant_nulls(cls)
    return {key: value for key, value in config.items() if value is not None or key in kept}


@cache
def _meant_nulls(cls: Any) -> frozenset[str]:
    return frozenset(key for one in fields(cls) if one.default is UNSET for key in keys_of(one))


@cache
def _reader(hint: Any) -> _Read:
    """How a value of a type is read from JSON that has the type's form."""
    origin, inner = get_origin(hint), get_args(hint)
    if is_dataclass(hint):
        return _class_reader(cast(type, hint))
    if hint is int:
        return int  # JSON has one kind of number: 5.0 is a whole one
    if origin in (Union, types.UnionType):
        return _union_reader(inner)
    if origin is tuple:
        return _tuple_reader(inner)
    if origin is Mapping and is_dataclass(inner[1]):
        read = _reader(cast(Any, inner[1]))
        return lambda value: {key: read(item) for key, item in value.items()}
    return lambda value: value


def _class_reader(cls: type) -> _Read:
    hints = get_type_hints(cls, localns=_JSON)
    known = [one for one in fields(cls) if one.name != WRITTEN]
    parts = [(one, keys_of(one), _field_reader(one, hints[one.name])) for one in known]
    keeps = WRITTEN in hints

    def read(value: Frozen) -> Any:
        found = {
            one.name: got(value[key])
            for one, keys, got in parts
            if (key := _given(value, keys, one))
        }
        return cls(**found, **({WRITTEN: value} if keeps else {}))

    return read


def _given(value: Frozen, keys: tuple[str, ...], one: Field[Any]) -> str:
    """The key that counts, empty where the field was not written."""
    if len(keys) == 1:
        (key,) = keys
        held = value.get(key, UNSET)
        return "" if held is UNSET or (held is None and one.default is not UNSET) else key
    written = [key for key in keys if value.get(key) is not None]
    full = (key for key in written if value[key] not in ("", [], {}))
    return next(full, next(iter(written), ""))


def _field_reader(one: Field[Any], hint: Any) -> _Read:
    read, form = _reader(hint), one.metadata.get("form")
    return (lambda value: read(form(value))) if form else read


def _union_reader(inner: tuple[Any, ...]) -> _Read:
    """Of several types the one that a value has; what may be anything is taken as it is."""
    lists = [_reader(hint) for hint in inner if get_origin(hint) is tuple]
    objects = [_reader(cast(Any, hint)) for hint in inner if is_dataclass(hint)]
    whole = int in inner and float not in inner

    def read(value: Any) -> Any:
        if isinstance(value, list):
            return lists[0](value) if lists else value
        if isinstance(value, dict):
            return objects[0](value) if objects else value
        return int(value) if whole and isinstance(value, float) else value

    return read


def _tuple_reader(inner: tuple[Any, ...]) -> _Read:
    read = _reader(inner[0])
    return lambda value: tuple(read(item) for item in value)
