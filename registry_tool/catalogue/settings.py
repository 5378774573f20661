"""`registry.yaml` and `owners.yaml`: read strictly, once."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from registry_tool.catalogue.model import Owners, Person, RegistrySettings
from registry_tool.core.finding import FindingsError
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.manifest.positions import locate
from registry_tool.manifest.schemas import OWNERS_SCHEMA, REGISTRY_SCHEMA, schema_problems
from registry_tool.manifest.source import load_document
from registry_tool.resolver.notice import Level, Notice


def _checked(data: bytes, path: str, schema: str) -> Object:
    document = load_document(data, path)
    if findings := locate(schema_problems(document.value, schema), "schema", document):
        raise FindingsError(findings)
    return cast(Object, document.value)


def read_settings(data: bytes, path: str) -> RegistrySettings:
    """The settings in a `registry.yaml`; `FindingsError` says what is wrong with it."""
    value = _checked(data, path, REGISTRY_SCHEMA)
    return RegistrySettings(
        name=cast(str, value["name"]),
        url=cast(str, value.get("url", "")),
        description=cast(str, value.get("description", "")),
        categories=cast(dict[str, str], value.get("categories") or {}),
        registries=cast(dict[str, str], value.get("registries") or {}),
        environments=cast(Frozen, value.get("environments") or {}),
        plans=cast(Frozen, value.get("plans") or {}),
        policy=cast(Frozen, value.get("policy") or {}),
    )


def read_owners(data: bytes, path: str) -> Owners:
    """The owners in an `owners.yaml`; `FindingsError` says what is wrong with it."""
    value = _checked(data, path, OWNERS_SCHEMA)
    return Owners(
        owners=_people(value, "owners"),
        collaborators=_people(value, "collaborators"),
        deprecated=_deprecated(value),
        notices={
            version: _notice(said, Level.BLOCK)
            for version, said in cast(Object, value.get("yanked") or {}).items()
        },
        tombstones=cast(dict[str, str], value.get("tombstones") or {}),
        removed=cast(str, value.get("removed", "")),
    )


def _deprecated(value: Object) -> Notice | None:
    if not value.get("deprecated"):
        return None
    notice = _notice(value["deprecated"], Level.WARN)
    replacement = notice.replacement or cast(str, value.get("replacement", ""))
    return replace(notice, replacement=replacement)


def _notice(said: Value, usual: Level) -> Notice:
    """A notice as written: only its reason, or an object."""
    if isinstance(said, str):
        return Notice(said, usual)
    item = cast(Object, said)
    return Notice(
        reason=cast(str, item["reason"]),
        level=Level(cast(str, item.get("level", usual.value))),
        replacement=cast(str, item.get("replacement", "")),
        without_successor=item.get("without_successor") is True,
    )


def _people(value: Object, key: str) -> tuple[Person, ...]:
    people = cast(list[Object], value.get(key) or [])
    return tuple(Person(cast(str, item["login"]), cast(int, item["id"])) for item in people)
