"""Server-Sent Events (https://html.spec.whatwg.org/multipage/server-sent-events.html): lines → messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST_LINE = 2**20
MOST_DATA = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `id` is the last one that was named, `event` is `message` where none was."""

    data: str
    event: str = "message"
    id: str = ""


class TooMuchError(ValueError):
    """A line or a message is larger than it may be."""


def messages(lines: Iterable[bytes]) -> Iterator[Message]:
    """The messages in a stream's lines; one that the stream's end cuts off is left out."""
    data: list[str] = []
    event, last_id, size = "", "", 0
    for raw in lines:
        if len(raw) > LONGEST_LINE:
            raise TooMuchError(f"a line of more than {LONGEST_LINE} bytes")
        line = raw.decode("utf-8", "replace").rstrip("\r\n")
        if not line:
            if data:
                yield Message("\n".join(data), event or "message", last_id)
            event, data, size = "", [], 0
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            data.append(value)
            size += len(value)
            if size > MOST_DATA:
                raise TooMuchError(f"a message of more than {MOST_DATA} characters")
        elif name == "event":
            event = value
        elif name == "id" and "\0" not in value:
            last_id = value
