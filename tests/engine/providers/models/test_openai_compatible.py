"""The client against a real HTTP server on loopback that fails in every way that servers do."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models import openai_compatible
from registry_tool.engine.providers.models.base import (
    ContextError,
    ImagesError,
    Message,
    ModelAnswer,
    ModelRequest,
    ToolCall,
)
from registry_tool.engine.providers.models.chat import http as chat_http
from registry_tool.engine.providers.models.openai_compatible import OpenAIProvider
from registry_tool.engine.providers.models.prompt_image import PromptImage
from registry_tool.engine.providers.models.retry import BackOff, Retrying
from tests.bounded import PATIENCE
from tests.engine.providers.fault_server import (
    GOOD,
    FaultServer,
    Reply,
    event,
    piece,
    refusal,
    running,
)

KEY = "operators-key"


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with running() as found:
        yield found


class Asker:
    """Asks a server within one event loop; keeps the waits between attempts and the pieces of answers."""

    def __init__(self, server: FaultServer, *, timeout: float = 5.0) -> None:
        environment = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.address}
        self.provider = OpenAIProvider(environment, timeout=timeout)
        self.waits: list[float] = []
        self.pieces: list[str] = []

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    def ask(self, *requests: dict[str, Any], retry: bool = False, stream: bool = False) -> Any:
        model: Any = Retrying(self.provider, BackOff(sleep=self._sleep)) if retry else self.provider

        async def all_of_them() -> list[ModelAnswer]:
            try:
                return [
                    await model.complete(
                        ModelRequest(
                            **{"model": "m", "messages": (Message("user", "Hello"),), **more}
                        ),
                        self.pieces.append if stream else None,
                    )
                    for more in requests or ({},)
                ]
            finally:
                await model.aclose()

        answers = asyncio.run(all_of_them())
        return answers if len(answers) > 1 else answers[0]


def test_an_answer_with_its_usage(server: FaultServer) -> None:
    server.replies = [Reply()]
    answer = Asker(server).ask({"temperature": 0.5, "max_tokens": 7})
    assert (answer.text, answer.model, answer.usage.input_tokens) == ("Hi", "m-2", 5)
    body, key = server.asked[0]
    assert body["messages"] == [{"role": "user", "content": "Hello"}]
    assert (body["temperature"], body["max_tokens"]) == (0.5, 7)
    assert key == f"Bearer {KEY}"


def test_a_schema_is_sent_as_one(server: FaultServer) -> None:
    server.replies = [Reply(), Reply()]
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    Asker(server).ask({"schema": schema}, {"schema": {}})
    formats = [body["response_format"]["type"] for body, _ in server.asked]
    assert formats == ["json_schema", "json_object"]


def test_a_server_without_schemas_is_asked_in_words_and_remembered(server: FaultServer) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    no_schema = refusal(400, "response_format json_schema is not supported")
    no_json = refusal(422, "response_format: unknown field")
    server.replies = [no_schema, no_json, Reply(), Reply()]
    Asker(server).ask({"schema": schema}, {"schema": schema})
    formats = [body.get("response_format", {}).get("type") for body, _ in server.asked]
    assert formats == ["json_schema", "json_object", None, None]


@pytest.mark.parametrize(
    ("expected", "gone", "instead"),
    [
        (
            "Unsupported parameter: use 'max_completion_tokens'",
            "max_tokens",
            "max_completion_tokens",
        ),
        ("temperature does not support 0.5", "temperature", "model"),
        ("seed is not allowed", "seed", "model"),
    ],
)
def test_what_a_server_does_not_know_is_left_out(
    server: FaultServer, expected: str, gone: str, instead: str
) -> None:
    server.replies = [refusal(400, expected), Reply()]
    Asker(server).ask({"temperature": 0.5, "max_tokens": 7, "seed": 1})
    assert gone not in server.asked[1][0]
    assert instead in server.asked[1][0]


def test_a_prompt_beyond_the_context_is_reported_with_both_numbers(server: FaultServer) -> None:
    message = (
        "maximum context length is 4096 tokens. However, your messages resulted in 5000 tokens"
    )
    server.replies = [refusal(400, message)]
    with pytest.raises(ContextError, match=r"takes 5,000 tokens, .* holds 4,096"):
        Asker(server).ask()


def test_a_refusal_of_something_else_is_one(server: FaultServer) -> None:
    server.replies = [refusal(400, "the tool is unknown")]
    with pytest.raises(ProviderError, match="answered 400: the tool is unknown"):
        Asker(server).ask({"schema": {"properties": {"a": {}}}})


def test_functions_are_offered_and_called(server: FaultServer) -> None:
    call = {
        "id": "c1",
        "type": "function",
        "function": {"name": "weather", "arguments": '{"a": 1}'},
    }
    choice = {
        "index": 0,
        "finish_reason": "tool_calls",
        "message": {"content": None, "tool_calls": [call]},
    }
    server.replies = [Reply(body={**GOOD, "choices": [choice]})]
    answer = Asker(server).ask({"tools": ({"name": "weather", "parameters": {}},)})
    assert answer.tool_calls == (ToolCall("weather", '{"a": 1}', "c1"),)
    assert (answer.text, answer.finish_reason) == ("", "tool_calls")
    assert server.asked[0][0]["tools"][0]["function"]["name"] == "weather"


def test_the_operators_key_stays_at_the_operators_address(server: FaultServer) -> None:
    server.replies = [Reply()]
    elsewhere = server.address.replace("127.0.0.1", "localhost")

    async def ask() -> None:
        provider = OpenAIProvider({"OPENAI_API_KEY": KEY})
        question = ModelRequest("m", (Message("user", "Hello"),), base_url=elsewhere, trusted=True)
        await provider.complete(question)
        await provider.aclose()

    asyncio.run(ask())
    assert KEY not in server.asked[0][1]


def asked_at(address: str, environment: dict[str, str], **about: Any) -> str:
    """What comes of a question at a manifest's address: the answer, or why it is refused."""

    async def ask() -> str:
        provider = OpenAIProvider(environment)
        question = ModelRequest("m", (Message("user", "Hello"),), base_url=address, **about)
        try:
            return (await provider.complete(question)).text
        except ProviderError as error:
            assert not error.transient
            return error.reason
        finally:
            await provider.aclose()

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("address", "hosts", "reason"),
    [
        ("http://127.0.0.1:{port}/v1", (), "the host 127.0.0.1:{port} is not declared"),
        ("http://127.0.0.1:{port}/v1", ("127.0.0.1:{port}",), "127.0.0.1 is not a public address"),
        (
            "http://[::ffff:127.0.0.1]:{port}",
            ("::ffff:127.0.0.1:{port}",),
            "is not a public address",
        ),
        (
            "http://169.254.169.254/v1",
            ("169.254.169.254",),
            "169.254.169.254 is not a public address",
        ),
        ("http://10.0.0.1/v1", ("10.0.0.1",), "10.0.0.1 is not a public address"),
        ("http://localhost:{port}/v1", ("localhost:{port}",), "leads to"),
        ("http://2130706433:{port}/v1", ("2130706433:{port}",), "public address"),
        ("file:///etc/passwd", ("etc",), "only http and https"),
        ("https://a:b@api.example.com", ("api.example.com",), "no user and password"),
    ],
)
def test_a_manifests_address_is_a_host_like_any_other(
    server: FaultServer, address: str, hosts: tuple[str, ...], reason: str
) -> None:
    port = str(urlsplit(server.address).port)
    declared = frozenset(host.replace("{port}", port) for host in hosts)
    result = asked_at(address.replace("{port}", port), {}, hosts=declared)
    assert reason.replace("{port}", port) in result
    assert not server.asked


def test_the_operator_may_let_a_private_address_be_asked(server: FaultServer) -> None:
    server.replies = [Reply(), Reply(), Reply()]
    host = urlsplit(server.address).netloc
    assert asked_at(server.address, {}, trusted=True) == "Hi"
    assert asked_at(server.address, {"OPENAI_BASE_URL": server.address}) == "Hi"
    private = {"PUPPY_ALLOW_PRIVATE_HOSTS": host}
    assert asked_at(server.address, private, hosts=frozenset({host})) == "Hi"
    assert "not declared" in asked_at(server.address, private)


def test_a_servers_words_are_bounded_and_without_credentials(server: FaultServer) -> None:
    token = "ghp_" + "012345678901234567890123456789abcdEF"
    server.replies = [refusal(400, f"{'x ' * 200}{token}"), refusal(400, f"you sent {token}")]
    with pytest.raises(ProviderError) as caught:
        Asker(server).ask()
    assert len(caught.value.reason) < 400
    with pytest.raises(ProviderError, match=r"you sent \[SECRET\]"):
        Asker(server).ask()


def test_a_servers_half_characters_end_in_its_error(server: FaultServer) -> None:
    server.replies = [refusal(400, "half \ud800 a character")]
    with pytest.raises(ProviderError) as caught:
        Asker(server).ask()
    assert "half ? a character" in caught.value.reason


def test_no_key_says_what_to_do() -> None:
    with pytest.raises(ProviderError) as caught:
        asyncio.run(OpenAIProvider({}).complete(ModelRequest("m", (Message("user", "Hi"),))))
    assert "OPENAI_API_KEY" in caught.value.hint


def test_a_redirect_is_not_followed(server: FaultServer) -> None:
    server.replies = [Reply(307, headers={"location": "http://127.0.0.1:9/steal"})]
    with pytest.raises(ProviderError, match="points elsewhere"):
        Asker(server).ask()


# Faults


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 529])
def test_a_transient_failure_is_tried_again(server: FaultServer, status: int) -> None:
    server.replies = [refusal(status, "busy", **{"retry-after": "1.5"})] * 2 + [Reply()]
    requester = Asker(server)
    assert requester.ask(retry=True).text == "Hi"
    assert requester.waits == [1.5, 1.5]


def test_waits_without_a_wish_grow(server: FaultServer) -> None:
    server.replies = [refusal(429, "busy")] * 3 + [Reply()]
    requester = Asker(server)
    requester.ask(retry=True)
    assert all(0 <= wait <= bound for wait, bound in zip(requester.waits, (0.5, 1, 2), strict=True))


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_lasting_failure_is_not(server: FaultServer, status: int) -> None:
    server.replies = [refusal(status, f"bad key {KEY}")]
    with pytest.raises(ProviderError, match=str(status)) as caught:
        Asker(server).ask(retry=True)
    assert len(server.asked) == 1
    assert KEY not in str(caught.value)


def test_the_last_attempt_is_reported(server: FaultServer) -> None:
    server.replies = [refusal(500, "down")] * 4
    with pytest.raises(ProviderError, match="attempt 4"):
        Asker(server).ask(retry=True)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(body=b"{not json"), "sent no JSON but application/json"),
        (Reply(body=b"<html>", headers={"content-type": "text/html"}), "no JSON but text/html"),
        (Reply(body=b"[" * 100_000), "sent no JSON"),
        (Reply(body=b""), "sent no JSON"),
        (Reply(body={"choices": []}), "no chat completion"),
        (Reply(body={"choices": [{"message": "x"}]}), "no chat completion"),
        (Reply(body=b'["choices"]'), "no chat completion"),
        (Reply(body=b'{"choices": [{"mess', cut=True), "broke off"),
        (Reply(502, b"<h1>Bad gateway</h1>"), "answered 502: <h1>Bad gateway"),
    ],
)
def test_nonsense_is_no_answer_and_worth_another_attempt(
    server: FaultServer, reply: Reply, expected: str
) -> None:
    server.replies = [reply, Reply()]
    requester = Asker(server)
    assert requester.ask(retry=True).text == "Hi"
    server.replies = [reply]
    with pytest.raises(ProviderError, match=expected):
        Asker(server).ask()


def test_slow_bytes_are_not_waited_for(server: FaultServer) -> None:
    server.replies = [
        Reply(body=[b"x"] * 50, pause=0.1, headers={"content-type": "application/json"})
    ]
    with pytest.raises(ProviderError, match=r"no whole answer within 0\.3 s") as caught:
        Asker(server, timeout=0.3).ask()
    assert caught.value.transient


@pytest.mark.parametrize("stream", [False, True])
def test_a_huge_answer_is_not_read_to_its_end(
    server: FaultServer, stream: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (openai_compatible, chat_http):
        monkeypatch.setattr(module, "MOST_BYTES", 100_000)
    body: Any = [event(piece("x" * 50_000))] * 40 if stream else b"x" * 2_000_000
    server.replies = [Reply(body=body)]
    with pytest.raises(ProviderError, match="sent more than"):
        Asker(server).ask(stream=stream)


def test_no_server_is_reported() -> None:
    with pytest.raises(ProviderError, match="can't be reached: Connection refused") as caught:
        asyncio.run(_once("http://127.0.0.1:9/v1"))
    assert caught.value.transient


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1:{}/v1", "http://[bad/v1", "ftp://x/v1", "x"]
)
def test_a_wrong_address_is_reported(server: FaultServer, address: str) -> None:
    with pytest.raises(ProviderError) as caught:
        asyncio.run(_once(address.format(server.server_port)))
    assert "Traceback" not in str(caught.value)


async def _once(address: str) -> None:
    provider = OpenAIProvider({"OPENAI_BASE_URL": address}, timeout=PATIENCE)
    try:
        await provider.complete(ModelRequest("m", (Message("user", "Hi"),)))
    finally:
        await provider.aclose()


def test_a_cancelled_question_leaves_nothing_open(server: FaultServer) -> None:
    server.replies = [Reply(body=[b"x"] * 200, pause=0.05)]

    async def cancelled() -> None:
        task = asyncio.create_task(_once(server.address))
        while not server.asked:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(cancelled())
    assert server.gone.wait(PATIENCE)


# Streams


def test_a_stream_is_reported_as_it_comes(server: FaultServer) -> None:
    usage = {"choices": [], "usage": {"prompt_tokens": 4, "completion_tokens": 2}}
    chunks = [
        piece("He"),
        b": a comment\n\n",
        piece("llo"),
        piece(finish_reason="stop"),
        usage,
        "[DONE]",
    ]
    server.replies = [Reply(body=chunks)]
    requester = Asker(server)
    answer = requester.ask(stream=True)
    assert requester.pieces == ["He", "llo"]
    assert (answer.text, answer.model, answer.finish_reason) == ("Hello", "m-2", "stop")
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (4, 2)
    assert server.asked[0][0]["stream_options"] == {"include_usage": True}


def test_calls_come_in_pieces_too(server: FaultServer) -> None:
    def called(**function: str) -> dict[str, Any]:
        return {"delta": {"tool_calls": [{"index": 0, "id": "c", "function": function}]}}

    chunks = [
        {"choices": [called(name="weather", arguments="")]},
        {"choices": [called(arguments='{"ci')]},
        {"choices": [{**called(arguments='ty": 1}'), "finish_reason": "tool_calls"}]},
    ]
    server.replies = [Reply(body=[*chunks, "[DONE]"])]
    assert Asker(server).ask(stream=True).tool_calls == (ToolCall("weather", '{"city": 1}', "c"),)


def test_a_server_that_cannot_stream_answers_at_once(server: FaultServer) -> None:
    server.replies = [refusal(400, "stream_options is unknown"), Reply()]
    requester = Asker(server)
    assert requester.ask(stream=True).text == "Hi"
    assert requester.pieces == ["Hi"]
    assert "stream_options" not in server.asked[1][0]


@pytest.mark.parametrize(
    "broken",
    [
        Reply(body=[piece("He")]),  # ends without an end
        Reply(body=[piece("He")], cut=True),
        Reply(body=[piece("He"), "{not json"]),
        Reply(body=[piece("He"), {"error": {"message": "overloaded"}}]),
    ],
)
def test_a_cut_stream_is_no_answer_and_not_begun_again(server: FaultServer, broken: Reply) -> None:
    server.replies = [broken, Reply()]
    with pytest.raises(ProviderError, match="after its beginning was passed on"):
        Asker(server).ask(stream=True, retry=True)
    assert len(server.asked) == 1


def test_a_stream_cut_before_anything_was_said_is_begun_again(server: FaultServer) -> None:
    server.replies = [
        Reply(body=[b": nothing\n\n"], cut=True),
        Reply(body=[piece("Hi", finish_reason="stop")]),
    ]
    requester = Asker(server)
    assert requester.ask(stream=True, retry=True).text == "Hi"
    assert requester.pieces == ["Hi"]


def test_a_server_that_hangs_up_at_once_is_reported() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            listening.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(ProviderError, match="broke off") as caught:
            asyncio.run(_once(f"http://127.0.0.1:{listening.getsockname()[1]}/v1"))
        thread.join()
    assert caught.value.transient


PICTURE = Message("user", "What is it?", (PromptImage("image/png", b"abc"),))


def test_pictures_are_parts_of_the_content(server: FaultServer) -> None:
    server.replies = [Reply(), Reply()]
    Asker(server).ask({"messages": (PICTURE,)}, {"messages": (replace(PICTURE, content=""),)})
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,YWJj"}}
    assert [body["messages"][0]["content"] for body, _ in server.asked] == [
        [image, {"type": "text", "text": "What is it?"}],
        [image],
    ]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "Invalid content type. image_url is only supported by certain models."),
        (422, "unknown variant `image_url`, expected `text`"),
        (500, "image input is not supported - hint: if this is unexpected, provide the mmproj"),
        (404, "No endpoints found that support image input"),
        (400, "m is not a multimodal model"),
    ],
)
def test_a_model_that_sees_nothing_is_an_error_that_says_so(
    server: FaultServer, status: int, words: str
) -> None:
    server.replies = [refusal(status, words)]
    with pytest.raises(ImagesError, match="pictures of the question are not taken") as caught:
        Asker(server).ask({"messages": (PICTURE,)}, retry=True)
    assert "a model that sees" in caught.value.hint
    assert len(server.asked) == 1


def test_too_many_pictures_a_minute_are_worth_another_attempt(server: FaultServer) -> None:
    server.replies = [refusal(429, "too many images per minute"), Reply()]
    assert Asker(server).ask({"messages": (PICTURE,)}, retry=True).text == "Hi"
