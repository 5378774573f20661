"""What a registry's API says, read strictly: whoever serves it may lie, or serve another's bytes."""

from __future__ import annotations

import re
from typing import cast

from registry_tool.api.layout import summed
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json
from registry_tool.core.values import Object, Value
from registry_tool.manifest.model import Requirement
from registry_tool.manifest.names import bad_name, bad_version
from registry_tool.manifest.notice import Level, Notice
from registry_tool.resolver.candidates import Candidate
from registry_tool.resolver.ranges import is_valid

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_SUMMARY_TEXTS = ("name", "version", "description", "category")
_FORM = (KeyError, TypeError, AttributeError, ValueError)


def read_candidate(name: str, line: bytes, location: str) -> Candidate:
    """One version of a workflow in a line of its index; `RegistryError` where it is malformed."""
    try:
        value = cast(dict[str, Value], parse_json(line, location=location))
        rest = {key: item for key, item in value.items() if key != "sum"}
        if value["name"] != name or summed(rest) != line:
            raise KeyError("sum")
        return Candidate(
            name=name,
            version=_version(value["version"]),
            digest=_digest(value["digest"]),
            yanked=value["yanked"] is True,
            notice=_notice(value.get("notice")),
            requires=tuple(map(_requirement, cast(list[Value], value["requires"]))),
        )
    except _FORM as error:
        raise _damaged(f"the index of {name} is damaged ({error})", location) from None


def read_page(value: Value, location: str) -> tuple[list[Object], str]:
    """The WorkflowSummary objects of a page, and the path of the next one or nothing."""
    try:
        page = cast(Object, value)
        following = cast(Object, page["pagination"])["next"]
        items = [_summary(item) for item in cast(list[Value], page["workflows"])]
        return items, "" if following is None else _text(following)
    except _FORM as error:
        raise _damaged(f"the list of workflows is damaged ({error})", location) from None


def read_group(value: Value, location: str) -> list[Object]:
    """The WorkflowSummary objects of a category, author or tag."""
    try:
        return [_summary(item) for item in cast(list[Value], value)]
    except _FORM as error:
        raise _damaged(f"the list of workflows is damaged ({error})", location) from None


def _damaged(reason: str, location: str) -> RegistryError:
    hint = "try again; if it stays so, tell the registry's maintainers"
    return RegistryError(reason, location=location, hint=hint)


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise TypeError("no text where one belongs")
    return value


def _version(value: Value) -> str:
    if bad_version(text := _text(value)):
        raise ValueError(f"{text[:40]!r} is not a version")
    return text


def _digest(value: Value) -> str:
    if not _DIGEST.fullmatch(text := _text(value)):
        raise ValueError(f"{text[:40]!r} is not a digest")
    return text


def _requirement(value: Value) -> Requirement:
    need = cast(Object, value)
    name, wanted, registry = (_text(need[key]) for key in ("name", "range", "registry"))
    if bad_name(name) or bad_name(registry) or not is_valid(wanted):
        raise ValueError(f"{name[:40]!r} {wanted[:40]!r} of {registry[:40]!r} is not a requirement")
    return Requirement(name, wanted, registry)


def _notice(value: Value) -> Notice | None:
    if value is None:
        return None
    item = cast(Object, value)
    return Notice(
        _text(item["reason"]), Level(_text(item["level"])), _text(item.get("replacement") or "")
    )


def _summary(value: Value) -> Object:
    item = cast(Object, value)
    for key in _SUMMARY_TEXTS:
        _text(item[key])
    for tag in cast(list[Value], item["tags"]):
        _text(tag)
    return item
