"""GET /v1/models: https://platform.openai.com/docs/api-reference/models. Each workflow is a model."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from registry_tool.catalogue.summaries import Summary
from registry_tool.commands.live.rendered import RenderedDocument
from registry_tool.commands.live.view import chosen
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object, Value
from registry_tool.server.authorisation import view
from registry_tool.server.parameters import query_of
from registry_tool.server.problems import ProblemError
from registry_tool.server.responses import json_document, json_response, kept
from registry_tool.sources.reference import parse_reference


def list_models(request: Request) -> Response:
    """All of them, by name."""
    query_of(request, ())
    shown = view(request)

    def render() -> RenderedDocument:
        found: list[Value] = [_model(one) for one in shown.summaries.values()]
        return json_document({"object": "list", "data": found})

    return kept(request, shown, render)


def get_model(request: Request) -> Response:
    """One of them: `name`, `name@range` or `name:version`."""
    query_of(request, ())
    text, snapshot = request.path_params["model"], view(request)
    try:
        reference = parse_reference(text[:300])
        line = snapshot.line(reference.name)
        chosen(line, reference.version or reference.range)
    except RegistryError as error:
        more: Object = {"parameter": "model", "code": "model_not_found"}
        raise ProblemError(HTTPStatus.NOT_FOUND, error.reason, error.hint, more) from None
    return json_response(request, {**_model(snapshot.summaries[reference.name]), "id": text})


def _model(summary: Summary) -> Object:
    return {
        "id": summary["name"],
        "object": "model",
        "created": _seconds(str(summary["updated"] or "")),
        "owned_by": summary["author"] or "",
    }


def _seconds(moment: str) -> int:
    """Unix time, 0 where nobody said when."""
    try:
        return int(datetime.fromisoformat(moment).timestamp())
    except ValueError:
        return 0
