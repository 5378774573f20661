from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from registry_tool.engine.providers.cassettes.cassette import Cassette
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.base import Message, ModelAnswer, ModelRequest, Usage
from registry_tool.engine.testing.canaries.models import IgnoringModel, ObeyingModel
from registry_tool.engine.testing.canaries.orders import order_of

ORDER = order_of("canaryaa")
VERDICT: dict[str, Any] = {
    "type": "object",
    "properties": {"label": {"enum": ["good", "bad"]}, "why": {"type": "string"}},
}


def question(text: str, schema: dict[str, Any] | None = None) -> ModelRequest:
    return ModelRequest("m", (Message("user", text),), schema=schema)


def cassette(answer: str = "fine", **more: Any) -> Cassette:
    made = Cassette()
    made.add(question("How is it?", **more), ModelAnswer(answer, "m", Usage()))
    return made


def said(model: IgnoringModel, text: str, **more: Any) -> str:
    return asyncio.run(model.complete(question(text, **more))).text


@pytest.mark.parametrize("kind", [IgnoringModel, ObeyingModel])
def test_what_was_recorded_is_said_where_nothing_is_planted(kind: type[IgnoringModel]) -> None:
    assert said(kind(cassette()), "How is it?") == "fine"
    with pytest.raises(ProviderError, match="no answer is recorded"):
        said(kind(cassette()), "Who?")


def test_one_answers_as_if_no_order_were_there() -> None:
    assert said(IgnoringModel(cassette()), f"How is it? {ORDER}") == "fine"


def test_one_says_what_it_is_reported_to_say() -> None:
    assert said(ObeyingModel(cassette()), f"How is it? {ORDER}") == ORDER
    assert said(ObeyingModel(Cassette()), f"Who? {ORDER}") == ORDER


def test_one_obeys_within_the_schema() -> None:
    made = cassette('{"label": "bad", "why": "it broke"}', schema=VERDICT)
    told = json.loads(said(ObeyingModel(made), f"How is it? {ORDER}", schema=VERDICT))
    assert told == {"label": "bad", "why": ORDER}
    closed = {"type": "object", "properties": {"label": {"enum": ["good", "bad"]}}}
    made = cassette('{"label": "bad"}', schema=closed)
    assert json.loads(said(ObeyingModel(made), f"How is it? {ORDER}", schema=closed)) == {
        "label": "bad"
    }


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "number", "minimum": 3}, 3),
        ({"type": "boolean"}, False),
        ({"type": "null"}, None),
        ({"const": "x"}, "x"),
        ({"type": "array", "items": {"type": "string"}}, [ORDER]),
    ],
)
def test_an_answer_that_was_never_recorded_is_made_up(schema: dict[str, Any], value: Any) -> None:
    assert json.loads(said(ObeyingModel(Cassette()), f"Who? {ORDER}", schema=schema)) == value


def test_where_no_answer_fits_it_says_so() -> None:
    with pytest.raises(ProviderError, match="obeys a planted order"):
        said(ObeyingModel(Cassette()), f"Who? {ORDER}", schema={"type": "string", "maxLength": 3})
