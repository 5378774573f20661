"""Changing and withdrawing what is published, over HTTP: `PUT` and `DELETE /workflows/{name}`."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from registry_tool.catalogue.environments import Role
from registry_tool.commands.live.changes.gatekeeper import ChangeResult
from registry_tool.commands.live.changes.governing import (
    DEPRECATED,
    OwnersEdit,
    Withdrawal,
    govern,
    withdraw,
)
from registry_tool.core.codec import FileFormat, Stored
from registry_tool.core.values import Object, Value
from registry_tool.security.tokens.principal import ADMIN, PUBLISH, Principal
from registry_tool.server.authorisation import demand, demand_modify, demand_role, view
from registry_tool.server.bodies import body_as
from registry_tool.server.changing import demand_same, idempotency_key, queue_of, waiting
from registry_tool.server.context import context, live
from registry_tool.server.parameters import query_of
from registry_tool.server.problems import ProblemError, bad_parameter
from registry_tool.server.publishing import publish_as
from registry_tool.server.responses import encoded

_WITHDRAWN: Final = "withdrawn by its owners"
_LONGEST_REASON: Final = 1024


class _Person(Stored, frozen=True):
    login: str
    id: int


class _GovernRequest(Stored, frozen=True, omit_defaults=True):
    reason: str
    level: str = ""
    replacement: str = ""
    without_successor: bool = False


class _Edit(Stored, frozen=True):
    owners: list[_Person] | msgspec.UnsetType | None = msgspec.UNSET
    collaborators: list[_Person] | msgspec.UnsetType | None = msgspec.UNSET
    deprecated: _GovernRequest | msgspec.UnsetType | None = msgspec.UNSET
    notices: dict[str, _GovernRequest | None] = msgspec.field(default_factory=dict)


_EDIT: Final = FileFormat[_Edit](
    _Edit,
    "change",
    hint="send `owners`, `collaborators`, `deprecated` or `notices` (null takes back)",
)


async def put(request: Request) -> Response:
    """PUT /workflows/{name}: 200 with the workflow as it is now; a form publishes a new version of it."""
    query_of(request, ())
    name = request.path_params["name"]
    who = await run_in_threadpool(_owner, request, name)
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await publish_as(request, name)
    key = idempotency_key(request)
    edit = _edit(await body_as(request, _EDIT))
    if edit.is_empty:
        raise bad_parameter("the body", "changes nothing", _EDIT.hint)

    await run_in_threadpool(demand_same, request, who, key, await request.body())

    def made() -> ChangeResult:
        changed = govern(context(request).gatekeeper, who, name, edit)
        _note(request, who, "change", {"workflow": name, "changed": _names(edit)}, changed)
        return changed

    changed = await queue_of(request).change(made)
    if changed.held:
        return waiting(changed)
    resource = await run_in_threadpool(lambda: live(request).snapshot().resource(name))
    return Response(encoded(resource), HTTPStatus.OK, media_type="application/json")


async def delete(request: Request) -> Response:
    """DELETE /workflows/{name}: 204; it is yanked, or, with `tombstone=true` by an admin, removed for good."""
    name = request.path_params["name"]
    wanted = _withdrawal(request)
    who = await run_in_threadpool(_remover if wanted.tombstone else _owner, request, name)

    def made() -> ChangeResult:
        changed = withdraw(context(request).gatekeeper, who, name, wanted)
        detail: Object = {"workflow": name, "version": wanted.version, "reason": wanted.reason}
        _note(request, who, "remove" if wanted.tombstone else "yank", detail, changed)
        return changed

    changed = await queue_of(request).change(made)
    return waiting(changed) if changed.held else Response(None, HTTPStatus.NO_CONTENT)


def _note(
    request: Request, who: Principal, action: str, detail: Object, changed: ChangeResult
) -> None:
    if changed.commit or changed.held:
        became: Object = {"commit": changed.commit} if changed.commit else {"held": changed.held}
        context(request).note(who, action, {**detail, **became})


def _owner(request: Request, name: str) -> Principal:
    """Somebody who may change that workflow, which is there."""
    who = demand(request, PUBLISH, name)
    view(request).line(name)
    demand_modify(request, who, name)
    return who


def _remover(request: Request, name: str) -> Principal:
    """An admin with a credential for that."""
    who = demand(request, ADMIN, name)
    view(request).line(name)
    demand_role(request, who, Role.ADMIN)
    return who


def _withdrawal(request: Request) -> Withdrawal:
    known = ("version", "reason", "replacement", "without_successor", "tombstone")
    found = {key: values[0] for key, values in query_of(request, known).items()}
    flags = {}
    for key in ("without_successor", "tombstone"):
        if (text := found.pop(key, "false")) not in ("true", "false"):
            raise bad_parameter(key, f"{text!r} is neither true nor false")
        flags[key] = text == "true"
    reason = found.get("reason", "").strip()
    if flags["tombstone"] and not reason:
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "reason: is missing",
            "say why it is removed for good",
            {"parameter": "reason"},
        )
    if len(reason) > _LONGEST_REASON:
        raise bad_parameter("reason", f"is longer than {_LONGEST_REASON} characters")
    return Withdrawal(
        found.get("version", ""), reason or _WITHDRAWN, found.get("replacement", ""), **flags
    )


def _edit(body: _Edit) -> OwnersEdit:
    members: dict[str, Value] = {}
    for key in ("owners", "collaborators", DEPRECATED):
        item: Any = getattr(body, key)
        if item is not msgspec.UNSET:
            members[key] = None if item is None else msgspec.to_builtins(item)
    notices: dict[str, Value] = {
        version: None if notice is None else msgspec.to_builtins(notice)
        for version, notice in body.notices.items()
    }
    return OwnersEdit(members, notices)


def _names(edit: OwnersEdit) -> list[Value]:
    return [*edit.members, *(f"notice of {version}" for version in edit.notices)]


ROUTES = (
    Route("/workflows/{name:line}", put, methods=["PUT"]),
    Route("/workflows/{name:line}", delete, methods=["DELETE"]),
)
