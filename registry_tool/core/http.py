"""One HTTP exchange that waits, bounded: size, time, redirects, and who may see the token.

A redirect is followed on the same host only, and never to less encryption; to another host goes a download that
may, without the token. What asks models many things at once has its own, asynchronous way (`engine/providers`).
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO, cast
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from registry_tool.core.connections import Connections
from registry_tool.core.errors import RegistryError

LARGEST_ANSWER = 16 * 2**20
_REDIRECTS = 5
_PIECE = 2**16
_MOVED = frozenset({301, 302, 303, 307, 308})
_LEAVES = "authorization"
_MOST_DIGITS = 18


class LostError(RegistryError):
    """The server gave no whole answer: it may or may not have done what it was asked. `why` is the bare cause."""

    def __init__(self, reason: str, *, why: str = "", location: str = "") -> None:
        super().__init__(reason, location=location)
        self.why = why or reason


class CutShortError(LostError):
    """The answer ended before its own length."""


class LateError(LostError):
    """The answer wasn't whole in time."""


class AnswerTooLargeError(RegistryError):
    """The answer has more bytes than it may have."""


class RedirectError(RegistryError):
    """A redirect leads where the request must not go; `status` is its HTTP status."""

    def __init__(self, status: int, reason: str, *, location: str = "", hint: str = "") -> None:
        super().__init__(reason, location=location, hint=hint)
        self.status = status


@dataclass(frozen=True, slots=True)
class Ask:
    """A request; `anywhere` lets a redirect lead to another host (a download's store).

    An answer has at most `limit` bytes, is whole within `longest` seconds, whatever drips, and is never silent for
    `silence` seconds. `server` is what errors call who answers, `hint` what to do where it leads elsewhere.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = None
    limit: int = LARGEST_ANSWER
    anywhere: bool = False
    silence: float = 30.0
    longest: float = 120.0
    server: str = "the server"
    hint: str = "no redirect is followed to another host: correct the address"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; the headers' names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def exchange(ask: Ask) -> Answer:
    """The answer after its redirects.

    `LostError` where none came whole, `AnswerTooLargeError`, `RedirectError` for one that must not be followed.
    """
    transfer = _Transfer(ask)
    # A thread, since a server that keeps sending headers is never left by a socket's own timeout.
    thread = threading.Thread(target=transfer.run, name="exchange", daemon=True)
    thread.start()
    late = True
    try:
        thread.join(ask.longest)
        late = thread.is_alive()
    finally:
        if late:  # or interrupted: nobody reads on in the background
            transfer.connections.cut()
    if transfer.answer is not None:
        return transfer.answer
    if (
        late or transfer.error is None
    ):  # what a cut connection makes of it is not an error of the server's
        reason = f"{ask.server}'s answer took more than {ask.longest:g} seconds"
        raise LateError(reason, location=_host(ask.url))
    raise transfer.error


@dataclass
class _Transfer:
    """An exchange on its way; afterwards `answer` or `error`."""

    ask: Ask
    answer: Answer | None = None
    error: RegistryError | None = None
    connections: Connections = field(default_factory=Connections)

    def run(self) -> None:
        opener = build_opener(_NoRedirect, *self.connections.handlers())
        try:
            self.answer = _followed(opener, self.ask)
        except RegistryError as error:
            self.error = error


class _NoRedirect(HTTPRedirectHandler):
    """Redirects come back as answers, whatever they say; `_followed` decides."""

    def http_error_302(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage
    ) -> None:
        return None

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


def _followed(opener: OpenerDirector, ask: Ask) -> Answer:
    headers, url = dict(ask.headers), ask.url
    for _ in range(_REDIRECTS):
        answer = _once(opener, ask, url, headers)
        if answer.status not in _MOVED or not (to := answer.headers.get("location")):
            return answer
        target = _target(ask, url, answer.status, to)
        if not may_follow(url, target):
            if not ask.anywhere or not _as_safe(target, ask.url):
                raise _leads_away(ask, url, answer.status, target)
            headers.pop(_LEAVES, None)
        elif ask.method != "GET" and answer.status not in {307, 308}:
            raise RedirectError(
                answer.status, "the address has moved", location=url, hint=f"it is at {to[:200]}"
            )
        url = target
    raise RedirectError(answer.status, f"more than {_REDIRECTS} redirects", location=ask.url)


def _target(ask: Ask, url: str, status: int, to: str) -> str:
    """The whole address of a redirect."""
    try:
        target = urljoin(url, to)
        _ = urlsplit(target).port
    except ValueError:
        raise _leads_away(ask, url, status, to) from None
    return target


def _leads_away(ask: Ask, url: str, status: int, target: str) -> RedirectError:
    to = target.split("://", 1)[-1].split("/", 1)[0][:200]
    return RedirectError(
        status,
        f"{ask.server} answered {status} and sends the request on to {to!r}",
        location=url,
        hint=ask.hint,
    )


def may_follow(here: str, there: str) -> bool:
    """Whether a redirect keeps the host (name and port) and loses no encryption."""
    old, new = urlsplit(here), urlsplit(there)
    return (old.hostname, old.port) == (new.hostname, new.port) and new.scheme in {
        old.scheme,
        "https",
    }


def _as_safe(target: str, origin: str) -> bool:
    return urlsplit(target).scheme in {"https", urlsplit(origin).scheme}


def _once(opener: OpenerDirector, ask: Ask, url: str, headers: Mapping[str, str]) -> Answer:
    try:
        request = Request(url, ask.body, dict(headers), method=ask.method)  # noqa: S310 - see `_as_safe`
        with opener.open(request, timeout=ask.silence) as reply:
            return _read(reply, reply.status, ask)
    except HTTPError as error:
        with error:
            return _read_refusal(error, ask)
    except (
        OSError,
        HTTPException,
        ValueError,
    ) as error:  # the last: what `http.client` can't parse
        why = _why(error)
        reason = f"{ask.server} can't be reached: {why}"
        raise LostError(reason, why=why, location=_host(url)) from None


def _read_refusal(error: HTTPError, ask: Ask) -> Answer:
    try:
        return _read(cast(HTTPResponse, error.fp), error.code, ask)
    except (OSError, HTTPException, ValueError) as lost:
        why = _why(lost)
        raise LostError(
            f"{ask.server} broke off: {why}", why=why, location=_host(error.url)
        ) from None


def _read(reply: HTTPResponse, status: int, ask: Ask) -> Answer:
    headers = {name.lower(): value for name, value in reply.headers.items()}
    pieces, size = [], 0
    while piece := reply.read1(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > ask.limit:
            raise AnswerTooLargeError(f"{ask.server}'s answer is larger than {ask.limit} bytes")
    length = headers.get("content-length", "")
    if _is_number(length) and int(length) > size:
        raise CutShortError(f"{ask.server} broke off after {size} of {length} bytes")
    return Answer(status, headers, b"".join(pieces))


def _is_number(length: str) -> bool:
    return length.isascii() and length.isdigit() and len(length) <= _MOST_DIGITS


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _why(error: BaseException) -> str:
    reason = getattr(error, "reason", None) or error
    return str(getattr(reason, "strerror", None) or reason)[:200]
