"""The addresses of OpenAI's interface."""

from __future__ import annotations

from http import HTTPStatus
from typing import NoReturn

from starlette.requests import Request
from starlette.routing import Route

from registry_tool.server.methods import refusals
from registry_tool.server.openai.chat import chat_completions
from registry_tool.server.openai.models import get_model, list_models
from registry_tool.server.openai.responses import create_response
from registry_tool.server.problems import ProblemError


def unknown(request: Request) -> NoReturn:
    """What OpenAI's interface has and this one has not, and addresses that nobody has."""
    raise ProblemError(
        HTTPStatus.NOT_FOUND,
        f"there is no {request.method} {request.url.path[:200]}",
        "there are GET /v1/models, POST /v1/chat/completions and POST /v1/responses",
        {"code": "unknown_url"},
    )


OPERATIONS = (
    Route("/v1/models", list_models, methods=["GET"]),
    Route("/v1/models/{model:path}", get_model, methods=["GET"]),
    Route("/v1/chat/completions", chat_completions, methods=["POST"]),
    Route("/v1/responses", create_response, methods=["POST"]),
)
ROUTES = (
    *OPERATIONS,
    *refusals(OPERATIONS),
    Route("/v1/{path:path}", unknown, methods=["GET", "POST", "PUT", "DELETE", "PATCH"]),
)
