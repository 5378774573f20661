"""Operations on lists and objects (`edit_structured`); a path lists keys and positions, `["*"]` is the root."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, cast

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine.edges.base import EdgeError

Path = Sequence[str | int]
ROOT = "*"
_NAME = re.compile(r"\{\{(.{0,256}?)\}\}")
_MOST_ITEMS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """What an operation is done with and where; each operation looks at its own ones."""

    path: tuple[str | int, ...] = ()
    default: Value = None
    value: Value = None
    index: int = 0
    reverse: bool = False
    max_depth: int = -1
    plugins: Frozen = field(default_factory=dict)
    operation: Literal["union", "intersection", "difference", "symmetric_difference"] = "union"
    value1: Value = None
    value2: Value = None
    path1: tuple[str | int, ...] = ()
    path2: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOperation:
    """One operation on a list or an object."""

    type: Literal[
        "get",
        "delete",
        "append",
        "insert",
        "sort",
        "set_value",
        "get_keys",
        "get_values",
        "variable_replace",
        "set_operation",
    ]
    params: Params = Params()


def apply(content: Value, operations: Sequence[ListOperation]) -> Value:
    """The content after all operations, one after the other; the given content is left alone."""
    result = copy.deepcopy(content)
    for position, operation in enumerate(operations):
        try:
            result = OPERATIONS[operation.type](result, operation.params)
        except EdgeError as error:
            location = f"config.operations[{position}]"
            raise EdgeError(f"{operation.type}: {error.reason}", location=location) from None
    return result


def follow(content: Value, path: Path, default: Value = None) -> Value:
    """The value at a path, `default` where there is none; a path into a text or number is an error."""
    if [*path] == [ROOT]:
        return content
    value = content
    for step in path:
        try:
            value = _step(value, step)
        except (KeyError, IndexError, ValueError):
            return default
    return value


def _step(value: Value, step: str | int) -> Value:
    if isinstance(value, dict):
        return value[cast(str, step)]
    if isinstance(value, list):
        return value[int(step)]
    raise EdgeError(f"{step!r} leads into a {type(value).__name__}, not into a list or an object")


def _get(content: Value, params: Params) -> Value:
    return follow(content, params.path, params.default)


def _delete(content: Value, params: Params) -> Value:
    path = params.path
    parent = _parent(content, path)
    try:
        if isinstance(parent, dict):
            parent.pop(cast(str, path[-1]), None)
        elif isinstance(parent, list):
            parent.pop(int(path[-1]))
    except (IndexError, ValueError):
        pass  # what isn't there needs no deleting
    return content


def _parent(content: Value, path: Path) -> Value:
    """The container of a path's last step, None where the way to it ends."""
    missing: Object = {}
    found = follow(content, path[:-1], missing) if path else None
    return None if found is missing else found


def _append(content: Value, params: Params) -> Value:
    target = follow(content, params.path)
    if isinstance(target, list):
        target.append(copy.deepcopy(params.value))
    return content


def _insert(content: Value, params: Params) -> Value:
    target, index = follow(content, params.path), params.index
    if isinstance(target, list):
        target.insert(index, copy.deepcopy(params.value))
    return content


def _sort(content: Value, params: Params) -> Value:
    target = follow(content, params.path)
    if isinstance(target, list):
        with suppress(TypeError):  # items that have no order among them stay as they are
            target[:] = sorted(target, reverse=params.reverse)  # type: ignore[type-var]
    return content


def _set(content: Value, params: Params) -> Value:
    path = params.path
    if not path:
        return content
    if [*path] == [ROOT] and not isinstance(content, dict):
        return content
    parent = content
    for step in path[:-1]:
        parent = _made(parent, step)
    try:
        if isinstance(parent, dict):
            parent[str(path[-1])] = copy.deepcopy(params.value)
        elif isinstance(parent, list):
            parent[int(path[-1])] = copy.deepcopy(params.value)
    except (IndexError, ValueError):
        pass  # beyond the end of a list nothing is set
    return content


def _made(value: Value, step: str | int) -> Value:
    """The value one step further, made as an empty object where there is none."""
    if isinstance(value, dict):
        return value.setdefault(str(step), {})
    if isinstance(value, list):
        return _made_in_list(value, step)
    raise EdgeError(f"{step!r} leads into a {type(value).__name__}, not into a list or an object")


def _made_in_list(value: list[Value], step: str | int) -> Value:
    try:
        index = int(step)
        if index > _MOST_ITEMS:
            raise EdgeError(f"a list of {index} items is too long to be made")
        value.extend({} for _ in range(len(value), index + 1))
        return value[index]
    except (IndexError, ValueError):
        raise EdgeError(f"{step!r} is not a position of a list of {len(value)} items") from None


def _keys(content: Value, params: Params) -> Value:
    return [list[Value](path) for path in _leaves(content, [], params.max_depth)]


def _values(content: Value, params: Params) -> Value:
    return [follow(content, path) for path in _leaves(content, [], params.max_depth)]


def _leaves(value: Value, path: Path, depth: int) -> Iterator[Path]:
    if depth != -1 and len(path) >= depth:
        if path:
            yield path
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, [*path, key], depth)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, [*path, index], depth)
    else:
        yield path


def _replace(content: Value, params: Params) -> Value:
    known = params.plugins

    def one(value: Value) -> Value:
        if isinstance(value, str):
            return _NAME.sub(lambda match: str(known.get(match[1], match[0])), value)
        if isinstance(value, dict):
            return {key: one(item) for key, item in value.items()}
        return [one(item) for item in value] if isinstance(value, list) else value

    return one(content)


def _sets(content: Value, params: Params) -> Value:
    one, other = params.value1, params.value2
    if not (one and other and isinstance(one, list) and isinstance(other, list)):
        one = follow(content, params.path1)
        other = follow(content, params.path2)
    if not isinstance(one, list) or not isinstance(other, list):
        return []
    left, right = _scalars(one), _scalars(other)
    match params.operation:
        case "union":
            return list(dict.fromkeys((*left, *right)))
        case "intersection":
            return [item for item in left if item in right]
        case "difference":
            return [item for item in left if item not in right]
        case "symmetric_difference":
            rest = [item for item in right if item not in left]
            return [item for item in left if item not in right] + rest
    return []


def _scalars(items: list[Value]) -> list[Value]:
    """Items that sets can hold, without repeats, in the order of the list."""
    kept = [item for item in items if isinstance(item, bool | int | float | str)]
    return list[Value](dict.fromkeys(kept))


OPERATIONS: dict[str, Callable[[Value, Params], Value]] = {
    "get": _get,
    "delete": _delete,
    "append": _append,
    "insert": _insert,
    "sort": _sort,
    "set_value": _set,
    "get_keys": _keys,
    "get_values": _values,
    "variable_replace": _replace,
    "set_operation": _sets,
}
