"""`http`: one request to a host that the manifest declares.

Config: `url` (template), `method` (GET), `headers` and `query` (objects of templates), `body` (JSON or text of
templates), `expect_status` (a number, a list or `any`; default 200 to 299), `response`: `auto` (JSON where it says
so, else text; the default), `json`, `text`, `base64` or `full` ({status, headers, body}), `timeout` (default 30s),
`largest` (bytes, default 10 MiB), and `auth`: {secret, type: bearer (default), basic, header or query, name}.

A secret is declared in `runtime.dependencies.external_apis[].secrets` beside the `hosts` that it is for. Its value
is what the operator set as `<SECRET>__<HOST>` (`secret_variable`), so a workflow that names another host or port
can't have it sent there. It goes over https alone, or stays on this machine.
"""

from __future__ import annotations

import base64
import json
import os
import re
from dataclasses import dataclass, field
from typing import Final, Literal, cast
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from registry_tool.core.clock import seconds
from registry_tool.core.retry import parse_retry_after
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine import events
from registry_tool.engine.edges.base import EdgeCall, EdgeError, MissingServiceError, Services
from registry_tool.engine.edges.config import EdgeConfig, spelled
from registry_tool.engine.edges.spellings import listed, raised
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.http.base import FetchAnswer, FetchRequest
from registry_tool.engine.providers.http.charsets import codec_named_by
from registry_tool.manifest.hosts import PORTS, is_declared
from registry_tool.manifest.secret_variables import destination, may_carry_secrets, variable_for
from registry_tool.manifest.template import as_text, expand, render

_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}")
_SHOWN = 200
ANY: Final = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """The secret that goes with the request, and where it goes."""

    secret: str
    type: Literal["bearer", "basic", "header", "query"] = "bearer"
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class HttpConfig(EdgeConfig):
    """The request, and how its answer is read."""

    url: str
    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] = field(
        default="GET", metadata=spelled(form=raised)
    )
    headers: Frozen = field(default_factory=dict)
    query: Frozen = field(default_factory=dict)
    body: Value = None
    expect_status: tuple[int, ...] | str = field(
        default=(), metadata=spelled(form=lambda value: value if value == ANY else listed(value))
    )
    response: Literal["auto", "json", "text", "base64", "full"] = "auto"
    timeout: str = "30s"
    largest: int = 10 * 2**20
    auth: Auth | None = None


class HttpEdge:
    """Ask a declared host."""

    type = "http"
    config = HttpConfig

    async def run(self, call: EdgeCall, config: HttpConfig, services: Services) -> dict[str, Value]:
        """The answer for every target."""
        if services.fetcher is None:
            raise MissingServiceError("this run has no way to other hosts")
        request = _request(call, config, services)
        answer = await services.fetcher.fetch(request)
        host = urlsplit(request.url).hostname or ""
        services.emit(events.SERVICE_CALLED, {"edge": call.edge.id, "service": host})
        _check_status(config, answer, host)
        return call.to_all(_value(config, answer))


def _request(call: EdgeCall, config: HttpConfig, services: Services) -> FetchRequest:
    headers = _texts(call, config.headers)
    body = _body(call, config, headers)
    plain = _url(call, config)
    url, headers = _authorised(config.auth, plain, headers, services)
    for name, value in headers.items():
        if not _HEADER.fullmatch(name) or any(char in value for char in "\r\n\0"):
            raise EdgeError(f"{name[:40]!r} is not a header", location="config.headers")
    return FetchRequest(
        url,
        config.method,
        headers,
        body,
        _timeout(config),
        config.largest,
        _held(config.auth, plain, services),
    )


def _held(auth: Auth | None, url: str, services: Services) -> dict[str, str]:
    """The secret that the edge names, for whoever keeps requests."""
    return {auth.secret: _secret(auth.secret, url, services)} if auth else {}


def _timeout(config: HttpConfig) -> float:
    try:
        return seconds(config.timeout)
    except ValueError as error:
        raise EdgeError(str(error), location="config.timeout") from None


def _url(call: EdgeCall, config: HttpConfig) -> str:
    """The address; what is put into it can't leave its place."""
    url = render(config.url, call.scope).strip()
    query = urlencode(_texts(call, config.query))
    return (
        f"{url}{'&' if '?' in url else '?'}{query}"
        if query
        else quote(url, safe="%/:?#[]@!$&'()*+,;=~")
    )


def _texts(call: EdgeCall, given: Frozen) -> dict[str, str]:
    return {name: as_text(expand(value, call.scope)) for name, value in given.items()}


def _body(call: EdgeCall, config: HttpConfig, headers: dict[str, str]) -> bytes | None:
    if config.body is None:
        return None
    value = expand(config.body, call.scope)
    known = {name.lower() for name in headers}
    if isinstance(value, str):
        headers.update(
            {} if "content-type" in known else {"content-type": "text/plain; charset=utf-8"}
        )
        return value.encode()
    headers.update({} if "content-type" in known else {"content-type": "application/json"})
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


def _authorised(
    auth: Auth | None, url: str, headers: dict[str, str], services: Services
) -> tuple[str, dict[str, str]]:
    """Address and headers with the edge's secret, where it names one."""
    if auth is None:
        return url, headers
    value = _secret(auth.secret, url, services)
    match auth.type:
        case "bearer":
            return url, {**headers, "authorization": f"Bearer {value}"}
        case "basic":
            coded = base64.b64encode(value.encode()).decode()
            return url, {**headers, "authorization": f"Basic {coded}"}
        case "header":
            return url, {**headers, auth.name: value}
        case "query":
            parts = urlsplit(url)
            query = "&".join(filter(None, (parts.query, urlencode({auth.name: value}))))
            return urlunsplit(parts._replace(query=query)), headers


def _secret(name: str, url: str, services: Services) -> str:
    host = _destined(name, url, services)
    if services.outbound.recorded:
        return f"[{name}]"
    variable = variable_for(name, url)
    value = os.environ.get(variable, "")
    if not value:
        raise EdgeError(
            f"the host {host} needs the secret {name}, which is not set",
            hint=f"set the environment variable {variable}; in Actions, as a secret of the environment",
        )
    return value


def _destined(name: str, url: str, services: Services) -> str:
    """The host that a secret goes to, with a port that its address names; `EdgeError` where it may not go."""
    try:
        host, port = destination(url)
    except ValueError:  # of a port that is not a number, or a name that no host can have
        raise EdgeError("this is not an address", location="config.url") from None
    parts = urlsplit(url)
    shown = f"{host}:{port}" if parts.port else host
    declared = services.outbound.secrets.get(name, frozenset())
    if parts.scheme not in PORTS or not is_declared(declared, host, port, parts.scheme):
        raise EdgeError(
            f"the secret {name} is not declared for the host {shown}",
            location="config.auth.secret",
            hint="add it to secrets of the entry in runtime.dependencies.external_apis that has the host",
        )
    if not may_carry_secrets(url):
        raise EdgeError(
            f"the secret {name} would go to {shown} without encryption",
            location="config.url",
            hint="write https:// (http carries secrets to this machine alone)",
        )
    return shown


def _check_status(config: HttpConfig, answer: FetchAnswer, host: str) -> None:
    wanted = config.expect_status or range(200, 300)
    if wanted == ANY or (not isinstance(wanted, str) and answer.status in wanted):
        return
    excerpt = " ".join(answer.body[:_SHOWN].decode("utf-8", "replace").split())
    raise ProviderError(
        f"{host} answered {answer.status}{f': {excerpt}' if excerpt else ''}",
        transient=answer.status in _TRANSIENT,
        retry_after=parse_retry_after(answer.headers),
    )


def _value(config: HttpConfig, answer: FetchAnswer) -> Value:
    if config.response == "base64":
        return base64.b64encode(answer.body).decode("ascii")
    if config.response == "full":
        headers = cast(Object, dict(answer.headers))
        return {"status": answer.status, "headers": headers, "body": _read("auto", answer)}
    return _read(config.response, answer)


def _read(kind: str, answer: FetchAnswer) -> Value:
    media_type = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "json" or (kind == "auto" and (media_type.endswith("json"))):
        try:
            return cast(Value, json.loads(answer.body)) if answer.body.strip() else None
        except (ValueError, RecursionError) as error:
            raise EdgeError(f"the answer is not JSON: {error}") from None
    codec = codec_named_by(answer.headers.get("content-type", ""))
    if codec is None:
        raise EdgeError("the answer is in a charset that is not read", hint="set response: base64")
    try:
        return answer.body.decode(codec)
    except UnicodeError:
        raise EdgeError(
            f"the answer is not text but {media_type or 'bytes'}", hint="set response: base64"
        ) from None
