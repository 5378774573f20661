"""POST /v1/responses: https://platform.openai.com/docs/api-reference/responses, as far as text goes."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from registry_tool.core.values import Object, Value
from registry_tool.security.tokens.principal import RUN
from registry_tool.server.authorisation import demand_scope
from registry_tool.server.bodies import json_body
from registry_tool.server.context import context
from registry_tool.server.openai.asking import RequestedRun, ask, demand_known, flag
from registry_tool.server.openai.chat import (
    LONGEST,
    NO_STORE,
    SILENT,
    Chunk,
    answer,
    data,
    guarded,
)
from registry_tool.server.openai.conversation import usage_of
from registry_tool.server.problems import bad_parameter
from registry_tool.server.watching import until_ended

_KNOWN: Final = ("model", "input", "instructions", "stream", "inputs")


async def create_response(request: Request) -> Response:
    """The answer of a workflow; as it comes, with `stream`. Nothing is kept to be continued."""
    await run_in_threadpool(demand_scope, request, RUN)
    body = await json_body(request)
    demand_known(body, _KNOWN)
    stream = flag(body, "stream")
    run = await ask(request, body.get("model"), _messages(body), body.get("inputs"))
    created = int(context(request).clock.now().timestamp())
    if stream:
        events = guarded(request, run, _events(run, created), "error")
        return StreamingResponse(events, HTTPStatus.OK, NO_STORE, "text/event-stream")
    await until_ended(run.found, LONGEST)
    text, document = await run_in_threadpool(run.answer)
    item = _item(run, "completed", [_part(text)])
    return answer(_response(run, created, "completed", [item], document))


def _messages(body: Object) -> list[Value]:
    given = body.get("input")
    messages: list[Value] = []
    if isinstance(given, str):
        messages = [{"role": "user", "content": given}]
    elif isinstance(given, list):
        messages = given
    elif not body.get("inputs"):
        raise bad_parameter("input", "must be a text or a list of messages")
    if instructions := body.get("instructions"):
        messages = [{"role": "system", "content": instructions}, *messages]
    return messages


def _part(text: str) -> Object:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def _item(run: RequestedRun, status: str, content: list[Value]) -> Object:
    return {
        "type": "message",
        "id": f"msg_{run.found.id}",
        "status": status,
        "role": "assistant",
        "content": content,
    }


def _response(
    run: RequestedRun,
    created: int,
    status: str,
    output: list[Value],
    document: Object | None = None,
) -> Object:
    came, went = usage_of(document or {})
    usage: Object = {
        "input_tokens": came,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": went,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": came + went,
    }
    return {
        "id": f"resp_{run.found.id}",
        "object": "response",
        "created_at": created,
        "status": status,
        "model": run.model,
        "output": output,
        "usage": usage if document else None,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "parallel_tool_calls": False,
        "temperature": None,
        "tool_choice": "none",
        "tools": [],
        "top_p": None,
    }


async def _events(run: RequestedRun, created: int) -> Chunk:
    event = _event_encoder()
    where: Object = {"item_id": f"msg_{run.found.id}", "output_index": 0, "content_index": 0}
    going = _response(run, created, "in_progress", [])
    yield event("response.created", response=going)
    yield event("response.in_progress", response=going)
    item = _item(run, "in_progress", [])
    yield event("response.output_item.added", output_index=0, item=item)
    yield event("response.content_part.added", **where, part=_part(""))
    async for piece in run.words.pieces(run.found):
        delta = event("response.output_text.delta", **where, delta=piece, logprobs=[])
        yield delta if piece else SILENT
    text, document = await run_in_threadpool(run.answer)
    if rest := run.words.rest(text):
        yield event("response.output_text.delta", **where, delta=rest, logprobs=[])
    yield event("response.output_text.done", **where, text=text, logprobs=[])
    yield event("response.content_part.done", **where, part=_part(text))
    done = _item(run, "completed", [_part(text)])
    yield event("response.output_item.done", output_index=0, item=done)
    whole = _response(run, created, "completed", [done], document)
    yield event("response.completed", response=whole)


def _event_encoder() -> Callable[..., bytes]:
    number = -1

    def event(type: str, **members: Value) -> bytes:
        nonlocal number
        number += 1
        return data({"type": type, "sequence_number": number, **members}, type)

    return event
