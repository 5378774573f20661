from __future__ import annotations

from registry_tool.engine.providers.cassettes.cassette import Cassette
from registry_tool.engine.providers.models.base import Message, ModelAnswer, ModelRequest, Usage
from registry_tool.report.answers import answers_diff, stand_ins


def test_recorded_answers_are_compared_as_text() -> None:
    def recorded(text: str) -> bytes:
        cassette = Cassette()
        request = ModelRequest("m", (Message("user", "Why?\nSay it."),))
        cassette.add(request, ModelAnswer(text, "m-1", Usage()))
        return cassette.to_bytes()

    found = answers_diff(recorded("Because.\nEnd."), recorded("Never.\nEnd."))
    assert [line for line in found if line[0] in "+-"][2:] == ["-Because.", "+Never."]
    assert answers_diff(b"", recorded("x"))[3:] == [
        "+# m",
        "+[user]",
        "+Why?",
        "+Say it.",
        "+[answer of m-1, stop]",
        "+x",
        "+",
    ]
    assert answers_diff(b"broken", recorded("x")) == []


def test_a_reviewer_reads_which_model_answered_for_which() -> None:
    cassette = Cassette()
    for asked, answered in (("gpt-4", "tiny"), ("gpt-4", "gpt-4-0613"), ("large", "tiny")):
        request = ModelRequest(asked, (Message("user", f"Who is {answered}?"),))
        cassette.add(request, ModelAnswer("x", answered, Usage()))
    assert stand_ins(cassette.to_bytes()) == [("tiny", "gpt-4"), ("tiny", "large")]
    assert stand_ins(b"") == stand_ins(b"broken") == []
