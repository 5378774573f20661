"""Operations on lists and objects (`edit_structured`); a path lists keys and positions, `["*"]` is the root."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import cast

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import EdgeError

Path = list[str | int]
ROOT = "*"
_NAME = re.compile(r"\{\{(.{0,256}?)\}\}")
_MOST_ITEMS = 100_000


def apply(content: Value, operations: Value) -> Value:
    """The content after all operations, one after the other; the given content is left alone."""
    result = copy.deepcopy(content)
    for position, operation in enumerate(cast(list[Value], operations or [])):
        place = f"config.operations[{position}]"
        kind = operation.get("type") if isinstance(operation, dict) else None
        if not isinstance(operation, dict) or not isinstance(kind, str) or kind not in OPERATIONS:
            raise EdgeError(
                f"there is no operation {kind!r}",
                place=place,
                way_out=f"use one of {', '.join(OPERATIONS)}",
            )
        params = operation.get("params")
        try:
            result = OPERATIONS[kind](result, params if isinstance(params, dict) else {})
        except EdgeError as error:
            raise EdgeError(f"{kind}: {error.reason}", place=place) from None
    return result


def _path(params: Object, key: str = "path") -> Path:
    path = params.get(key)
    if path is None:
        return []
    if not isinstance(path, list) or not all(isinstance(step, str | int) for step in path):
        raise EdgeError(f"{key} must be a list of keys and positions")
    return cast(Path, path)


def follow(content: Value, path: Path, default: Value = None) -> Value:
    """The value at a path, `default` where there is none; a path into a text or number is an error."""
    if path == [ROOT]:
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


def _get(content: Value, params: Object) -> Value:
    return follow(content, _path(params), params.get("default"))


def _delete(content: Value, params: Object) -> Value:
    path = _path(params)
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


def _append(content: Value, params: Object) -> Value:
    target = follow(content, _path(params))
    if isinstance(target, list):
        target.append(copy.deepcopy(params.get("value")))
    return content


def _insert(content: Value, params: Object) -> Value:
    target, index = follow(content, _path(params)), params.get("index", 0)
    if isinstance(target, list) and isinstance(index, int):
        target.insert(index, copy.deepcopy(params.get("value")))
    return content


def _sort(content: Value, params: Object) -> Value:
    target = follow(content, _path(params))
    if isinstance(target, list):
        with suppress(TypeError):  # items that have no order among them stay as they are
            target[:] = sorted(target, reverse=params.get("reverse") is True)  # type: ignore[type-var]
    return content


def _set(content: Value, params: Object) -> Value:
    path = _path(params)
    if not path:
        return content
    if path == [ROOT] and not isinstance(content, dict):
        return content
    parent = content
    for step in path[:-1]:
        parent = _made(parent, step)
    try:
        if isinstance(parent, dict):
            parent[str(path[-1])] = copy.deepcopy(params.get("value"))
        elif isinstance(parent, list):
            parent[int(path[-1])] = copy.deepcopy(params.get("value"))
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
        raise EdgeError(f"{step!r} is no position of a list of {len(value)} items") from None


def _keys(content: Value, params: Object) -> Value:
    return [list[Value](path) for path in _leaves(content, [], _depth(params))]


def _values(content: Value, params: Object) -> Value:
    return [follow(content, path) for path in _leaves(content, [], _depth(params))]


def _depth(params: Object) -> int:
    depth = params.get("max_depth", -1)
    return depth if isinstance(depth, int) else -1


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


def _replace(content: Value, params: Object) -> Value:
    plugins = params.get("plugins")
    known = plugins if isinstance(plugins, dict) else {}

    def one(value: Value) -> Value:
        if isinstance(value, str):
            return _NAME.sub(lambda match: str(known.get(match[1], match[0])), value)
        if isinstance(value, dict):
            return {key: one(item) for key, item in value.items()}
        return [one(item) for item in value] if isinstance(value, list) else value

    return one(content)


def _sets(content: Value, params: Object) -> Value:
    one, other = params.get("value1"), params.get("value2")
    if not (one and other and isinstance(one, list) and isinstance(other, list)):
        one = follow(content, _path(params, "path1"))
        other = follow(content, _path(params, "path2"))
    if not isinstance(one, list) or not isinstance(other, list):
        return []
    left, right = _scalars(one), _scalars(other)
    match params.get("operation", "union"):
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


OPERATIONS: dict[str, Callable[[Value, Object], Value]] = {
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
