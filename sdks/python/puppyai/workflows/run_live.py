"""A run on a live registry (SPEC.md §9): begun by a POST, reported by Server-Sent Events, ended by its result."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException, HTTPResponse
from typing import IO, TYPE_CHECKING
from urllib.parse import quote

from puppyai.workflows import errors
from puppyai.workflows.models import RunEvent, Usage
from puppyai.workflows.result import Result, succeeded
from puppyai.workflows.sse import LONGEST_LINE, Message, TooMuchError, messages
from puppyai.workflows.transport import Transport, parsed, refusal
from puppyai.workflows.values import JsonObject, JsonValue

if TYPE_CHECKING:
    from registry_tool.core.connections import Connections

ENDS = frozenset({"execution_finished", "execution_failed"})
RUNNING = frozenset({"queued", "running"})
_SILENCE = 60.0
"""Seconds without a byte, after which the stream is asked for again; a server sends comments more often."""
_EMPTY_STREAMS = 5
"""Streams that ended one after the other without news, after which the run is given up."""


def begin(
    transport: Transport, name: str, version: str, environment: str, inputs: JsonObject
) -> RunLive:
    """Have a live registry begin a run. Sent again after a lost answer, it is the same run: the key tells."""
    body: JsonObject = {"version": version, "inputs": inputs, "wait": False}
    if environment:
        body["environment"] = environment
    url = transport.url(f"workflows/{quote(name)}/execute")
    answer = transport.send(
        "POST",
        url,
        body=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": secrets.token_hex(16)},
    )
    answer_value = _object(parsed(answer.body, url), url)
    id = answer_value.get("execution_id")
    if not isinstance(id, str) or not id:
        raise errors.IntegrityError("the answer names no execution", location=url)
    return RunLive(transport, name, version, id)


@dataclass
class RunLive:
    """Follows a run of a live registry by its id."""

    transport: Transport
    name: str
    version: str
    id: str
    ends_with_its_reader: bool = True
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _connections: Connections | None = None
    _cancelled: bool = False

    @property
    def url(self) -> str:
        """The run's own document."""
        return self.transport.url(f"runs/{quote(self.id, safe='')}")

    def work(self, tell: Callable[[RunEvent], None]) -> Result:
        """Follow its events, then read its result."""
        last, empty = "", 0
        while empty < _EMPTY_STREAMS:
            before = last
            for message in self._stream(last):
                last = message.id or last
                event = self._event(message)
                tell(event)
                if event.name in ENDS and event.execution_id == self.id:  # not of one that it calls
                    return self._result()
            empty = empty + 1 if last == before else 0
            if (self._cancelled or empty > 1) and not self._is_running():
                return self._result()
            self.transport.sleep(min(0.25 * 2**empty, 5.0))
        raise errors.UnreachableError(
            "the stream of events broke off again and again",
            location=self.url,
            hint="the run goes on; read it later with client.run(id)",
        )

    def cancel(self) -> None:
        """Ask the registry to cancel it, and stop following."""
        self._cancelled = True
        try:
            self.transport.send("DELETE", self.url)
        finally:
            with self._lock:
                if self._connections is not None:
                    self._connections.cut()

    def _stream(self, last: str) -> Iterator[Message]:
        """Messages of one connection; it ends where the connection does."""
        from registry_tool.core.connections import Connections

        with self._lock:
            self._connections = Connections()
        url = f"{self.url}/events"
        headers = self.transport.headers(url, {"Accept": "text/event-stream"})
        if last:
            headers["Last-Event-ID"] = last
        try:
            with _opened(self._connections, url, headers) as reply:
                yield from messages(_lines(reply))
        except TooMuchError as error:
            raise errors.IntegrityError(str(error), location=url) from None
        except (OSError, HTTPException):  # the caller asks again, and gives up after a while
            return

    def _event(self, message: Message) -> RunEvent:
        """The event in a message: one line of the run's log (docs/events.md)."""
        item = _object(parsed(message.data.encode(), self.url), self.url)
        about = item.get("workflow")
        workflow = about if isinstance(about, dict) else {}
        metadata = item.get("metadata")
        return RunEvent(
            _text(item.get("event")) or message.event,
            _moment(item.get("timestamp")),
            _text(item.get("level")) or "INFO",
            _text(workflow.get("name")) or self.name,
            _text(workflow.get("version")) or self.version,
            _text(workflow.get("execution_id")) or self.id,
            metadata if isinstance(metadata, dict) else {},
        )

    def _is_running(self) -> bool:
        return _text(self._document().get("status")) in RUNNING and not self._cancelled

    def _document(self) -> JsonObject:
        return _object(parsed(self.transport.fetch(self.url, LARGEST), self.url), self.url)

    def _result(self) -> Result:
        return succeeded(result_from(self._document(), self.id))


LARGEST = 64 * 2**20


def _opened(connections: Connections, url: str, headers: dict[str, str]) -> HTTPResponse:
    """The open answer; a redirect is a refusal like any other: the token goes nowhere else."""
    from urllib.error import HTTPError
    from urllib.request import HTTPRedirectHandler, Request, build_opener

    class Stay(HTTPRedirectHandler):
        def redirect_request(  # noqa: PLR0913, PLR0917 - the base class has them
            self, req: Request, fp: IO[bytes], code: int, msg: str, headers: object, newurl: str
        ) -> None:
            return None

    opener = build_opener(Stay, *connections.handlers())
    try:
        reply: HTTPResponse = opener.open(Request(url, headers=headers), timeout=_SILENCE)  # noqa: S310 - an http(s) address
    except HTTPError as error:
        with error:
            found = {name.lower(): value for name, value in error.headers.items()}
            raise refusal(error.code, found, error.read(2**16), url) from None
    return reply


def _lines(reply: HTTPResponse) -> Iterator[bytes]:
    while line := reply.readline(LONGEST_LINE + 1):
        yield line


def result_from(document: JsonObject, id: str) -> Result:
    """A result in the JSON shape of SPEC.md §4."""
    outputs, blocks, seconds = (
        document.get("outputs"),
        document.get("blocks"),
        document.get("seconds"),
    )
    notices = document.get("notices")
    return Result(
        outputs if isinstance(outputs, dict) else {},
        _text(document.get("status")) or "error",
        _text(document.get("execution_id")) or id,
        _usage(document.get("usage")),
        float(seconds) if isinstance(seconds, int | float) else 0.0,
        blocks if isinstance(blocks, dict) else {},
        _text(document.get("answered_by")),
        _text(document.get("instead_of")),
        tuple(map(_text, notices)) if isinstance(notices, list) else (),
        _text(document.get("error")),
    )


def _usage(value: JsonValue) -> Usage:
    found = value if isinstance(value, dict) else {}
    counts = [found.get(key) for key in ("input_tokens", "output_tokens", "calls")]
    cost = found.get("cost_usd")
    tokens_in, tokens_out, calls = (count if isinstance(count, int) else 0 for count in counts)
    known = float(cost) if isinstance(cost, int | float) else None
    return Usage(tokens_in, tokens_out, calls, known)


def _object(value: JsonValue, url: str) -> JsonObject:
    if not isinstance(value, dict):
        raise errors.IntegrityError("the answer is not a JSON object", location=url)
    return value


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""


def _moment(value: JsonValue) -> datetime:
    try:
        found = datetime.fromisoformat(_text(value))
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
