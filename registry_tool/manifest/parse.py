"""A checked document → the typed workflow. Below here nobody writes `dict.get` on a manifest.

`to_workflow` trusts that the value obeys `workflow-v1.schema.json`; it reads authored manifests and
compiled ones alike, since a compiled workflow is a manifest in normal form.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.manifest.model import (
    Block,
    Edge,
    Environment,
    ExternalApi,
    Fallback,
    Interface,
    Metadata,
    Port,
    Requirement,
    Requirements,
    Security,
    TestCase,
    Workflow,
)

_RENAMED = {"min": "minimum", "max": "maximum"}


def to_workflow(value: Value) -> Workflow:
    """The typed workflow of a manifest that passed the schema."""
    root = _object(value)
    spec = _object(root["spec"])
    runtime = _below(spec, "runtime")
    dependencies = _below(runtime, "dependencies")
    return Workflow(
        metadata=_metadata(_object(root["metadata"])),
        blocks=tuple(_block(item) for item in _objects(spec, "blocks")),
        edges=tuple(_edge(item) for item in _objects(spec, "edges")),
        interface=_interface(_below(spec, "interface")),
        requirements=_requirements(_below(runtime, "requirements")),
        external_apis=tuple(_api(item) for item in _objects(dependencies, "external_apis")),
        requires=tuple(_requirement(item) for item in _objects(dependencies, "workflows")),
        environments=tuple(
            _environment(name, _object(item))
            for name, item in sorted(_below(runtime, "environments").items())
        ),
        tests=tuple(_test(item) for item in _objects(spec, "tests")),
        security=_security(_below(root, "security")),
        extensions=dict(_extensions(root, spec)),
    )


def normal_schema(schema: Value) -> Value:
    """A JSON Schema with `min` and `max` spelled `minimum` and `maximum`, at every depth."""
    if isinstance(schema, list):
        return [normal_schema(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result: Object = {}
    for key, item in schema.items():
        if key in {"properties", "$defs", "patternProperties"} and isinstance(item, dict):
            result[key] = {name: normal_schema(below) for name, below in item.items()}
        elif key in {"enum", "const", "default", "examples"}:
            result[key] = item
        else:
            result[_RENAMED.get(key, key) if _is_number(item) else key] = normal_schema(item)
    return result


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _object(value: Value) -> Object:
    return cast(Object, value)


def _below(parent: Object, key: str) -> Object:
    return _object(parent.get(key) or {})


def _objects(parent: Object, key: str) -> list[Object]:
    return cast(list[Object], parent.get(key) or [])


def _text(parent: Object, key: str, default: str = "") -> str:
    return cast(str, parent.get(key, default))


def _texts(parent: Object, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    return tuple(cast(list[str], parent[key])) if key in parent else default


def _metadata(item: Object) -> Metadata:
    return Metadata(
        name=_text(item, "name"),
        version=_text(item, "version"),
        author=_text(item, "author"),
        description=_text(item, "description"),
        category=_text(item, "category", "uncategorized"),
        tags=_texts(item, "tags"),
        license=_text(item, "license"),
        created=_text(item, "created"),
        updated=_text(item, "updated"),
        homepage=_text(item, "homepage"),
        certified=item.get("certified") is True,
    )


def _block(item: Object) -> Block:
    about = dict(_below(item, "metadata"))
    return Block(
        id=_text(item, "id"),
        type=_text(item, "type"),
        label=cast(str, about.pop("label", "")),
        description=cast(str, about.pop("description", "")),
        metadata=about,
        schema=_object(normal_schema(_below(item, "schema"))),
        config=_below(item, "config"),
        value=item.get("value"),
        has_value="value" in item,
        looped=item.get("looped") is True,
    )


def _ids(value: Value) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(cast(list[str], value))


def _fallback(value: Value) -> Fallback | None:
    """`skip` or `{value}`; anything else lets the run fail."""
    if isinstance(value, dict):
        return Fallback(value.get("value"), has_value=True)
    return Fallback() if value == "skip" else None


def _edge(item: Object) -> Edge:
    return Edge(
        id=_text(item, "id"),
        type=_text(item, "type"),
        sources=_ids(item["source"]),
        targets=_ids(item["target"]),
        when=_ids(item.get("when") or []),
        on_error=_fallback(item.get("on_error")),
        config=_below(item, "config"),
        metadata=_below(item, "metadata"),
    )


def _port(item: Object) -> Port:
    return Port(
        name=_text(item, "name"),
        type=_text(item, "type", "any"),
        required=item.get("required") is True,
        default=item.get("default"),
        has_default="default" in item,
        enum=tuple(cast(list[Value], item.get("enum") or [])),
        description=_text(item, "description"),
        schema=_object(normal_schema(_below(item, "schema"))),
        block=_text(item, "block"),
        pii=item.get("pii") is True,
    )


def _interface(item: Object) -> Interface:
    return Interface(
        inputs=tuple(_port(port) for port in _objects(item, "inputs")),
        outputs=tuple(_port(port) for port in _objects(item, "outputs")),
    )


def _requirements(item: Object) -> Requirements:
    return Requirements(
        compute=_text(item, "compute"),
        memory=_text(item, "memory"),
        storage=_text(item, "storage"),
        timeout=_text(item, "timeout"),
    )


def _api(item: Object) -> ExternalApi:
    return ExternalApi(
        name=_text(item, "name"),
        version=_text(item, "version", "*"),
        required=item.get("required", True) is True,
        hosts=_texts(item, "hosts"),
        secrets=_texts(item, "secrets"),
    )


def _requirement(item: Object) -> Requirement:
    return Requirement(
        name=_text(item, "name"),
        range=_text(item, "version", "*"),
        registry=_text(item, "registry", "public"),
    )


def _environment(name: str, item: Object) -> Environment:
    own = {"variables", "limits"}
    overrides = {key: value for key, value in item.items() if key not in own}
    return Environment(name, overrides, _below(item, "variables"), _below(item, "limits"))


def _test(item: Object) -> TestCase:
    tolerance = cast(float | None, item.get("tolerance"))
    threshold = cast(float | None, item.get("threshold"))
    return TestCase(
        name=_text(item, "name"),
        inputs=_below(item, "inputs"),
        expected=_below(item, "expected"),
        assertions=tuple(cast(list[Frozen], item.get("assert") or [])),
        environment=_text(item, "environment"),
        runs=cast(int, item.get("runs", 1)),
        pass_rate=cast(float, item.get("pass_rate", 1.0)),
        tolerance=tolerance,
        threshold=threshold,
        answers=_below(item, "answers"),
    )


def _security(item: Object) -> Security:
    access, privacy = _below(item, "access_control"), _below(item, "data_privacy")
    usual = Security()
    return Security(
        read=_texts(access, "read", usual.read),
        execute=_texts(access, "execute", usual.execute),
        modify=_texts(access, "modify", usual.modify),
        pii_handling=_text(privacy, "pii_handling", usual.pii_handling),
        data_retention=_text(privacy, "data_retention"),
        encryption=_text(privacy, "encryption").replace("none", ""),
        recipients=_texts(privacy, "recipients"),
    )


def _extensions(root: Object, spec: Object) -> Iterator[tuple[str, Value]]:
    locations = [("", root), ("metadata", _object(root["metadata"])), ("spec", spec)]
    locations += [(f"blocks.{item['id']}", item) for item in _objects(spec, "blocks")]
    locations += [(f"edges.{item['id']}", item) for item in _objects(spec, "edges")]
    for location, item in locations:
        if own := {key: value for key, value in item.items() if key.startswith("x-")}:
            yield location, own
