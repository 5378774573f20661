"""What no manifest may hold is taken out of a foreign file, and reported: control and hidden characters."""

from __future__ import annotations

from registry_tool.core.values import Object, Route, Value
from registry_tool.importers.imported import Loss
from registry_tool.manifest.source import CONTROL
from registry_tool.security.hidden_text import hidden_in


def cleaned(value: Value, losses: list[Loss], route: Route = (), *, hidden: bool = False) -> Value:
    """The value without control characters in texts and keys; of equal keys the last one stays.

    With `hidden` characters that nobody sees go too, as the rule `hidden-characters` refuses them.
    """
    if isinstance(value, str):
        return _text(value, losses, route, hidden)
    if isinstance(value, list):
        return [cleaned(item, losses, (*route, n), hidden=hidden) for n, item in enumerate(value)]
    if isinstance(value, dict):
        result: Object = {}
        for key, item in value.items():
            name = _text(key, losses, route, hidden)
            result[name] = cleaned(item, losses, (*route, key), hidden=hidden)
        return result
    return value


def _text(text: str, losses: list[Loss], route: Route, hidden: bool) -> str:
    shown, found = without_hidden(text) if hidden else _without_control(text)
    if found:
        names = ", ".join(dict.fromkeys(f"U+{ord(char):04X}" for char in found))
        where = ".".join(map(str, route)) or "the document"
        kind = "control or hidden" if hidden else "control"
        losses.append(Loss(where, f"{kind} characters ({names})", "a manifest holds none"))
    return shown


def _without_control(text: str) -> tuple[str, list[str]]:
    return CONTROL.sub("", text), CONTROL.findall(text)


def without_hidden(text: str) -> tuple[str, list[str]]:
    """A text without control and hidden characters, and those that were there."""
    text, found = _without_control(text)
    while places := [] if text.isascii() else list(hidden_in(text)):
        for place in reversed(places):
            found.append(text[place])
            text = text[:place] + text[place + 1 :]
    return text, found
