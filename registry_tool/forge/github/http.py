"""GitHub's REST API as JSON: retries, rate limits, answers that have not changed (ETag), refusals in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import Protocol, cast
from urllib.parse import urlsplit

from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.core.files import parse_json
from registry_tool.core.http import Answer, Ask, LostError, exchange
from registry_tool.core.values import Object, Value
from registry_tool.forge.github.errors import rate_limited, refused
from registry_tool.forge.github.fields import inner, objects, text
from registry_tool.forge.github.rate_limits import Pace, back_off, wait_of
from registry_tool.forge.tokens.token import checked_secret

API = "https://api.github.com"
_VERSION = "2022-11-28"
_LAST = 5  # attempts are counted from 0
_PATIENCE = 15 * 60.0  # seconds that rate limits may cost one request
_REMEMBERED = 64
_PAGE = 100
MOST_LISTED = 1000
"""Of a longer list no more is read."""
_SHORTEST_TOKEN = 8
_UNREACHABLE = "look at the connection and at https://www.githubstatus.com, then run the same again"
_ELSEWHERE = "the token goes to no other host: correct GITHUB_API_URL or the remote"


class Exchange(Protocol):
    """What answers one request: `github_wire.exchange`."""

    def __call__(self, ask: Ask) -> Answer:
        """The answer to one request."""


class TooManyError(RegistryError):
    """A list that must be read whole is longer than `MOST_LISTED`."""


class GitHubHttp:
    """Asks one GitHub with one token, or as nobody where that is empty.

    `api` is its REST address, an enterprise's ends in /api/v3.
    """

    def __init__(
        self,
        token: str,
        api: str = API,
        *,
        pace: Pace | None = None,
        exchange: Exchange = exchange,
    ) -> None:
        self.api = checked_api(api)
        self._token = token and checked_secret(
            token
        )  # a header with a line break in it would be shown whole
        self._pace = pace or Pace()
        self._exchange = exchange
        self._known: dict[str, Answer] = {}

    def get(self, path: str) -> Object:
        """An object; the same as before, at no cost, where GitHub says that it has not changed."""
        return _object(self._get(path), path)

    def get_with_headers(self, path: str) -> tuple[Object, Mapping[str, str]]:
        """An object, and the answer's headers by their names in lower case."""
        answer = self._get(path)
        return _object(answer, path), answer.headers

    def get_list(self, path: str) -> list[Object]:
        """Get a list of objects."""
        return _objects(_parsed(self._get(path), path), path)

    def get_pages(self, path: str) -> list[Object]:
        """A list that comes by the hundred, the first `MOST_LISTED` of it; `path` ends in `?` or `&`."""
        return list(self.each_of(path))

    def each_of(self, path: str) -> Iterator[Object]:
        """The objects of such a list; a hundred are asked for when the one before them has been taken."""
        for page in range(1, MOST_LISTED // _PAGE + 1):
            listed = self.get_list(f"{path}per_page={_PAGE}&page={page}")
            yield from listed
            if len(listed) < _PAGE:
                break

    def find_any(self, path: str) -> Object | list[Object] | None:
        """An object or a list of objects, None where there is nothing."""
        try:
            value = _parsed(self._get(path), path)
        except NotFoundError:
            return None
        return value if isinstance(value, dict) else _objects(value, path)

    def _get(self, path: str) -> Answer:
        known = self._known.get(path)
        tag = {"if-none-match": known.headers["etag"]} if known else {}
        answer = self._insist(self._ask("GET", path, tag), resend=True)
        if answer.status == 304 and known:
            answer = known
        elif "etag" in answer.headers:
            self._remember(path, answer)
        return answer

    def find(self, path: str) -> Object | None:
        """GET a JSON object; None where there is nothing at the path."""
        try:
            return self.get(path)
        except NotFoundError:
            return None

    def post(self, path: str, body: Object, *, resend: bool) -> Object | None:
        """What it answers, None for 204. `resend` says that it does no harm to be done twice."""
        ask = self._ask("POST", path, {"content-type": "application/json"})
        answer = self._insist(replace(ask, body=json.dumps(body).encode()), resend=resend)
        return None if answer.status == 204 else _object(answer, path)

    def graphql(self, query: str, variables: Object) -> Object:
        """The `data` that a GraphQL query asks for; `RegistryError` where it is refused."""
        address = f"{self.api.removesuffix('/v3')}/graphql"
        body: Object = {"query": query, "variables": variables}
        ask = replace(
            self._ask("POST", "", {"content-type": "application/json"}),
            url=address,
            body=json.dumps(body).encode(),
        )
        answer = self._insist(ask, resend=True)
        found = _object(answer, "/graphql")
        if errors := found.get("errors"):
            listed = objects({"errors": errors}, "errors")
            why = (
                text(listed[0], "message").replace(self._token or "\0", "[TOKEN]") if listed else ""
            )
            raise RegistryError(
                f"GitHub refused the query: {why[:200]}", location=_shown("/graphql")
            )
        return inner(found, "data")

    def patch(self, path: str, body: Object) -> None:
        """Change what stands there; done twice it does no harm."""
        ask = self._ask("PATCH", path, {"content-type": "application/json"})
        self._insist(replace(ask, body=json.dumps(body).encode()), resend=True)

    def put(self, path: str, body: Object) -> Object:
        """Have something done, once: an answer that is lost is an error."""
        ask = self._ask("PUT", path, {"content-type": "application/json"})
        answer = self._insist(replace(ask, body=json.dumps(body).encode()), resend=False)
        return _object(answer, path)

    def delete(self, path: str) -> bool:
        """Remove what stands there; False where nothing does (any more)."""
        try:
            self._insist(self._ask("DELETE", path), resend=True)
        except NotFoundError:
            return False
        return True

    def download(self, path: str, limit: int) -> bytes:
        """The bytes that a path leads to, maybe on another host, which doesn't see the token."""
        ask = replace(self._ask("GET", path), limit=limit, anywhere=True)
        return self._insist(ask, resend=True).body

    def _ask(self, method: str, path: str, more: Mapping[str, str] | None = None) -> Ask:
        usual = {
            "accept": "application/vnd.github+json, application/json;q=0.9",
            "authorization": f"Bearer {self._token}",
            "x-github-api-version": _VERSION,
            "user-agent": "workflow-registry",
        }
        if not self._token:
            del usual["authorization"]
        headers, url = {**usual, **(more or {})}, f"{self.api}{path}"
        return Ask(method, url, headers, server="the forge", hint=_ELSEWHERE)

    def _insist(self, ask: Ask, *, resend: bool) -> Answer:
        """A good answer. What was refused for its rate is asked again; what was lost, only where `resend`."""
        waited = 0.0
        for attempt in count():
            try:
                answer = self._exchange(ask)
            except LostError as error:
                if attempt == _LAST or not resend:
                    error.hint = error.hint or _UNREACHABLE
                    raise
                pause = back_off(attempt, self._pace)
                self._pace.notify(f"{error.reason}; asking again in {pause:.0f} seconds")
            else:
                if answer.status < 400:
                    return answer
                pause = self._pause(ask, answer, (attempt, waited), resend=resend)
            waited += pause
            self._pace.sleep(pause)
        raise AssertionError  # `count` has no end

    def _pause(self, ask: Ask, answer: Answer, spent: tuple[int, float], *, resend: bool) -> float:
        """Seconds until a refused request is sent again; raises where it is not.

        `spent` are the attempts before it, and seconds waited for them.
        """
        attempt, waited = spent
        seconds = wait_of(answer.status, answer.headers, answer.body, attempt)
        if seconds is None:
            if answer.status < 500 or not resend or attempt == _LAST:
                error = refused(self._without_token(answer))
                error.location = f"{ask.method} {_shown(ask.url.removeprefix(self.api))}"
                raise error
            pause = back_off(attempt, self._pace)
            self._pace.notify(
                f"GitHub answered {answer.status}; asking again in {pause:.0f} seconds"
            )
            return pause
        if attempt == _LAST or waited + seconds > _PATIENCE:
            raise rate_limited(answer, seconds)
        self._pace.notify(f"GitHub's rate limit asks for a pause of {seconds:.0f} seconds")
        return seconds + self._pace.chance()

    def _without_token(self, answer: Answer) -> Answer:
        """A refusal is shown to people: what of it repeats the token is left out."""
        if len(self._token) < _SHORTEST_TOKEN:  # it would be found in words
            return answer
        return replace(answer, body=answer.body.replace(self._token.encode(), b"[TOKEN]"))

    def _remember(self, path: str, answer: Answer) -> None:
        self._known.pop(path, None)
        if len(self._known) >= _REMEMBERED:
            self._known.pop(next(iter(self._known)))
        self._known[path] = answer


def checked_api(address: str) -> str:
    """An address that a token may be sent to; `UsageError` for another."""
    parts = urlsplit(address)
    safe = parts.scheme == "https" or parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if not safe or not parts.hostname or parts.username or parts.query:
        raise UsageError(
            f"{address[:200]!r} is not an address of a forge's API",
            hint="GITHUB_API_URL is such as https://github.example/api/v3",
        )
    return address.rstrip("/")


def _object(answer: Answer, path: str) -> Object:
    value = _parsed(answer, path)
    if not isinstance(value, dict):
        raise RegistryError("GitHub's answer is not a JSON object", location=_shown(path))
    return value


def _objects(value: Value, path: str) -> list[Object]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise RegistryError("GitHub's answer is not a list of objects", location=_shown(path))
    return cast(list[Object], value)


def _parsed(answer: Answer, path: str) -> Value:
    return parse_json(answer.body, location=f"GitHub's answer to {_shown(path)}")


def _shown(path: str) -> str:
    return path.split("?", maxsplit=1)[0]
