"""Errors as RFC 9457 problems: what is wrong with the request and the fix; never a path of this machine."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from registry_tool.core.errors import MissingToolError, NotFoundError, RegistryError, UsageError
from registry_tool.core.finding import FindingsError
from registry_tool.core.values import Object, Value
from registry_tool.server.openai_errors import ROOT as OPENAI
from registry_tool.server.openai_errors import openai_error
from registry_tool.server.responses import encoded

MEDIA_TYPE: Final = "application/problem+json"
_STATUS: Final = (
    (FindingsError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (UsageError, HTTPStatus.BAD_REQUEST),
    (MissingToolError, HTTPStatus.NOT_IMPLEMENTED),
)
_LOG = logging.getLogger(__name__)


class ProblemError(Exception):
    """A request that is refused with a status; `help` is the fix, `more` further members."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        help: str = "",
        more: Mapping[str, Value] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.help = help
        self.more = dict(more or {})
        self.headers = dict(headers or {})


def bad_parameter(name: str, reason: str, help: str = "") -> ProblemError:
    """400 for one parameter of a query or a field of a body, which is named."""
    return ProblemError(HTTPStatus.BAD_REQUEST, f"{name}: {reason}", help, {"parameter": name})


def problem(request: Request, error: ProblemError) -> Response:
    """The answer that says it, below `/v1/` in the shape that OpenAI's clients read."""
    if request.url.path.startswith(OPENAI):
        body = openai_error(error.status, error.detail, error.help, error.more)
        return Response(encoded(body), int(error.status), error.headers, "application/json")
    value: Object = {
        "type": "about:blank",
        "title": error.status.phrase,
        "status": int(error.status),
        "detail": error.detail,
        "instance": request.url.path,
        "request_id": _id(request),
        **({"help": error.help} if error.help else {}),
        **error.more,
    }
    return Response(encoded(value), int(error.status), error.headers, MEDIA_TYPE)


def of_registry_error(error: RegistryError, request_id: str = "") -> ProblemError:
    """What a use case refused. What is wrong on this machine goes to its log alone, with the request's id."""
    for kind, status in _STATUS:
        if isinstance(error, kind):
            more: Object = {}
            if isinstance(error, FindingsError):
                more["findings"] = [finding.to_value() for finding in error.findings]
            return ProblemError(status, error.reason, error.hint, more)
    _LOG.error("request %s failed: %s", request_id, error)
    return ProblemError(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "the registry could not answer",
        "its log says why; the request's id finds the line",
    )


async def on_problem(request: Request, error: Exception) -> Response:
    """The handler of every error: what was refused, what the framework refuses, and bugs.

    A bug's traceback is in the log, under the request's id.
    """
    if isinstance(error, ProblemError):
        return problem(request, error)
    if isinstance(error, RegistryError):
        return problem(request, of_registry_error(error, _id(request)))
    if isinstance(error, HTTPException):
        status = HTTPStatus(error.status_code)
        detail = error.detail if error.detail != status.phrase else status.description
        return problem(request, ProblemError(status, detail, headers=error.headers))
    _LOG.error("request %s met a bug", _id(request), exc_info=error)
    return problem(request, _BUG)


def _id(request: Request) -> str:
    found: str = request.scope.get("request_id", "")
    return found


_BUG: Final = ProblemError(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "a bug of the server",
    "please report it with the request's id",
)
HANDLED: Final = (ProblemError, RegistryError, HTTPException, Exception)
