"""The client against a real HTTP server on loopback that answers as it is told."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from registry_tool.engine.providers.base import Message, ModelRequest, ProviderError
from registry_tool.engine.providers.openai_compatible import OpenAIProvider
from registry_tool.engine.providers.retrying import Retrying

GOOD = {
    "id": "1",
    "object": "chat.completion",
    "created": 1,
    "model": "m-2",
    "choices": [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hi"}}
    ],
    "usage": {"prompt_tokens": 5, "completion_tokens": 1, "total_tokens": 6},
}


class FaultServer(ThreadingHTTPServer):
    """Answers with the next of `replies` (status, headers, body); keeps what it was asked."""

    replies: list[tuple[int, dict[str, str], object]]
    asked: list[tuple[dict[str, Any], str]]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: FaultServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.asked.append((json.loads(body), self.headers["authorization"]))
        status, headers, reply = self.server.replies.pop(0)
        data = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
        self.send_response(status)
        for name, value in {"content-type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer(("127.0.0.1", 0), _Handler) as running:
        running.replies, running.asked = [], []
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


async def _ask(provider: Any, request: ModelRequest) -> Any:
    try:
        return await provider.complete(request)
    finally:
        await provider.aclose()


def ask(server: FaultServer, *, wrap: bool = False, **more: Any) -> Any:
    environment = {"OPENAI_API_KEY": "operators-key", "OPENAI_BASE_URL": server.address}
    provider: Any = OpenAIProvider(environment, timeout=5)
    if wrap:

        async def no_wait(_: float) -> None:
            return None

        provider = Retrying(provider, sleep=no_wait)
    request = ModelRequest("m", (Message("user", "Hello"),), **more)
    return asyncio.run(_ask(provider, request))


def test_an_answer_with_its_usage(server: FaultServer) -> None:
    server.replies = [(200, {}, GOOD)]
    answer = ask(server, temperature=0.5, max_tokens=7)
    assert (answer.text, answer.model, answer.usage.input_tokens) == ("Hi", "m-2", 5)
    body, key = server.asked[0]
    assert body["messages"] == [{"role": "user", "content": "Hello"}]
    assert (body["temperature"], body["max_tokens"]) == (0.5, 7)
    assert key == "Bearer operators-key"


def test_a_schema_is_sent_as_one(server: FaultServer) -> None:
    server.replies = [(200, {}, GOOD), (200, {}, GOOD)]
    ask(server, schema={"type": "object", "properties": {"a": {"type": "string"}}})
    ask(server, schema={})
    formats = [body["response_format"]["type"] for body, _ in server.asked]
    assert formats == ["json_schema", "json_object"]


def test_the_operators_key_stays_at_the_operators_address(server: FaultServer) -> None:
    server.replies = [(200, {}, GOOD)]
    elsewhere = server.address.replace("127.0.0.1", "localhost")
    environment = {"OPENAI_API_KEY": "operators-key"}
    request = ModelRequest("m", (Message("user", "Hello"),), base_url=elsewhere)
    asyncio.run(_ask(OpenAIProvider(environment), request))
    assert "operators-key" not in server.asked[0][1]


def test_no_key_says_what_to_do() -> None:
    with pytest.raises(ProviderError) as caught:
        asyncio.run(_ask(OpenAIProvider({}), ModelRequest("m", (Message("user", "Hi"),))))
    assert "OPENAI_API_KEY" in caught.value.way_out


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_transient_failure_is_tried_again(server: FaultServer, status: int) -> None:
    server.replies = [(status, {"retry-after": "1"}, {"error": {"message": "busy"}})] * 2
    server.replies.append((200, {}, GOOD))
    assert ask(server, wrap=True).text == "Hi"
    assert len(server.asked) == 3


def test_a_lasting_failure_is_not(server: FaultServer) -> None:
    server.replies = [(401, {}, {"error": {"message": "bad key"}})]
    with pytest.raises(ProviderError, match="401"):
        ask(server, wrap=True)
    assert len(server.asked) == 1


def test_the_last_attempt_is_told(server: FaultServer) -> None:
    server.replies = [(500, {}, {"error": {"message": "down"}})] * 4
    with pytest.raises(ProviderError, match="attempt 4"):
        ask(server, wrap=True)


@pytest.mark.parametrize("body", [b"{not json", {"choices": []}, b""])
def test_nonsense_is_no_answer(server: FaultServer, body: object) -> None:
    server.replies = [(200, {}, body)]
    with pytest.raises(ProviderError):
        ask(server)


def test_no_server_is_told() -> None:
    environment = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    with pytest.raises(ProviderError, match="can't be reached") as caught:
        asyncio.run(_ask(OpenAIProvider(environment), ModelRequest("m", (Message("user", "Hi"),))))
    assert caught.value.transient
