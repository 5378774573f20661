"""OpenAI's own client, and a live registry instead of OpenAI."""

from __future__ import annotations

from collections.abc import Iterator

import openai
import pytest
from openai import OpenAI
from openai.types.chat import ChatCompletionMessageParam

from registry_tool.security.tokens.principal import RUN
from tests.conftest import RegistryFolder
from tests.server.addresses import at_address
from tests.server.signing_in import Served, served

ADA: list[ChatCompletionMessageParam] = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "Ada"},
]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """One registry for all questions."""
    root = tmp_path_factory.mktemp("openai") / "registry"
    found = served(RegistryFolder(root, git=True))
    manifest = found.registry.add("two", "1.0.0") / "manifest.yaml"
    text = manifest.read_text().replace(
        "outputs: [{ name: greeting, type: string }]",
        "outputs: [{ name: greeting, type: string }, { name: who, type: string, block: who }]",
    )
    manifest.write_text(
        text.replace(
            "inputs: [{ name: who, type: string, required: true }]",
            "inputs: [{ name: who, type: string, required: true },"
            " { name: times, type: integer, required: true }]",
        )
    )
    found.registry.compile()
    found.registry.commit("Publish")
    return found


@pytest.fixture(scope="module")
def client(shown: Served) -> Iterator[OpenAI]:
    """Eve's."""
    key = shown.key("eve", RUN).secret
    with (
        at_address(shown.context) as address,
        OpenAI(base_url=f"{address}/v1", api_key=key, max_retries=0) as made,
    ):
        yield made


def test_workflows_are_models(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["hello", "two"]
    assert client.models.retrieve("hello@^1").id == "hello@^1"
    with pytest.raises(openai.NotFoundError, match=r"no version of hello is 9\.9\.9"):
        client.models.retrieve("hello:9.9.9")


@pytest.mark.parametrize("model", ["hello", "hello@^1", "hello:1.0.0"])
def test_one_text_in_one_text_out(client: OpenAI, model: str) -> None:
    found = client.chat.completions.create(model=model, messages=ADA, temperature=0.5)
    assert found.choices[0].message.content == "Hello, Ada!"
    assert (found.model, found.choices[0].finish_reason) == ("hello:1.0.0", "stop")
    assert found.usage is not None
    assert found.usage.total_tokens == 0


def test_others_take_and_give_json(client: OpenAI) -> None:
    asked: list[ChatCompletionMessageParam] = [
        {"role": "user", "content": '{"who": "Ada", "times": 2}'}
    ]
    found = client.chat.completions.create(model="two", messages=asked)
    assert found.choices[0].message.content == '{"greeting": "Hello, Ada!", "who": "Ada"}'
    given = client.chat.completions.create(
        model="two", messages=[], extra_body={"inputs": {"who": "Eve", "times": 1}}
    )
    assert '"Hello, Eve!"' in (given.choices[0].message.content or "")


def test_an_answer_comes_as_a_stream(client: OpenAI) -> None:
    stream = client.chat.completions.create(
        model="hello", messages=ADA, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    said = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(said) == "Hello, Ada!"
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage is not None


def test_the_newer_interface_says_the_same(client: OpenAI) -> None:
    found = client.responses.create(model="hello", input="Ada", instructions="Be brief.")
    assert (found.output_text, found.status) == ("Hello, Ada!", "completed")
    with client.responses.stream(
        model="hello", input=[{"role": "user", "content": "Eve"}]
    ) as opened:
        assert opened.get_final_response().output_text == "Hello, Eve!"


def test_mistakes_are_errors_of_the_client(client: OpenAI, shown: Served) -> None:
    create = client.chat.completions.create
    with pytest.raises(openai.NotFoundError, match="did you mean 'hello'") as missing:
        create(model="helo", messages=ADA)
    assert (missing.value.code, missing.value.param) == ("model_not_found", "model")
    with pytest.raises(openai.NotFoundError, match="not a reference"):
        create(model="gpt 4", messages=ADA)
    with pytest.raises(openai.BadRequestError, match="JSON object"):
        create(model="two", messages=ADA)
    with pytest.raises(openai.UnprocessableEntityError, match="times"):
        create(model="two", messages=[{"role": "user", "content": '{"who": "x"}'}])
    with pytest.raises(openai.BadRequestError, match="tools") as tools:
        create(model="hello", messages=ADA, tools=[{"type": "function", "function": {"name": "f"}}])
    assert tools.value.param == "tools"
    with pytest.raises(openai.BadRequestError, match="n: is not supported"):
        create(model="hello", messages=ADA, n=2)
    with pytest.raises(openai.BadRequestError, match="response_format"):
        create(model="hello", messages=ADA, response_format={"type": "json_object"})
    with pytest.raises(openai.AuthenticationError) as unknown:
        client.with_options(api_key="sk-none").chat.completions.create(model="hello", messages=ADA)
    assert unknown.value.code == "invalid_api_key"
    reader = client.with_options(api_key=shown.key("rob", RUN).secret)
    with pytest.raises(openai.PermissionDeniedError):
        reader.chat.completions.create(model="hello", messages=ADA)
