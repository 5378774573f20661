"""Credentials in a foreign file: taken out of its texts, and reported by their places."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.values import Object, Route, Value
from registry_tool.importers.imported import Loss
from registry_tool.security.secrets import secrets_in, spans_in

REMOVED = "REMOVED"
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


def cut_out(text: str, removed: list[str]) -> str:
    """A text without what was removed; longer ones first, since one may hold another."""
    for secret in _longest_first(removed):
        text = text.replace(secret, REMOVED)
    return text


def _longest_first(removed: list[str]) -> Iterator[str]:
    yield from sorted({secret for secret in removed if len(secret) > 3}, key=len, reverse=True)
