"""The only way from an edge to a host: to hosts that the manifest declares, and never to a private address.

Names are looked up once for a connection, every address that comes back is checked, and the connection goes to one
of those: what a name server says a moment later counts for nothing. Redirects are followed by hand, each hop
checked as the first one. No proxy of the environment is used, since it would look names up itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

from registry_tool.core.addresses import is_odd_number, is_public, literal
from registry_tool.engine.providers.errors import ProviderError, RefusedLookupError, reason_of
from registry_tool.engine.providers.http.base import FetchAnswer, FetchRequest, RequestRefusedError
from registry_tool.manifest.hosts import PORTS, is_declared

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession

PRIVATE_HOSTS = "PUPPY_ALLOW_PRIVATE_HOSTS"
"""Names the variable with the host:port pairs, split by commas, that may be asked although they are private."""

MOST_REDIRECTS = 5
MOST_HEADERS = 64 * 2**10  # bytes
_MOVED = frozenset({301, 302, 303, 307, 308})
_AGAIN_AS_GET = frozenset({301, 302, 303})
_KEPT_ELSEWHERE = frozenset({"accept", "accept-language", "user-agent"})


class GuardedFetcher:
    """Fetches from `hosts`: `api.example.com` (the scheme's own port), `host:8443`, or `*.example.com`.

    `private` names host:port pairs that the operator lets a workflow reach although they are private; at most
    `redirects` are followed.
    """

    def __init__(
        self,
        hosts: Collection[str],
        private: Collection[str] = (),
        redirects: int = MOST_REDIRECTS,
    ) -> None:
        self._redirects = redirects
        self._hosts = frozenset(host.lower().rstrip(".") for host in hosts)
        self._private = frozenset(host.lower() for host in private)
        self._session: ClientSession | None = None

    async def fetch(self, request: FetchRequest) -> FetchAnswer:
        """The answer, whatever its status; `ProviderError` where the request was refused or failed."""
        try:
            async with asyncio.timeout(request.timeout):
                return await self._follow(request)
        except TimeoutError:
            raise ProviderError(
                f"there was no whole answer within {request.timeout:g} s",
                transient=True,
                location=_shown(request.url),
            ) from None

    async def aclose(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _follow(self, request: FetchRequest) -> FetchAnswer:
        for _ in range(self._redirects + 1):
            answer = await self._once(request, self.checked(request.url))
            target = answer.headers.get("location")
            if answer.status not in _MOVED or not target:
                return answer
            request = _moved(request, answer, target)
        where = f"more than {self._redirects} times" if self._redirects else "elsewhere"
        raise RequestRefusedError(f"it is redirected {where}", location=_shown(request.url))

    def checked(self, url: str) -> SplitResult:
        """The parts of an address that may be asked; `RequestRefusedError` for another one."""
        parts, host, port = _parts(url)
        if not is_declared(self._hosts, host, port, parts.scheme):
            named = host if port == PORTS[parts.scheme] else f"{host}:{port}"
            raise RequestRefusedError(
                f"the host {named} is not declared",
                location=_shown(url),
                hint="add it to hosts of an entry in runtime.dependencies.external_apis",
            )
        address = literal(host)
        if is_odd_number(host):
            raise RequestRefusedError(f"{host} is not a public address", location=_shown(url))
        if address is not None and not is_public(address) and not self.may_be_private(host, port):
            raise RequestRefusedError(f"{host} is not a public address", location=_shown(url))
        return parts

    def may_be_private(self, host: str, port: int) -> bool:
        """Whether the operator lets a host have a private address."""
        return f"{host}:{port}" in self._private

    async def _once(self, request: FetchRequest, parts: SplitResult) -> FetchAnswer:
        import aiohttp
        from yarl import URL

        try:
            async with self._opened().request(
                request.method,
                URL(parts.geturl(), encoded=True),
                data=request.body,
                headers=dict(request.headers),
                allow_redirects=False,
            ) as response:
                body = await _read(response, request)
        except (RequestRefusedError, asyncio.CancelledError):
            raise
        except aiohttp.InvalidURL as error:
            raise RequestRefusedError(
                f"this is not an address: {error}", location=_shown(request.url)
            ) from None
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, RefusedLookupError):
                raise RequestRefusedError(
                    str(error.os_error), location=_shown(request.url)
                ) from None
            raise _failed(
                request, f"the host can't be reached: {reason_of(error.os_error)}"
            ) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            cause = type(error).__name__ if not str(error) else str(error)[:200]
            raise _failed(request, f"the connection broke: {cause}") from None
        headers = {name.lower(): value for name, value in response.headers.items()}
        return FetchAnswer(response.status, headers, body, parts.geturl())

    def _opened(self) -> ClientSession:
        if self._session is None:
            import aiohttp

            from registry_tool.engine.providers.http.public_resolver import CheckedResolver

            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=CheckedResolver(self.may_be_private), use_dns_cache=False, limit=32
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=10.0),
                trust_env=False,
                max_field_size=MOST_HEADERS,
            )
        return self._session


def private_hosts(environment: Mapping[str, str]) -> list[str]:
    """The host:port pairs that the operator lets workflows reach although they are private."""
    return [host.strip() for host in environment.get(PRIVATE_HOSTS, "").split(",")]


async def _read(response: ClientResponse, request: FetchRequest) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in response.content.iter_chunked(64 * 2**10):
        size += len(part)
        if size > request.largest:
            response.close()
            raise RequestRefusedError(
                f"the answer has more than {request.largest} bytes", location=_shown(request.url)
            )
        parts.append(part)
    return b"".join(parts)


def _moved(request: FetchRequest, answer: FetchAnswer, target: str) -> FetchRequest:
    """The next hop. Another origin gets no credentials, and an encrypted hop is followed by encrypted ones."""
    try:
        url = urljoin(answer.url, target)
    except ValueError:
        raise RequestRefusedError(
            "it is redirected to no address", location=_shown(answer.url)
        ) from None
    here, there = urlsplit(answer.url), _parts(url)[0]
    if here.scheme == "https" and there.scheme != "https":
        raise RequestRefusedError("it is redirected from https to http", location=_shown(url))
    headers: Mapping[str, str] = request.headers
    if here[:2] != there[:2]:
        headers = {k: v for k, v in headers.items() if k.lower() in _KEPT_ELSEWHERE}
    if answer.status in _AGAIN_AS_GET and request.method not in {"GET", "HEAD"}:
        headers = {k: v for k, v in headers.items() if not k.lower().startswith("content-")}
        return replace(request, url=url, method="GET", body=None, headers=headers)
    return replace(request, url=url, headers=headers)


def _parts(url: str) -> tuple[SplitResult, str, int]:
    """The parts of an http address, its host in lower case and its port."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".").encode("idna").decode() if parts.hostname else ""
        port = parts.port or PORTS.get(parts.scheme, 0)
    except (ValueError, UnicodeError):
        raise RequestRefusedError("this is not an address", location=_shown(url)) from None
    if parts.scheme not in PORTS or not host:
        raise RequestRefusedError(
            f"only http and https are fetched, not {parts.scheme or 'this'}", location=_shown(url)
        )
    if parts.username is not None or parts.password is not None:
        raise RequestRefusedError("an address holds no user and password", location=_shown(url))
    return parts._replace(fragment=""), host, port


def _failed(request: FetchRequest, reason: str) -> ProviderError:
    return ProviderError(reason, transient=True, location=_shown(request.url))


def _shown(url: str) -> str:
    """An address without its query, which may hold a secret."""
    return url.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0].rsplit("@", 1)[-1][:200]
