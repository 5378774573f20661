"""Bodies that are JSON, and those that are not."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus

import pytest
from starlette.requests import Request
from starlette.types import Message

from registry_tool.core.codec import FileFormat, Stored
from registry_tool.server.bodies import MOST_VALUES, body_as, json_body, received
from registry_tool.server.problems import ProblemError


class Order(Stored, frozen=True):
    count: int
    note: str = ""


FORM = FileFormat[Order](Order, "order", hint="send a count")


def request(body: bytes, kind: str = "application/json") -> Request:
    async def receive() -> Message:
        return {"type": "http.request", "body": body}

    headers = [(b"content-type", kind.encode())]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


def test_an_object_is_read_as_what_is_meant() -> None:
    sent = request(b'{"count": 2}', "application/json; charset=utf-8")
    assert asyncio.run(body_as(sent, FORM)) == Order(2)
    assert asyncio.run(json_body(request(b"{}", "application/ld+json"))) == {}


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b'{"count": "2"}', HTTPStatus.UNPROCESSABLE_ENTITY, "count: expected"),
        (b'{"count": 2, "cuont": 3}', HTTPStatus.UNPROCESSABLE_ENTITY, "cuont is unknown"),
        (b"{}", HTTPStatus.UNPROCESSABLE_ENTITY, "count is missing"),
        (b"", HTTPStatus.BAD_REQUEST, "the body:1:1: not JSON"),
        (b'{"count": NaN}', HTTPStatus.BAD_REQUEST, "not JSON"),
        (b"[]", HTTPStatus.BAD_REQUEST, "not a JSON object"),
        (b'{"a":' + b"[" * 64 + b"]" * 64 + b"}", HTTPStatus.UNPROCESSABLE_ENTITY, "nested deeper"),
        (b'{"count": 9007199254740993}', HTTPStatus.UNPROCESSABLE_ENTITY, "loses digits"),
        (b'{"count": 1, "count": 2}', HTTPStatus.UNPROCESSABLE_ENTITY, "count"),
    ],
)
def test_what_is_wrong_is_named(body: bytes, status: HTTPStatus, said: str) -> None:
    with pytest.raises(ProblemError, match=said) as caught:
        asyncio.run(body_as(request(body), FORM))
    assert caught.value.status == status


@pytest.mark.parametrize("kind", ["text/plain", "", "application/x-www-form-urlencoded"])
def test_what_a_foreign_page_could_send_unasked_is_refused(kind: str) -> None:
    with pytest.raises(ProblemError) as caught:
        asyncio.run(json_body(request(b"{}", kind)))
    assert caught.value.status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE


def test_many_values_are_too_many_and_many_commas_in_a_text_are_not() -> None:
    lists = b'{"count": [' + b"[]," * MOST_VALUES + b"[]]}"
    with pytest.raises(ProblemError, match="more than 200,000 values") as caught:
        asyncio.run(json_body(request(lists)))
    assert caught.value.status == HTTPStatus.UNPROCESSABLE_ENTITY
    text = '\\",[' * MOST_VALUES
    body = json.dumps({"note": text}).encode()
    assert asyncio.run(json_body(request(body))) == {"note": text}


def test_what_was_received_is_given_again_and_then_the_rest() -> None:
    parts = [b"abc", b"def", b"ghi"]
    coming: list[Message] = [
        {"type": "http.request", "body": part, "more_body": part != parts[-1]} for part in parts
    ]

    async def receive() -> Message:
        return coming.pop(0)

    async def all_of(largest: int) -> tuple[bytes, list[bytes]]:
        content, again = await received(receive, largest)
        return content, [(await again())["body"] for _ in parts]

    assert asyncio.run(all_of(4)) == (b"abcdef", parts)
