"""Template packages of PuppyFlow: `{metadata, workflow, resources}` with files beside it.

Each resource's file is put where `mounted_path` says, into the data of its block; files of type `file` come
along into the project's `resources/`.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json, unsafe_path
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.foreign_values import as_object, sub_object, text_of
from registry_tool.importers.imported import ForeignError, Loss
from registry_tool.store.paths import RESOURCES

_STEP = re.compile(r"\.?([A-Za-z_][A-Za-z0-9_]*)|\[(\d{1,3})\]")


@dataclass(slots=True)
class _Unpacking:
    """What happens while resources are put in place; `files` are by path in the project."""

    contents: Mapping[str, bytes]
    losses: list[Loss]
    files: dict[str, bytes] = field(default_factory=dict)


def is_package(value: Value) -> bool:
    """True for a template package."""
    return isinstance(value, dict) and isinstance(value.get("workflow"), dict)


def resource_paths(value: Value) -> list[str]:
    """Paths of the files that a package mounts, as written; `ForeignError` for one that leaves its folder."""
    found: list[str] = []
    for location, item in _resources(value):
        path = text_of(sub_object(item, "source"), "path")
        if not path:
            continue  # `unpacked` reports it
        if reason := unsafe_path(path):
            raise ForeignError(
                f"the path {path[:80]!r} {reason}", location=f"{location}.source.path"
            )
        found.append(path)
    return list(dict.fromkeys(found))


def unpacked(
    value: Object, contents: Mapping[str, bytes], losses: list[Loss]
) -> tuple[Object, dict[str, bytes]]:
    """The package's workflow with every resource in place, and the files that come along."""
    workflow = copy.deepcopy(as_object(value.get("workflow"), "workflow"))
    nodes = _nodes_by_id(workflow)
    unpacking = _Unpacking(contents, losses)
    resource_paths(value)
    for location, item in _resources(value):
        block = nodes.get(text_of(item, "block_id"))
        if block is None:
            why = f"there is no block {text_of(item, 'block_id')!r}"
            losses.append(Loss(location, f"the resource {text_of(item, 'id')!r}", why))
        else:
            _mount(item, block, location, unpacking)
    if sub_object(sub_object(value, "metadata"), "requirements").get("embedding_models"):
        why = "which model embeds is the environment's choice"
        losses.append(Loss("metadata.requirements", "embedding_models", why))
    return workflow, unpacking.files


def _resources(value: Value) -> Iterator[tuple[str, Object]]:
    found: Value = value.get("resources") if isinstance(value, dict) else None
    if isinstance(found, dict):
        found = found.get("resources")
    for position, item in enumerate(found if isinstance(found, list) else []):
        location = f"resources[{position}]"
        yield location, as_object(item, location)


def _nodes_by_id(workflow: Object) -> dict[str, Object]:
    blocks = workflow.get("blocks")
    if isinstance(blocks, dict):
        return {name: as_object(block, f"blocks.{name}") for name, block in blocks.items()}
    nodes = [as_object(item, "blocks") for item in (blocks if isinstance(blocks, list) else [])]
    return {text_of(node, "id"): node for node in nodes}


def _mount(item: Object, block: Object, location: str, unpacking: _Unpacking) -> None:
    source, name = sub_object(item, "source"), text_of(item, "id")
    path = text_of(source, "path")
    content = unpacking.contents.get(path)
    if content is None:
        unpacking.losses.append(Loss(location, f"the resource {name!r}", f"{path!r} is not there"))
        return
    block["data"] = data = sub_object(block, "data")
    type_ = text_of(item, "type")
    if type_ == "file":
        _mount_file(path, content, data, unpacking)
    elif type_ in {"external_storage", "vector_collection"}:
        _mount_value(item, block, _read(source, content), location, unpacking)
    else:
        unpacking.losses.append(Loss(location, f"the resource {name!r}", f"its type is {type_!r}"))
        return
    for holder in (block, data):
        holder.pop("storage_class", None)
        holder.pop("external_metadata", None)


def _read(source: Frozen, content: bytes) -> Value:
    path = text_of(source, "path")
    if text_of(source, "format") in {"structured", "json"}:
        return parse_json(content, location=path)
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise RegistryError("is not UTF-8 text", location=path) from None


def _mount_file(path: str, content: bytes, data: Object, unpacking: _Unpacking) -> None:
    name = path.rsplit("/", 1)[-1]
    unpacking.files[f"{RESOURCES}/{name}"] = content
    old = data.get("content")
    entry: Object = {"fileName": name, "fileType": name.rsplit(".", 1)[-1].lower(), "path": name}
    others = [
        item
        for item in (old if isinstance(old, list) else [])
        if not (isinstance(item, dict) and item.get("fileName") == name)
    ]
    data["content"] = [entry, *others]


def _mount_value(
    item: Object, block: Object, value: Value, location: str, unpacking: _Unpacking
) -> None:
    targets = sub_object(item, "mounted_paths")
    if not targets:
        _put(block, text_of(item, "mounted_path", "data.content"), value, location, unpacking)
        return
    parts = value if isinstance(value, dict) else {"content": value}
    for part, found in parts.items():
        target = text_of(targets, part)
        if target:
            _put(block, target, found, location, unpacking)
        else:
            unpacking.losses.append(Loss(location, part, "the package mounts it nowhere"))


def _put(block: Object, path: str, value: Value, location: str, unpacking: _Unpacking) -> None:
    """Set `data.a[0].b` below a block; objects are merged, missing steps are made."""
    steps: list[str | int] = [
        match[1] if match[1] else int(match[2]) for match in _STEP.finditer(path)
    ]
    if "".join(_spelt(step) for step in steps) != f".{path}" or steps[:1] != ["data"]:
        unpacking.losses.append(
            Loss(location, "the resource", f"{path!r} is not a path into a block")
        )
        return
    holder: Value = block
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        last = following is None
        usual: Value = [] if isinstance(following, int) else {}
        found = _at(holder, step)
        if last:
            merged = isinstance(found, dict) and isinstance(value, dict)
            _set(holder, step, {**found, **value} if merged else value)  # type: ignore[dict-item]
        elif not isinstance(found, dict | list):
            _set(holder, step, usual)
        holder = _at(holder, step)


def _spelt(step: str | int) -> str:
    return f"[{step}]" if isinstance(step, int) else f".{step}"


def _at(holder: Value, step: str | int) -> Value:
    if isinstance(holder, dict) and isinstance(step, str):
        return holder.get(step)
    if isinstance(holder, list) and isinstance(step, int) and step < len(holder):
        return holder[step]
    return None


def _set(holder: Value, step: str | int, value: Value) -> None:
    if isinstance(holder, dict) and isinstance(step, str):
        holder[step] = value
    elif isinstance(holder, list) and isinstance(step, int):
        holder.extend([{}] * (step + 1 - len(holder)))
        holder[step] = value
