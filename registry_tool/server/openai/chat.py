"""POST /v1/chat/completions: https://platform.openai.com/docs/api-reference/chat."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object, Value
from registry_tool.security.tokens.principal import RUN
from registry_tool.server.authorisation import demand_scope
from registry_tool.server.bodies import json_body
from registry_tool.server.context import context
from registry_tool.server.openai.asking import RequestedRun, ask, demand_known, flag
from registry_tool.server.openai.conversation import usage_of
from registry_tool.server.openai_errors import openai_error
from registry_tool.server.problems import ProblemError, bad_parameter, of_registry_error
from registry_tool.server.watching import until_ended

_KNOWN: Final = (
    "model", "messages", "stream", "stream_options", "response_format", "inputs",
)  # fmt: skip
LONGEST: Final = 3600.0
"""Seconds that an answer is held back: no run lasts longer where nothing else is said."""
NO_STORE: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
Chunk = AsyncIterator[bytes]


async def chat_completions(request: Request) -> Response:
    """The answer of a workflow; as it comes, with `stream`."""
    await run_in_threadpool(demand_scope, request, RUN)
    body = await json_body(request)
    demand_known(body, _KNOWN)
    messages = body.get("messages")
    if not isinstance(messages, list) or not (messages or body.get("inputs")):
        raise bad_parameter("messages", "must be a list of messages")
    _demand_text(body.get("response_format"))
    stream = flag(body, "stream")
    options = body.get("stream_options")
    run = await ask(request, body.get("model"), messages, body.get("inputs"))
    created = int(context(request).clock.now().timestamp())
    if stream:
        usage = isinstance(options, dict) and bool(options.get("include_usage"))
        chunks = guarded(request, run, _chunks(run, created, usage=usage))
        return StreamingResponse(chunks, HTTPStatus.OK, NO_STORE, "text/event-stream")
    await until_ended(run.found, LONGEST)
    text, document = await run_in_threadpool(run.answer)
    message: Object = {"role": "assistant", "content": text, "refusal": None}
    return answer(
        {
            **_head(run, created, "chat.completion"),
            "choices": [
                {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
            ],
            "usage": _usage(document),
        }
    )


def _demand_text(format: Value) -> None:
    kind = format.get("type") if isinstance(format, dict) else format
    if kind not in {None, "text"}:
        raise bad_parameter(
            "response_format", "must be text", "a workflow's outputs have their own schemas"
        )


def answer(value: Object) -> Response:
    """In ASCII: a model may give half a character."""
    return Response(json.dumps(value), HTTPStatus.OK, NO_STORE, "application/json")


def _head(run: RequestedRun, created: int, kind: str) -> Object:
    return {
        "id": f"chatcmpl-{run.found.id}",
        "object": kind,
        "created": created,
        "model": run.model,
        "system_fingerprint": None,
    }


def _usage(document: Object) -> Object:
    came, went = usage_of(document)
    return {"prompt_tokens": came, "completion_tokens": went, "total_tokens": came + went}


async def _chunks(run: RequestedRun, created: int, *, usage: bool) -> Chunk:
    head = _head(run, created, "chat.completion.chunk")

    def chunk(delta: Object, finish: str | None = None) -> bytes:
        choice: Object = {
            "index": 0, "delta": delta, "logprobs": None, "finish_reason": finish,
        }  # fmt: skip
        return data({**head, "choices": [choice], **({"usage": None} if usage else {})})

    yield chunk({"role": "assistant", "content": ""})
    async for piece in run.words.pieces(run.found):
        yield chunk({"content": piece}) if piece else SILENT
    text, document = await run_in_threadpool(run.answer)
    if rest := run.words.rest(text):
        yield chunk({"content": rest})
    yield chunk({}, "stop")
    if usage:
        yield data({**head, "choices": [], "usage": _usage(document)})
    yield b"data: [DONE]\n\n"


SILENT: Final = b": still there\n\n"


def data(value: Object, event: str = "") -> bytes:
    """One message of a stream."""
    named = f"event: {event}\n" if event else ""
    return f"{named}data: {json.dumps(value)}\n\n".encode()


async def guarded(request: Request, run: RequestedRun, chunks: Chunk, event: str = "") -> Chunk:
    """A stream whose error is its last message; the run of one that nobody reads any more is cancelled."""
    try:
        async for part in chunks:
            yield part
    except (ProblemError, RegistryError) as error:
        found = error if isinstance(error, ProblemError) else of_registry_error(error)
        yield data(openai_error(found.status, found.detail, found.help, found.more), event)
    finally:
        context(request).runs.cancel(run.found)
