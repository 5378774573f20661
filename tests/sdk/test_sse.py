"""Server-Sent Events, as the HTML standard has them."""

from __future__ import annotations

import pytest

from puppyai.workflows.sse import LONGEST_LINE, Message, TooMuchError, messages


def read(text: str) -> list[Message]:
    return list(messages(line.encode() for line in text.splitlines(keepends=True)))


def test_messages_have_data_event_and_the_last_id() -> None:
    assert read(": hello\n\nid: 1\nevent: begun\ndata: a\ndata:b\n\ndata: c\n\nid\ndata\n\n") == [
        Message("a\nb", "begun", "1"),
        Message("c", "message", "1"),
        Message("", "message", ""),
    ]


def test_a_message_that_the_end_cuts_off_is_left_out() -> None:
    assert read("data: a\n\ndata: b\n") == [Message("a")]
    assert read("data: a\r\nretry: 10\r\nnonsense\r\n\r\n") == [Message("a")]
    assert read("event: nothing\n\n") == []


def test_too_much_is_refused() -> None:
    with pytest.raises(TooMuchError):
        list(messages([b"data: " + b"x" * LONGEST_LINE + b"\n"]))
    with pytest.raises(TooMuchError):
        list(messages([b"data: " + b"x" * 2**19 + b"\n"] * 9))
