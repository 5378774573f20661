"""One HTTP exchange with a forge, bounded: size, time, and who may see the token.

A redirect is followed within the forge's own origin only; to another host goes a download, without the token.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException, HTTPResponse
from typing import IO, cast
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from registry_tool.core.errors import RegistryError

LARGEST_ANSWER = 16 * 2**20
_REDIRECTS = 5
_PIECE = 2**16
_MOVED = frozenset({301, 302, 303, 307, 308})
_LEAVES = "authorization"


class LostError(RegistryError):
    """The forge gave no whole answer: it may or may not have done what it was asked."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request; `anywhere` lets a redirect lead to another host (a download's store).

    An answer has at most `limit` bytes, comes within `longest` seconds and is never silent for `silence` seconds.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = None
    limit: int = LARGEST_ANSWER
    anywhere: bool = False
    silence: float = 30.0
    longest: float = 120.0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; the headers' names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _StayHere(HTTPRedirectHandler):
    """Redirects come back as answers; `exchange` decides."""

    def redirect_request(  # noqa: PLR0913, PLR0917 - urllib's signature
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None


_OPENER = build_opener(_StayHere)


def exchange(ask: Ask) -> Answer:
    """The answer after its redirects; `LostError` where none came whole, `RegistryError` for a bad redirect."""
    headers, url = dict(ask.headers), ask.url
    for _ in range(_REDIRECTS):
        answer = _once(ask, url, headers)
        if answer.status not in _MOVED or not (to := answer.headers.get("location")):
            return answer
        target = urljoin(url, to)
        if _origin(target) != _origin(url):
            if not ask.anywhere or not _as_safe(target, ask.url):
                raise RegistryError(
                    f"the forge sends the request on to {urlsplit(target).netloc[:200]!r}",
                    place=url,
                    way_out="the token goes to no other host: correct GITHUB_API_URL or the remote",
                )
            headers.pop(_LEAVES, None)
        elif ask.method != "GET" and answer.status not in {307, 308}:
            raise RegistryError(
                "the repository has moved", place=url, way_out=f"it is at {to[:200]}"
            )
        url = target
    raise RegistryError(f"more than {_REDIRECTS} redirects", place=ask.url)


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port


def _as_safe(target: str, asked: str) -> bool:
    return urlsplit(target).scheme in {"https", urlsplit(asked).scheme}


def _once(ask: Ask, url: str, headers: Mapping[str, str]) -> Answer:
    request = Request(url, ask.body, dict(headers), method=ask.method)  # noqa: S310 - see `_as_safe`
    try:
        with _OPENER.open(request, timeout=ask.silence) as reply:
            return _read(reply, reply.status, ask)
    except HTTPError as error:
        with error:
            return _read_refusal(error, ask)
    except (OSError, HTTPException, ValueError) as error:
        raise LostError(f"the forge can't be reached: {_why(error)}", place=_host(url)) from None


def _read_refusal(error: HTTPError, ask: Ask) -> Answer:
    try:
        return _read(cast(HTTPResponse, error.fp), error.code, ask)
    except (OSError, HTTPException) as lost:
        raise LostError(f"the forge broke off: {_why(lost)}", place=_host(error.url)) from None


def _read(reply: HTTPResponse, status: int, ask: Ask) -> Answer:
    headers = {name.lower(): value for name, value in reply.headers.items()}
    end, pieces, size = time.monotonic() + ask.longest, [], 0
    while piece := reply.read1(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > ask.limit:
            raise RegistryError(f"the forge's answer is larger than {ask.limit} bytes")
        if time.monotonic() > end:
            raise LostError(f"the forge's answer took more than {ask.longest:.0f} seconds")
    told = headers.get("content-length", "")
    if told.isdigit() and int(told) > size:
        raise LostError(f"the forge broke off after {size} of {told[:20]} bytes")
    return Answer(status, headers, b"".join(pieces))


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _why(error: BaseException) -> str:
    reason = getattr(error, "reason", None) or error
    return str(getattr(reason, "strerror", None) or reason)[:200]
