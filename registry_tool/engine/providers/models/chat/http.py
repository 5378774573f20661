"""One connection pool to the servers of models, and what goes wrong on the way, in words."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from registry_tool.core.retry import parse_retry_after
from registry_tool.core.values import Object
from registry_tool.engine.providers.errors import ProviderError, RefusedLookupError, reason_of
from registry_tool.manifest.secret_variables import may_carry_secrets, variable_for
from registry_tool.security.redact import redact_secrets

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession, FormData, TCPConnector

CAN_ADAPT = frozenset({400, 422})
CAN_REFUSE_IMAGES = CAN_ADAPT | {404, 415, 500, 501}
"""OpenRouter finds no such model (404), llama.cpp calls it a fault of its own (500)."""
MOST_BYTES = 32 * 2**20
"""An answer of more bytes is refused while it comes."""
_LONGEST_LINE = 2**20
_CONNECT = 10.0  # seconds
_TRANSIENT = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_THROTTLED = frozenset({429, 503, 529})
_UNASKED = frozenset({401, 402, 403, 407})  # a key, a bill or a proxy: no model saw the question
_UNAUTHORIZED = 401
_OWN_KEY, _NO_KEY = "OPENAI_API_KEY", "none"
_WAYS = {
    403: "look at the key's rights",
    404: "look at the model's name and the base_url",
}


class ChatHttp:
    """Posts JSON and forms. `timeout` is in seconds, for a whole answer.

    With a `guard`, names that lead to private addresses are refused, and no proxy is used: it would look names up.
    """

    def __init__(self, timeout: float, guard: Guard | None = None) -> None:
        self._timeout = timeout
        self._guard = guard
        self._session: ClientSession | None = None

    @asynccontextmanager
    async def post(self, url: str, body: Object, key: str) -> AsyncIterator[ClientResponse]:
        """The response, its body not yet read; `ProviderError` for all that goes wrong until it is."""
        headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
        data = json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
        async with self._sent(url, data, headers) as response:
            yield response

    @asynccontextmanager
    async def get(self, url: str, key: str) -> AsyncIterator[ClientResponse]:
        """The response to a question without a body; `ProviderError` as for `post`."""
        async with self._sent(url, None, {"authorization": f"Bearer {key}"}, "GET") as response:
            yield response

    @asynccontextmanager
    async def upload(
        self, url: str, fields: Mapping[str, str], file: Path, key: str
    ) -> AsyncIterator[ClientResponse]:
        """Send a form with a file; the answer as JSON."""
        import aiohttp

        with file.open("rb") as content:
            form = aiohttp.FormData(dict(fields))
            form.add_field("file", content, filename=file.name)
            async with self._sent(url, form, {"authorization": f"Bearer {key}"}) as response:
                yield response

    @asynccontextmanager
    async def _sent(
        self,
        url: str,
        data: bytes | FormData | None,
        headers: Mapping[str, str],
        method: str = "POST",
    ) -> AsyncIterator[ClientResponse]:
        import aiohttp

        try:
            proxy = None if self._guard else _proxy(url)
            async with self._opened().request(
                method, url, data=data, headers=headers, allow_redirects=False, proxy=proxy
            ) as response:
                yield response
        except TimeoutError:
            raise ProviderError(
                f"the model's server gave no whole answer within {self._timeout:g} s",
                transient=True,
                location=url,
            ) from None
        except ValueError:  # of urlsplit; aiohttp's InvalidURL is one, too
            raise ProviderError("this is not an address of a server", location=url) from None
        except aiohttp.ClientConnectorError as error:
            raise ProviderError(
                f"the model's server can't be reached: {reason_of(error.os_error)}",
                transient=not isinstance(error, aiohttp.ClientSSLError)
                and not isinstance(error.os_error, RefusedLookupError),
                location=url,
            ) from None
        except (aiohttp.ClientError, OSError) as error:
            raise ProviderError(
                f"the model's server broke off: {str(error)[:200] or type(error).__name__}",
                transient=True,
                location=url,
            ) from None

    async def aclose(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @staticmethod
    def broken() -> type[Exception]:
        """What is raised where a connection breaks in the middle."""
        from aiohttp import ClientError

        return ClientError

    def _opened(self) -> ClientSession:
        if self._session is None:
            import aiohttp

            self._session = aiohttp.ClientSession(
                connector=self._connector(),
                timeout=aiohttp.ClientTimeout(total=self._timeout, sock_connect=_CONNECT),
                read_bufsize=_LONGEST_LINE,
            )
        return self._session

    def _connector(self) -> TCPConnector:
        """`Limited` bounds what is in flight."""
        import aiohttp

        if self._guard is None:
            return aiohttp.TCPConnector(limit=0)
        from registry_tool.engine.providers.http.public_resolver import CheckedResolver

        resolver = CheckedResolver(self._guard.may_be_private)
        return aiohttp.TCPConnector(limit=0, resolver=resolver, use_dns_cache=False)


class Guard(Protocol):
    """Which names may lead to a private address."""

    def may_be_private(self, host: str, port: int) -> bool:
        """Whether the operator lets a host have one."""
        ...


@lru_cache(maxsize=64)
def _proxy(url: str) -> str | None:
    """The environment's proxy for an address; looked up once, since the look-up costs more than a call."""
    parts = urlsplit(url)
    if not any(name.lower() in {"http_proxy", "https_proxy", "all_proxy"} for name in os.environ):
        return None
    from urllib.request import getproxies, proxy_bypass

    if proxy_bypass(parts.hostname or ""):
        return None
    known = getproxies()
    return known.get(parts.scheme) or known.get("all")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A server's key (`none` where it has none), and the environment variable that an operator sets for it."""

    value: str = field(repr=False)
    variable: str = _OWN_KEY


def key_for(address: str, own: str, environment: Mapping[str, str], usual: str) -> ApiKey:
    """The key for an address; `ProviderError` where OpenAI is asked without one, or a key would go in the open."""
    if address == own:
        key = environment.get(_OWN_KEY, "")
        if not key and address == usual:
            raise ProviderError(
                "no key for the model's server is set",
                unasked=True,
                location=address,
                hint="set OPENAI_API_KEY, or add --provider local",
            )
        return ApiKey(key or _NO_KEY)
    try:
        variable = variable_for(_OWN_KEY, address)
    except ValueError:
        raise ProviderError("this is not an address of a server", location=address) from None
    key = environment.get(variable) or _NO_KEY
    if key != _NO_KEY and not may_carry_secrets(address):
        raise ProviderError(
            f"the key in {variable} would go to the model's server without encryption",
            unasked=True,
            location=address,
            hint="write https:// in base_url (http carries keys to this machine alone)",
        )
    return ApiKey(key, variable)


def status_error(
    response: ClientResponse, refusal: str, address: str, key: ApiKey
) -> ProviderError:
    """A refusal in words, without the key."""
    code = response.status
    shown = refusal.replace(key.value, "[KEY]") if len(key.value) > len(_NO_KEY) else refusal
    if 300 <= code < 400:
        shown = f"it points elsewhere, to {response.headers.get('location', 'nowhere')[:200]}"
    return ProviderError(
        f"the model's server answered {code}: {_bounded(shown) or 'nothing more'}",
        transient=code in _TRANSIENT,
        retry_after=parse_retry_after(response.headers),
        throttled=code in _THROTTLED,
        unasked=code in _UNASKED or 300 <= code < 400,
        location=address,
        hint=f"look at {key.variable}" if code == _UNAUTHORIZED else _WAYS.get(code, ""),
    )


def _bounded(text: str) -> str:
    """A server's words on one line: at most 300 characters, and no credential, which it may have echoed."""
    whole = (
        text[:_LONGEST_LINE].encode("utf-8", "replace").decode()
    )  # JSON may hold half a character
    return " ".join(redact_secrets(whole).split())[:300]


async def read_bounded(response: ClientResponse) -> bytes:
    """The body, at most MOST_BYTES of it."""
    parts: list[bytes] = []
    size = 0
    async for part in response.content.iter_any():
        size += len(part)
        if size > MOST_BYTES:
            raise too_large(response)
        parts.append(part)
    return b"".join(parts)


def too_large(response: ClientResponse) -> ProviderError:
    """An answer that goes on and on; the connection is closed, not read to its end."""
    response.close()
    return ProviderError(
        f"the model's server sent more than {MOST_BYTES // 2**20} MiB, or a line of more than 1 MiB",
        location=str(response.url.with_query(None)),
    )
