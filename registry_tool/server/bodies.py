"""A request's JSON body, read strictly: what is wrong is said with the field's name."""

from __future__ import annotations

import json
import re
from collections import deque
from http import HTTPStatus
from typing import Final, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import Message, Receive

from registry_tool.core.codec import FileFormat, Stored
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json
from registry_tool.core.values import Object, Value
from registry_tool.server.problems import ProblemError

_DEEPEST: Final = 64
_AT_ONCE: Final = 2**16
MOST_VALUES: Final = 200_000
"""Of a JSON body. Each takes some 60 bytes of memory, however short it is."""
_TEXTS: Final = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
S = TypeVar("S", bound=Stored)


async def json_body(request: Request) -> Object:
    """The object; 400 for none, 422 for one that readers would disagree on, 415 for what is not called JSON.

    A foreign page could send that without asking.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise ProblemError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "the body must be JSON",
            "send `Content-Type: application/json`",
        )
    content = await request.body()
    if len(content) > _AT_ONCE:  # others are answered meanwhile
        return await run_in_threadpool(_object, content)
    return _object(content)


def _object(content: bytes) -> Object:
    demand_few_values(content)
    try:
        value = parse_json(content, location="the body")
    except RegistryError as error:
        reason = f"{error.location}: {error.reason}"
        raise ProblemError(_status_of(content), reason, "send one JSON object") from None
    if not isinstance(value, dict):
        raise ProblemError(HTTPStatus.BAD_REQUEST, "the body is not a JSON object")
    _bounded(value)
    return value


def demand_few_values(content: bytes) -> None:
    """422 for JSON of so many values that reading it takes many times its bytes; whatever is no JSON passes."""
    if _separators(content) > MOST_VALUES and _separators(_TEXTS.sub(b"", content)) > MOST_VALUES:
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"the body holds more than {MOST_VALUES:,} values",
            "send less at once, or long lists as one text",
        )


def _separators(content: bytes) -> int:
    return sum(map(content.count, (b",", b"[", b"{")))


async def received(receive: Receive, largest: int) -> tuple[bytes, Receive]:
    """The beginning of a body, up to its end or more bytes than the largest one has, and what gives it again."""
    messages, size = deque[Message](), 0
    while True:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        if not message.get("more_body", False) or size > largest:
            break
    content = b"".join(one.get("body", b"") for one in messages)

    async def again() -> Message:
        return messages.popleft() if messages else await receive()

    return content, again


async def body_as(request: Request, form: FileFormat[S]) -> S:
    """The object as a struct; 422 names the field that is missing, unknown or of another type."""
    value = await json_body(request)
    try:
        return form.of(value, "")
    except RegistryError as error:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, error.reason, form.hint) from None


def _status_of(content: bytes) -> HTTPStatus:
    """What is refused for its numbers or doubled keys is JSON all the same."""
    try:
        json.loads(content, parse_constant=int)  # which takes no NaN
    except (ValueError, RecursionError):
        return HTTPStatus.BAD_REQUEST
    return HTTPStatus.UNPROCESSABLE_ENTITY


def _bounded(value: Value) -> None:
    waiting = [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        if depth > _DEEPEST:
            raise ProblemError(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                f"the body is nested deeper than {_DEEPEST} levels",
            )
        if isinstance(item, dict | list):
            inner = item.values() if isinstance(item, dict) else item
            waiting.extend((part, depth + 1) for part in inner)
