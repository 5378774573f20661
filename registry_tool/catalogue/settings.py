"""`registry.yaml` and `owners.yaml`: read strictly, once."""

from __future__ import annotations

from typing import cast

from registry_tool.catalogue.model import Owners, Person, RegistrySettings
from registry_tool.core.finding import FindingsError
from registry_tool.core.values import Frozen, Object
from registry_tool.manifest.positions import locate
from registry_tool.manifest.schemas import OWNERS_SCHEMA, REGISTRY_SCHEMA, schema_problems
from registry_tool.manifest.source import load_document


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
        deprecated=cast(str, value.get("deprecated", "")),
        replacement=cast(str, value.get("replacement", "")),
        yanked=cast(dict[str, str], value.get("yanked") or {}),
    )


def _people(value: Object, key: str) -> tuple[Person, ...]:
    people = cast(list[Object], value.get(key) or [])
    return tuple(Person(cast(str, item["login"]), cast(int, item["id"])) for item in people)
