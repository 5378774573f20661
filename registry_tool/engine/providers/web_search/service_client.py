"""One service outside: its secrets, and JSON or text through the run's fetcher.

A secret never stands in an error: what a fetcher says of an address is redacted before it is passed on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast
from urllib.parse import urlencode

from registry_tool.core.retry import parse_retry_after
from registry_tool.core.values import Frozen, Value
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.http.base import FetchAnswer, Fetcher, FetchRequest
from registry_tool.engine.providers.http.charsets import codec_named_by
from registry_tool.manifest.services import Service

_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
_REFUSED = frozenset({401, 403})
_OK = 200


class MissingSecretError(ProviderError):
    """A service can't be asked because its secrets are not set; `service` and `secrets` say which."""

    def __init__(self, service: Service, secrets: tuple[str, ...]) -> None:
        one = len(secrets) == 1
        names = " and ".join(secrets)
        super().__init__(
            f"{service.title} needs the secret{'' if one else 's'} {names}, "
            f"which {'is' if one else 'are'} not set",
            hint=f"set the environment variable{'' if one else 's'} {names}; "
            "in Actions, as secrets of the environment",
        )
        self.service, self.secrets = service, secrets


class ServiceClient:
    """Asks one service. Without a fetcher it only knows which secrets are missing."""

    def __init__(
        self, service: Service, fetcher: Fetcher | None, environment: Mapping[str, str]
    ) -> None:
        self.service = service
        self._fetcher, self._environment = fetcher, environment

    def check(self) -> None:
        """`MissingSecretError` names every secret that is not set."""
        missing = tuple(s for s in self.service.secrets if not self._environment.get(s))
        if missing:
            raise MissingSecretError(self.service, missing)

    def secret(self, name: str) -> str:
        """The value of one of the service's secrets."""
        self.check()
        return self._environment[name]

    def setting(self, name: str, usual: str) -> str:
        """The operator's choice of what is not a secret."""
        return self._environment.get(name) or usual

    async def text(self, url: str, query: Mapping[str, str], headers: Mapping[str, str]) -> str:
        """A page of the service as text."""
        return decoded(await self._ask(FetchRequest(f"{url}?{urlencode(query)}", headers=headers)))

    async def get(self, url: str, query: Mapping[str, str]) -> Frozen:
        """A JSON object for a GET."""
        request = FetchRequest(f"{url}?{urlencode(query)}", headers={"accept": "application/json"})
        return self._object(await self._ask(request))

    async def post(self, url: str, body: Frozen, headers: Mapping[str, str]) -> Frozen:
        """A JSON object for a POST of another."""
        request = FetchRequest(
            url,
            "POST",
            {"content-type": "application/json", "accept": "application/json", **headers},
            json.dumps(body).encode(),
            timeout=120.0,
        )
        return self._object(await self._ask(request))

    async def _ask(self, request: FetchRequest) -> FetchAnswer:
        self.check()
        if self._fetcher is None:
            raise ProviderError(
                f"{self.service.title} can't be asked: this run has no way to other hosts"
            )
        try:
            answer = await self._fetcher.fetch(request)
        except ProviderError as error:
            raise self._without_secrets(error) from None
        if answer.status != _OK:
            raise self._status_error(answer)
        return answer

    def _without_secrets(self, error: ProviderError) -> ProviderError:
        def clean(text: str) -> str:
            for name in self.service.secrets:
                value = self._environment.get(name, "")
                for spelling in {value, urlencode({"": value})[1:]} - {""}:
                    text = text.replace(spelling, f"[{name}]")
            return text

        return ProviderError(
            f"{self.service.title}: {clean(error.reason)}",
            transient=error.transient,
            retry_after=error.retry_after,
            location=clean(error.location),
            hint=clean(error.hint),
        )

    def _status_error(self, answer: FetchAnswer) -> ProviderError:
        names = " and ".join(self.service.secrets)
        return ProviderError(
            f"{self.service.title} answered {answer.status}",
            transient=answer.status in _TRANSIENT,
            retry_after=parse_retry_after(answer.headers),
            hint=f"look at {names}" if names and answer.status in _REFUSED else "",
        )

    def _object(self, answer: FetchAnswer) -> Frozen:
        try:
            value = cast(Value, json.loads(answer.body))
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise ProviderError(f"{self.service.title} sent no JSON object", transient=True)
        return value


def decoded(answer: FetchAnswer) -> str:
    """The body as text in the charset that its header names, else UTF-8; what can't be read becomes �."""
    codec = codec_named_by(answer.headers.get("content-type", "")) or "utf-8"
    return answer.body.decode(codec, "replace")


def items(holder: Frozen, *route: str) -> list[Frozen]:
    """The objects of the list at a route, none where there is none."""
    value: Value = dict(holder)
    for key in route:
        value = value.get(key) if isinstance(value, dict) else None
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text_at(item: Frozen, key: str) -> str:
    """The text at a key, empty where there is none."""
    value = item.get(key)
    return value if isinstance(value, str) else ""
