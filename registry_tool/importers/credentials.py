"""Credentials in a foreign file: taken out of its texts, and reported by their places.

Some are known by their form, wherever they stand; a password is known by the name beside it alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from registry_tool.core.values import Object, Route, Value
from registry_tool.importers.imported import Loss
from registry_tool.security.secrets import secrets_in, spans_in

REMOVED = "REMOVED"
_NAMES = frozenset(
    {
        *("password", "passwd", "pwd", "passphrase", "secret", "clientsecret", "appsecret"),
        *("apisecret", "consumersecret", "secretkey", "secretaccesskey", "privatekey"),
        *("signingkey", "refreshtoken", "webhooksecret"),
    }
)
_IN_JSON = re.compile(r'"([A-Za-z][A-Za-z_ -]{1,40})"\s*:\s*"((?:[^"\\{}]|\\.)+)"')
_IN_A_FORM = re.compile(r"(?:^|[&?])([A-Za-z][A-Za-z_-]{1,40})=([^&=#\s{}]+)")
_WHY = "it was taken out: set it as a secret of the environment, and revoke the one in the export"


def without_credentials(
    value: Value, losses: list[Loss], removed: list[str], route: Route = ()
) -> Value:
    """The value with `REMOVED` where a text holds a credential; `removed` gets what stood there."""
    if isinstance(value, dict):
        found: Object = {}
        for key, item in value.items():
            found[key] = without_credentials(item, losses, removed, (*route, key))
        return found
    if isinstance(value, list):
        return [
            without_credentials(item, losses, removed, (*route, n)) for n, item in enumerate(value)
        ]
    if not isinstance(value, str) or not any(secrets_in(value.encode("utf-8", "replace"))):
        return value
    losses.append(Loss(".".join(map(str, route)), "what looks like a credential", _WHY))
    for start, end in reversed(list(spans_in(value))):
        removed.append(value[start:end])
        value = f"{value[:start]}{REMOVED}{value[end:]}"
    return value


def without_named(
    value: Value, losses: list[Loss], removed: list[str], route: Route = (), name: str = ""
) -> Value:
    """The value with `REMOVED` for each literal that a name (`password`, `client_secret`, …) tells to be a secret.

    The name is a key, stands beside the value (`{name, value}`), or in a text of JSON or a form. What an
    expression gives (`{{ … }}`) is none. `removed` gets what stood there; `name` is the key of an object around.
    """
    if isinstance(value, list):
        return [without_named(item, losses, removed, (*route, n)) for n, item in enumerate(value)]
    if isinstance(value, str):
        return _without_named_in(value, losses, removed, route)
    if not isinstance(value, dict):
        return value
    beside = value.get("name", value.get("key", name))
    found: Object = {}
    for key, item in value.items():
        called = str(beside) if key == "value" else key
        if isinstance(item, str) and _is_named(called) and _is_literal(item):
            losses.append(_loss((*route, key)))
            removed.append(item)
            found[key] = REMOVED
        else:
            found[key] = without_named(item, losses, removed, (*route, key), key)
    return found


def _is_named(name: str) -> bool:
    return re.sub(r"[-_ ]", "", name).lower() in _NAMES


def _is_literal(text: str) -> bool:
    return text not in {"", "=", REMOVED} and "{{" not in text


def _without_named_in(text: str, losses: list[Loss], removed: list[str], route: Route) -> str:
    """A text of JSON or of a form without the values of such names."""

    def taken(match: re.Match[str]) -> str:
        if not _is_named(match[1]) or match[2] == REMOVED:
            return match[0]
        losses.append(_loss(route))
        removed.append(match[2])
        start, end = match.span(2)
        return f"{match[0][: start - match.start()]}{REMOVED}{match[0][end - match.start() :]}"

    return _IN_A_FORM.sub(taken, _IN_JSON.sub(taken, text))


def _loss(route: Route) -> Loss:
    return Loss(".".join(map(str, route)), "what its name says is a secret", _WHY)


def cut_out(text: str, removed: list[str]) -> str:
    """A text without what was removed; longer ones first, since one may hold another."""
    for secret in _longest_first(removed):
        text = text.replace(secret, REMOVED)
    return text


def _longest_first(removed: list[str]) -> Iterator[str]:
    yield from sorted({secret for secret in removed if len(secret) > 3}, key=len, reverse=True)
