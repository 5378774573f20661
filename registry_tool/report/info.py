"""What a workflow is, takes and gives, for people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast

from registry_tool.core.values import Object
from registry_tool.report.text import inert


def info_text(found: Object) -> str:
    """The text of a WorkflowResource with its versions."""
    return inert("\n".join(_lines(found)))


def _lines(found: Object) -> Iterator[str]:
    about = cast(Object, found["metadata"])
    spec = cast(Object, found["spec"])
    status = cast(Object, found["status"])
    yield f"{about['name']}:{about['version']}  {about.get('description', '')}"
    for key in ("author", "category", "license", "homepage"):
        if about.get(key):
            yield f"{key:<10} {about[key]}"
    if about.get("tags"):
        yield f"{'tags':<10} {', '.join(cast(list[str], about['tags']))}"
    if status.get("digest"):
        yield f"{'digest':<10} {status['digest']}"
    if notice := cast(Object | None, status.get("notice")):
        instead = f"; use {notice['replacement']} instead" if notice["replacement"] else ""
        word = "yanked" if notice["level"] == "block" else str(notice["level"])
        reason = str(notice["reason"]).rstrip(".") if instead else notice["reason"]
        yield f"{word:<10} {reason}{instead}"
    yield from _score(cast(Object | None, status.get("score")))
    interface = cast(Object, spec.get("interface") or {})
    for side in ("inputs", "outputs"):
        for port in cast(list[Object], interface.get(side) or []):
            yield _port(side, port)
    for need in _needs(spec):
        yield f"{'requires':<10} {need['name']} {need['version']}"


def _score(found: Object | None) -> Iterator[str]:
    """The score, and how to earn what is missing of it."""
    if found is None:
        return
    yield f"{'score':<10} {found['total']} of {found['of']}"
    for reason in cast(list[Object], found["reasons"]):
        if reason["how"]:
            missing = cast(int, reason["of"]) - cast(int, reason["points"])
            yield f"{'':<10} +{missing}: {reason['how']}"


def _port(side: str, port: Object) -> str:
    notes = ["required"] if port.get("required") else []
    if "default" in port:
        notes.append(f"default {json.dumps(port['default'], ensure_ascii=False)}")
    if port.get("enum"):
        notes.append("one of " + ", ".join(map(str, cast(list[str], port["enum"]))))
    extra = f" ({'; '.join(notes)})" if notes else ""
    words = f"  {port['description']}" if port.get("description") else ""
    return f"{side[:-1]:<10} {port['name']}: {port['type']}{extra}{words}"


def _needs(spec: Object) -> list[Object]:
    runtime = cast(Object, spec.get("runtime") or {})
    dependencies = cast(Object, runtime.get("dependencies") or {})
    return cast(list[Object], dependencies.get("workflows") or [])
