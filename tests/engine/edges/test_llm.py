"""`llm` edges: the chat that a configuration describes, templates expanded once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from registry_tool.core.values import Object
from registry_tool.engine.edges.all_edges import config_of
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.edges.llm import messages_of
from registry_tool.manifest.model import Block, Edge
from tests.engine.edges.called import call
from tests.engine.small import ScriptedModel
from tests.security.scanning.files import png


def messages(config: Object, **inputs: Any) -> list[tuple[str, str]]:
    edge = Edge("e", "llm", tuple(inputs), ("out",), config)
    sources = tuple(Block(name, "llm" if name == "m" else "text") for name in inputs)
    made = EdgeCall(edge, inputs, inputs, sources, (Block("out", "text"),))
    config_ = config_of(edge)
    return [(one.role, one.content) for one in messages_of(made, config_)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("config", "heard"),
    [
        ({"prompt": "Say {{a}}!"}, [("user", "Say {{b}}!")]),  # a value is not a template
        ({}, [("user", "{{b}}\n\n2")]),
        (
            {"system": "Be {{n}}", "prompt": "x", "chat_histories": "{{chat}}"},
            [("system", "Be 2"), ("assistant", "Hi"), ("user", "x")],
        ),
        (
            {"messages": [{"role": "system", "content": "{{n}}"}, {"role": "user", "content": "y"}]},
            [("system", "2"), ("user", "y")],
        ),
        ({"messages": [{"role": "user", "content": "y"}], "prompt": "z"}, [("user", "y"), ("user", "z")]),
    ],
)  # fmt: skip
def test_what_the_model_is_reported(config: Object, heard: list[tuple[str, str]]) -> None:
    inputs: dict[str, Any] = {"a": "{{b}}", "n": 2}
    if "chat_histories" in config:
        inputs["chat"] = [{"role": "assistant", "content": "Hi"}]
    assert messages(config, **inputs) == heard


def test_a_block_that_names_a_model_is_no_part_of_the_prompt() -> None:
    assert messages({}, m="gpt-4o", a="text") == [("user", "text")]


def test_the_answer_goes_to_the_target_and_no_model_is_an_error() -> None:
    assert call("llm", {"prompt": "{{a}}"}, Services(model=ScriptedModel()), a="hi") == "HI"
    with pytest.raises(EdgeError):
        call("llm", {"prompt": "{{a}}"}, Services(), a="hi")


def test_pictures_go_with_the_question(tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(png())
    model = ScriptedModel()
    config: Object = {"prompt": "What is it?", "images": ["{{a}}"]}
    services = Services(model=model, resources=tmp_path)
    assert call("llm", config, services, a="photo.png") == "WHAT IS IT?"
    assert call("llm", config, services, a="") == "WHAT IS IT?"
    shown, none = (request.messages[-1].images for request in model.requests)
    assert ([image.data for image in shown], none) == ([png()], ())


def test_pictures_need_words() -> None:
    with pytest.raises(EdgeError) as caught:
        call("llm", {"images": ["{{a}}"]}, Services(model=ScriptedModel()), a="photo.png")
    assert "prompt" in str(caught.value)
