"""405 for a method that an address doesn't take, with all that it does (RFC 9110, 15.5.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http import HTTPMethod, HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from registry_tool.server.problems import ProblemError

_ALL: Final = frozenset(method.value for method in HTTPMethod)


def refusals(routes: Sequence[Route]) -> Iterable[Route]:
    """A route for each address that answers every other method; the framework tells only those of one route."""
    taken: dict[str, set[str]] = {}
    for route in routes:
        taken.setdefault(route.path, set()).update(route.methods or ())
    for path, methods in taken.items():
        yield _refusal(path, frozenset(methods))


def _refusal(path: str, methods: frozenset[str]) -> Route:
    allowed = ", ".join(sorted(methods))

    def refuse(_: Request) -> Response:
        raise ProblemError(
            HTTPStatus.METHOD_NOT_ALLOWED,
            "this address doesn't take that method",
            f"it takes {allowed}",
            headers={"Allow": allowed},
        )

    return Route(path, refuse, methods=sorted(_ALL - methods))
