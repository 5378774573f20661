"""Foreign ids → ids that a manifest may hold, and every place of a configuration that names a block."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.imported import ForeignError, Loss
from registry_tool.manifest.names import ID

_LONGEST = 256
_HOSTILE = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)


def checked_id(value: Value, location: str) -> str:
    """A foreign id; `ForeignError` for what no editor makes: empty, huge, control characters."""
    if not isinstance(value, str) or not value:
        raise ForeignError("an id must be a non-empty string", location=location)
    if len(value) > _LONGEST:
        raise ForeignError(f"an id of {len(value)} characters is too long", location=location)
    if _HOSTILE.search(value):
        raise ForeignError("an id holds control or hidden characters", location=location)
    return value


def renamed(ids: Iterable[str], where: str, losses: list[Loss]) -> dict[str, str]:
    """Our id for each foreign id: the same where it can stay, else letters of it and a hash."""
    ids = tuple(ids)
    taken = {name for name in ids if ID.fullmatch(name)}
    mapping = {name: name for name in taken}
    for name in ids:
        if name in mapping:
            continue
        new = _new_id(name, taken)
        taken.add(new)
        mapping[name] = new
        losses.append(Loss(f"{where}.{name}", "its id", f"ids are letters, digits, _ and -: {new}"))
    return mapping


def _new_id(name: str, taken: set[str]) -> str:
    stem = re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_")[:48] or "id"
    digits = hashlib.sha256(name.encode()).hexdigest()
    return next(new for length in range(8, 16) if (new := f"{stem}-{digits[:length]}") not in taken)


# Fields that hold a bare block id, by edge type; elsewhere they are templates.
_BARE = {"load": ("content",), "rerank": ("query", "retrieval_chunks")}
_REFERENCES = ("query_id", "docs_id", "doc_ids", "queries", "docs", "data_source", "dataSource")


def with_ids(data: Frozen, names: Mapping[str, str], type_: str) -> Object:
    """The data of an edge of a type with every block id in it replaced; unknown ids stay."""
    if all(old == new for old, new in names.items()):
        return dict(data)
    result: Object = dict(data)
    for key in (*_REFERENCES, *_BARE.get(type_, ())):
        if key in result:
            result[key] = _reference(result[key], names)
    if isinstance(result.get("cases"), dict | list):
        result["cases"] = _below(result["cases"], names, frozenset({"block", "from", "to"}))
    for key in ("extra_configs", "extra_config"):
        if isinstance(result.get(key), dict):
            result[key] = _sources(result[key], names)
    return result


def _reference(value: Value, names: Mapping[str, str]) -> Value:
    """A block id, a list of ids, an object by ids, or objects with an `id`."""
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, list):
        return [_reference(item, names) for item in value]
    if isinstance(value, dict):
        if isinstance(value.get("id"), str):
            return {**value, "id": _reference(value["id"], names)}
        return {names.get(key, key): item for key, item in value.items()}
    return value


def _below(value: Value, names: Mapping[str, str], keys: frozenset[str]) -> Value:
    """Every string below one of the keys, at any depth."""
    if isinstance(value, list):
        return [_below(item, names, keys) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: names.get(item, item)
        if key in keys and isinstance(item, str)
        else _below(item, names, keys)
        for key, item in value.items()
    }


def _sources(value: Value, names: Mapping[str, str]) -> Value:
    """`data_source` lists inside the configuration of deep research, at any depth."""
    if isinstance(value, list):
        return [_sources(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _reference(item, names) if key == "data_source" else _sources(item, names)
        for key, item in value.items()
    }
