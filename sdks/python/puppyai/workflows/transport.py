"""Requests to a registry: bounded, asked again where that is safe, and the token for its own host alone."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from puppyai.workflows import errors
from puppyai.workflows.values import JsonObject, JsonValue

if TYPE_CHECKING:
    from registry_tool.core.finding import Finding
    from registry_tool.core.http import Answer

API = "api/v1"
LARGEST_DOCUMENT = 16 * 2**20
LONGEST_WAIT = 30.0
"""Seconds that a server may ask us to wait; what asks for more is an error that says so."""
_AGAIN = frozenset({408, 429, 502, 503, 504})
_SAFE = frozenset({"GET", "DELETE", "PUT"})
_TOKEN = re.compile(r"[!-~]{1,4096}")
_LONGEST_TOLD = 500


@dataclass(frozen=True, slots=True)
class Transport:
    """Asks one registry; `retries` is how often a safe request is sent again, `timeout` one attempt's seconds."""

    address: str
    token: str = field(default="", repr=False)
    timeout: float = 30.0
    retries: int = 2
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    def fetch(self, url: str, largest: int) -> bytes:
        """A document of the registry, of at most so many bytes; `NotFoundError` where there is none."""
        return self.send("GET", url, largest=largest).body

    def document(self, path: str) -> JsonValue:
        """A JSON document below `api/v1/`."""
        url = self.url(path)
        return parsed(self.fetch(url, LARGEST_DOCUMENT), url)

    def url(self, path: str) -> str:
        """The address of something below `api/v1/`."""
        return f"{self.address}/{API}/{path}"

    def send(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        largest: int = LARGEST_DOCUMENT,
    ) -> Answer:
        """The answer, a good one; else the error of its status.

        Asked again after a lost connection and after 408, 429, 502, 503 and 504, where a second time does no harm:
        GET, PUT, DELETE, and whatever carries an `Idempotency-Key`.
        """
        from registry_tool.core.http import LostError
        from registry_tool.core.retry import Backoff, parse_retry_after

        given = dict(headers or {})
        repeats = self.retries if method in _SAFE or "Idempotency-Key" in given else 0
        for failures in range(1, repeats + 2):
            try:
                answer = self._once(method, url, body, given, largest)
            except LostError as lost:
                if failures > repeats:
                    raise _lost(lost, url) from None
                asked = None
            else:
                asked = parse_retry_after(answer.headers)
                is_last = failures > repeats or (asked or 0) > LONGEST_WAIT
                if answer.status not in _AGAIN or is_last:
                    return _good(answer, url, asked)
            self.sleep(Backoff(longest=LONGEST_WAIT).wait(failures, asked=asked))
        raise AssertionError("unreachable")  # the last attempt returns or raises

    def headers(self, url: str, given: Mapping[str, str] | None = None) -> dict[str, str]:
        """What every request carries; the token where it goes to the registry's own host."""
        found = {"User-Agent": _agent(), "Accept": "application/json", **(given or {})}
        if self.token and origin(url) == origin(self.address):
            found["Authorization"] = f"Bearer {self.token}"
        return found

    def _once(
        self, method: str, url: str, body: bytes | None, given: Mapping[str, str], largest: int
    ) -> Answer:
        from registry_tool.core.http import AnswerTooLargeError, Ask, RedirectError, exchange

        ask = Ask(
            method,
            url,
            self.headers(url, given),
            body,
            limit=largest,
            silence=min(self.timeout, LONGEST_WAIT),
            longest=self.timeout,
            server="the registry",
        )
        try:
            return exchange(ask)
        except AnswerTooLargeError:
            raise errors.IntegrityError(
                f"more than {largest} bytes", location=url, hint=_REPORT
            ) from None
        except RedirectError as error:
            raise errors.WorkflowError(
                error.reason, location=url, hint=error.hint, status=error.status
            ) from None


_REPORT = "try again; if it stays so, tell the registry's maintainers"


def checked_token(token: str | None, address: str) -> str:
    """The token, where it can and may be sent to the address; errors never show it."""
    if not token:
        return ""
    if not _TOKEN.fullmatch(token):
        raise errors.InvalidRequestError(
            "auth_token holds blanks, line breaks or other characters that no token has",
            hint="strip it: a file's last line break, quotes of a shell",
        )
    parts = urlsplit(address)
    if parts.scheme == "http" and not _is_here(parts.hostname or ""):
        raise errors.InvalidRequestError(
            "auth_token would go over the network unencrypted",
            location=address,
            hint="use the registry's https:// address, or leave auth_token out",
        )
    return token


def checked_address(address: str) -> str:
    """An http(s) address without its last slashes and with nothing secret in it."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.username or parts.password:
        raise errors.InvalidRequestError(
            "registry_url holds a password",
            hint="give it as auth_token and leave it out of the address",
        )
    if not parts.hostname or parts.query or parts.fragment:
        raise errors.InvalidRequestError(
            "registry_url is not the address of a registry",
            location=address,
            hint="write https://HOST or https://HOST/PATH, as the catalogue's home page is opened",
        )
    return address.rstrip("/")


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port."""
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or usual


def _is_here(host: str) -> bool:
    from ipaddress import ip_address

    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def parsed(data: bytes, url: str) -> JsonValue:
    """A JSON document; `IntegrityError` where it is malformed."""
    from registry_tool.core.errors import RegistryError
    from registry_tool.core.files import parse_json

    try:
        return parse_json(data, location=url)
    except RegistryError as error:
        raise errors.IntegrityError(error.reason, location=url, hint=_REPORT) from None


def request_id(headers: Mapping[str, str]) -> str:
    """What the server calls a request; empty where it doesn't."""
    for name in ("x-request-id", "x-correlation-id", "x-github-request-id", "traceparent"):
        if found := headers.get(name):
            return "".join(sign for sign in found[:128] if sign.isprintable())
    return ""


def _good(answer: Answer, url: str, asked: float | None) -> Answer:
    if answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return answer
    raise refusal(answer.status, answer.headers, answer.body, url, asked)


def refusal(
    status: int, headers: Mapping[str, str], body: bytes, url: str, asked: float | None = None
) -> errors.WorkflowError:
    """The error that an answer tells of: an RFC 9457 problem where it is one."""
    problem = _problem(headers, body)
    said = _said(problem)
    known = request_id(headers)
    if status == HTTPStatus.UNPROCESSABLE_ENTITY and (found := _findings(problem)):
        return errors.FindingsError(found, status=status, request_id=known)
    kind = errors.error_class(status)
    reason = said or (
        "there is no such document"
        if status == HTTPStatus.NOT_FOUND
        else f"the registry answered {status}"
    )
    error = kind(
        reason, location=url, hint=_hint_of(status, asked), status=status, request_id=known
    )
    if isinstance(error, errors.RateLimitedError):
        error.retry_after = asked
    return error


def _hint_of(status: int, asked: float | None) -> str:
    if status == HTTPStatus.TOO_MANY_REQUESTS and asked is not None:
        return f"try again in {asked:.0f} s"
    return {
        401: "give a valid auth_token",
        403: "ask the registry's maintainers for the right to do this",
        409: "read it again, then decide",
        429: "ask less often",
    }.get(status, _REPORT if status >= 500 else "")


def _problem(headers: Mapping[str, str], body: bytes) -> JsonObject:
    if "json" not in headers.get("content-type", ""):
        return {}
    try:
        found = parsed(body, "")
    except errors.IntegrityError:
        return {}
    return found if isinstance(found, dict) else {}


def _said(problem: JsonObject) -> str:
    texts = [problem.get(key) for key in ("title", "detail")]
    words = ": ".join(text for text in texts if isinstance(text, str) and text)
    return "".join(sign for sign in words[:_LONGEST_TOLD] if sign.isprintable())


def _findings(problem: JsonObject) -> list[Finding]:
    from puppyai.workflows.findings import finding

    listed = problem.get("findings")
    return [finding(item) for item in listed] if isinstance(listed, list) else []


def _lost(lost: Exception, url: str) -> errors.WorkflowError:
    from registry_tool.core.http import CutShortError, LateError

    why = getattr(lost, "why", "") or str(lost)
    if isinstance(lost, LateError) or why == "timed out":  # the socket's own word for silence
        return errors.TimedOutError(
            "there was no whole answer in time", location=url, hint="raise the client's timeout"
        )
    if isinstance(lost, CutShortError):
        return errors.UnreachableError("the download was cut short", location=url, hint="try again")
    return errors.UnreachableError(
        f"the download failed: {why}", location=url, hint="look at the address and the network"
    )


def _agent() -> str:
    from registry_tool import __version__

    return f"puppyai-workflows/{__version__}"
