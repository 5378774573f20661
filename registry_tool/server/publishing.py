"""Publishing over HTTP: `POST /workflows`, a form with a manifest and the package of its version."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from registry_tool.api.layout import ROOT
from registry_tool.commands.live.changes.gatekeeper import ChangeResult
from registry_tool.commands.live.changes.posted import (
    PostedVersion,
    UnfitPackageError,
    posted_version,
)
from registry_tool.commands.live.changes.publishing import PublishedAlreadyError, publish_posted
from registry_tool.manifest.source import MAX_BYTES
from registry_tool.package.limits import MAX_PACKAGE
from registry_tool.security.tokens.principal import PUBLISH, Principal
from registry_tool.server.authorisation import demand, demand_modify, demand_scope
from registry_tool.server.changing import demand_same, idempotency_key, queue_of, waiting
from registry_tool.server.context import context, live
from registry_tool.server.parameters import query_of
from registry_tool.server.problems import ProblemError
from registry_tool.server.responses import encoded

_PARTS: Final = {"manifest": MAX_BYTES, "package": MAX_PACKAGE}
_FORM: Final = "post multipart/form-data with `manifest` and, for more files than that, `package`"


async def publish(request: Request) -> Response:
    """POST /workflows: 201 with the version, 202 where it waits for somebody, 422 with what `check-pr` finds."""
    query_of(request, ())
    await run_in_threadpool(demand_scope, request, PUBLISH)
    return await publish_as(request)


async def publish_as(request: Request, only: str = "") -> Response:
    """Publish what was posted; 422 where it is another workflow than `only`."""
    key = idempotency_key(request)
    parts = await _parts(request)
    who, posted = await run_in_threadpool(_admitted, request, parts, only)
    content = parts["manifest"] + b"\0" + parts.get("package", b"")
    await run_in_threadpool(demand_same, request, who, key, content)
    changed = await queue_of(request).change(lambda: _published(request, who, posted))
    if changed.held:
        return waiting(changed)
    return await run_in_threadpool(_version, request, posted)


def _admitted(
    request: Request, parts: dict[str, bytes], only: str
) -> tuple[Principal, PostedVersion]:
    """Who publishes what, where they may."""
    try:
        posted = posted_version(
            parts["manifest"], parts.get("package"), context(request).clock.now()
        )
    except UnfitPackageError as error:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, error.reason, error.hint) from None
    name = posted.workflow.name
    if only and name != only:
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"the manifest is that of {name[:64]}, and the address that of {only[:64]}",
            "post it to /workflows",
        )
    who = demand(request, PUBLISH, name)
    demand_modify(request, who, name)
    return who, posted


def _published(request: Request, who: Principal, posted: PostedVersion) -> ChangeResult:
    shared = context(request)
    try:
        changed = publish_posted(shared.gatekeeper, who, posted)
    except PublishedAlreadyError as error:
        raise ProblemError(HTTPStatus.CONFLICT, error.reason, error.hint) from None
    if changed.commit or changed.held:
        shared.note(
            who,
            "publish",
            {
                "workflow": posted.workflow.name,
                "version": posted.workflow.version,
                "digest": posted.digest,
                **({"commit": changed.commit} if changed.commit else {"held": changed.held}),
            },
        )
    return changed


def _version(request: Request, posted: PostedVersion) -> Response:
    """201: the version as it is published."""
    name, version = posted.workflow.name, posted.workflow.version
    resource = live(request).snapshot().resource(name, version)
    where = f"/{ROOT}/workflows/{name}/{version}.json"
    return Response(encoded(resource), HTTPStatus.CREATED, {"Location": where}, "application/json")


async def _parts(request: Request) -> dict[str, bytes]:
    """The parts of the form, each once; a problem for anything else."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise ProblemError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the body must be multipart/form-data", _FORM
        )
    found: dict[str, bytes] = {}
    async with request.form(max_files=2, max_fields=2, max_part_size=MAX_BYTES) as form:
        for name, value in form.multi_items():
            if name not in _PARTS or name in found:
                what = "is given more than once" if name in found else "is not part of this form"
                raise ProblemError(HTTPStatus.BAD_REQUEST, f"{name[:64]!r} {what}", _FORM)
            data = await value.read() if isinstance(value, UploadFile) else value.encode()
            if len(data) > _PARTS[name]:
                raise ProblemError(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                    f"{name} is larger than {_PARTS[name]} bytes",
                    "keep large files elsewhere and load them from an address",
                )
            found[name] = data
    if "manifest" not in found:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "the form has no `manifest`", _FORM)
    return found


ROUTES = (Route("/workflows", publish, methods=["POST"]),)
