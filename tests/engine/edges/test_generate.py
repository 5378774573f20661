"""`generate` edges: which sources ask, which tell, and in whose words."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.core.values import Object
from registry_tool.engine.edges.base import EdgeError, Services
from registry_tool.engine.edges.generate import JOBS
from registry_tool.engine.providers.models.base import ModelAnswer, ModelRequest, OnText
from tests.engine.edges.called import call
from tests.engine.small import ScriptedModel


class Whole(ScriptedModel):
    """Keeps the messages of the last question."""

    messages: tuple[str, ...] = ()

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """The told model's answer."""
        self.messages = tuple(message.content for message in request.messages)
        return await super().complete(request, on_text)


def asked(config: Object, **inputs: Any) -> tuple[str, str]:
    """System and user message."""
    model = Whole()
    call("generate", config, Services(model=model), **inputs)
    system, user = model.messages
    return system, user


@pytest.mark.parametrize(
    ("config", "user"),
    [
        ({}, "Documents:\none\n\n[\"two\", \"three\"]\n\nQuestion: why?"),
        ({"queries": ["d"], "docs": "Q"}, "Documents:\nwhy?\n\nQuestion: one"),
        ({"docs": {"e": "E"}}, "Documents:\n[\"two\", \"three\"]\n\nQuestion: why?"),
        ({"prompt": "{{q}} of {{d}}"}, "why? of one"),
        (
            {"user_prompt_template": "default"},
            "Documents:\nDocument 1: one\n\nDocument 2: two\n\nthree\n\nQuestion: why?",
        ),
        (
            {"user_prompt_template": "default", "queries": ["q", "d"], "docs": ["e"]},
            "Documents:\ntwo\n\nthree\n\nQuestion: Question 1: why?\n\nQuestion 2: one",
        ),
    ],
)  # fmt: skip
def test_the_question_is_made_of_its_sources(config: Object, user: str) -> None:
    assert asked(config, q="why?", d="one", e=["two", "three"])[1] == user


def test_the_job_is_ours_the_editor_s_or_the_author_s() -> None:
    assert asked({}, q="x")[0].startswith("Answer the question from the documents alone")
    assert asked({"sys_prompt_template": "data_cleaning"}, q="x")[0] == JOBS["data_cleaning"]
    assert asked({"sys_prompt_template": "default"}, q="x") == asked({}, q="x")
    with pytest.raises(EdgeError, match="must be one of default"):
        asked({"sys_prompt_template": "unheard-of"}, q="x")
    own: Object = {"system": "Be {{q}}", "sys_prompt_template": "data_cleaning"}
    assert asked(own, q="brief")[0] == "Be brief"


@pytest.mark.parametrize("field", ["queries", "docs"])
def test_a_source_that_is_none_is_named(field: str) -> None:
    with pytest.raises(EdgeError, match="'ghost' is not a source of the edge") as error:
        asked({field: ["ghost"]}, q="x")
    assert error.value.location == f"config.{field}"
