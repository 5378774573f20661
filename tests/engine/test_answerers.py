from __future__ import annotations

from datetime import UTC, datetime

import pytest

from registry_tool.engine import events
from registry_tool.engine.answerers import Answerers, answered_words, same_model
from registry_tool.engine.events import Event
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.settings import RunResult

RESULT = RunResult("exec-1", "success", {}, {}, Usage(), 0.0)


@pytest.mark.parametrize(
    ("asked", "answered", "same"),
    [
        ("gpt-4", "gpt-4", True),
        ("gpt-4", "gpt-4-0613", True),
        ("gpt-4", "openai/GPT-4", True),
        ("anthropic/claude-3-opus", "claude-3-opus", True),
        ("gpt-4", "", True),
        ("gpt-4", "SmolLM2-135M-Instruct", False),
        ("gpt-4", "llama3", False),
        ("gpt-4-0613", "gpt-4", True),
        ("gpt-4", "gpt-4-2024-08-06", True),
        ("llama3", "llama3:8b", True),
        ("gpt-4", "gpt-4o", False),
        ("gpt-4", "gpt-4-turbo", False),
        ("gpt-4o", "gpt-4o-mini", False),
    ],
)
def test_which_names_mean_the_same_model(asked: str, answered: str, same: bool) -> None:
    assert same_model(asked, answered) is same


def called(model: str, answered_by: str) -> Event:
    fields = {"model": model, "answered_by": answered_by}
    return Event(
        datetime(2026, 1, 1, tzinfo=UTC), events.MODEL_CALLED, "w", "1.0.0", "exec-1", fields
    )


def test_a_run_says_who_answered_for_whom() -> None:
    heard = Answerers()
    assert "answered_by" not in heard.with_answerers(RESULT).to_value()
    for model, answered in (("gpt-4", "gpt-4-0613"), ("gpt-4", "tiny"), ("gpt-4o", "tiny")):
        heard(called(model, answered))
    result = heard.with_answerers(RESULT)
    assert (result.answered_by, result.instead_of) == ("tiny", "gpt-4, gpt-4o")
    assert result.to_value()["answered_by"] == "tiny"
    words = answered_words(result.answered_by, result.instead_of)
    assert words == "answered by tiny instead of gpt-4, gpt-4o"
