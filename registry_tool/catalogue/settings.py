"""`registry.yaml`: read strictly, once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import cast

from registry_tool.catalogue.auto_merge import read_auto_merge
from registry_tool.catalogue.environments import read_access, read_environment, read_plan
from registry_tool.catalogue.identities import read_identities
from registry_tool.catalogue.model import LoginSettings, RegistrySettings, Translation
from registry_tool.catalogue.notifications import notification_problems, read_notifications
from registry_tool.catalogue.schedules import read_schedules, schedule_problems
from registry_tool.catalogue.version_pages import VersionPages
from registry_tool.core.finding import FindingsError, Problem
from registry_tool.core.values import Object, Value
from registry_tool.manifest.owners import people
from registry_tool.manifest.positions import locate
from registry_tool.manifest.publish_policy import PUBLISH_POLICY
from registry_tool.manifest.schemas import REGISTRY_SCHEMA, schema_problems
from registry_tool.manifest.source import load_document


def _checked(
    data: bytes, path: str, schema: str, more: Callable[[Value], Iterable[Problem]]
) -> Object:
    document = load_document(data, path)
    if findings := locate(schema_problems(document.value, schema), "schema", document):
        raise FindingsError(findings)
    if findings := locate(more(document.value), "schema", document):
        raise FindingsError(findings)
    return cast(Object, document.value)


@lru_cache(maxsize=8)  # a command asks several times, and the same bytes say the same
def read_settings(data: bytes, path: str) -> RegistrySettings:
    """The settings in a `registry.yaml`; `FindingsError` says what is wrong with it."""
    value = _checked(data, path, REGISTRY_SCHEMA, _problems)
    policy = cast(Object, value.get("policy") or {})
    return RegistrySettings(
        name=cast(str, value["name"]),
        url=cast(str, value.get("url", "")),
        description=cast(str, value.get("description", "")),
        categories=cast(dict[str, str], value.get("categories") or {}),
        registries=cast(dict[str, str], value.get("registries") or {}),
        environments={
            name: read_environment(name, settings)
            for name, settings in cast(dict[str, Object], value.get("environments") or {}).items()
        },
        plans={
            name: read_plan(name, plan)
            for name, plan in cast(dict[str, Object], value.get("plans") or {}).items()
        },
        access=read_access(cast(Object, value.get("access") or {})),
        identities=read_identities(cast(Object, value.get("access") or {})),
        schedules=read_schedules(value),
        notifications=read_notifications(value),
        maintainers=people(policy, "maintainers"),
        reserved_names=tuple(cast(list[str], policy.get("reserved_names") or [])),
        changes_by_pull_request=policy.get("live_changes") == "pull-request",
        record_retention=cast(str, policy.get("record_retention", "")),
        version_pages=VersionPages(
            cast(str, cast(Object, value.get("site") or {}).get("version_pages", "all"))
        ),
        shows_deployments=cast(Object, value.get("site") or {}).get("deployments") is True,
        translations={
            language: Translation(
                cast(str, fields.get("description", "")),
                cast(dict[str, str], fields.get("categories") or {}),
            )
            for language, fields in cast(dict[str, Object], value.get("translations") or {}).items()
        },
        login=_login(cast(dict[str, str], value.get("login") or {})),
        auto_merge=read_auto_merge(cast(Object | None, policy.get("auto_merge"))),
        publish_policy=_publish_policy(cast(Object, policy.get("publish") or {})),
    )


def _problems(value: Value) -> Iterator[Problem]:
    yield from schedule_problems(value)
    yield from notification_problems(value)
    yield from _translation_problems(value)


def _translation_problems(value: Value) -> Iterator[Problem]:
    """Titles of categories that there are not."""
    if not isinstance(value, dict):
        return
    known = cast(Object, value.get("categories") or {})
    for language, fields in cast(dict[str, Object], value.get("translations") or {}).items():
        for category in cast(Object, fields.get("categories") or {}):
            if category not in known:
                at = ("translations", language, "categories", category)
                yield Problem(
                    at, f"there is no category {category!r}", f"there are {', '.join(known)}"
                )


def _login(fields: dict[str, str]) -> LoginSettings:
    usual = LoginSettings()
    return LoginSettings(fields.get("client_id", usual.client_id), fields.get("scope", usual.scope))


def _publish_policy(fields: Object) -> frozenset[str]:
    """Everything is asked for but what is turned off."""
    return frozenset(part for part in PUBLISH_POLICY if fields.get(part, True) is True)
