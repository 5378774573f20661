"""What no manifest may hold is taken out of a foreign file, and reported: control characters."""

from __future__ import annotations

from registry_tool.core.values import Object, Route, Value
from registry_tool.importers.puppyflow.model import Loss
from registry_tool.manifest.source import CONTROL


def cleaned(value: Value, losses: list[Loss], route: Route = ()) -> Value:
    """The value without control characters in its texts and keys; of equal keys the last one stays."""
    if isinstance(value, str):
        return _text(value, losses, route)
    if isinstance(value, list):
        return [cleaned(item, losses, (*route, n)) for n, item in enumerate(value)]
    if isinstance(value, dict):
        result: Object = {}
        for key, item in value.items():
            result[_text(key, losses, route)] = cleaned(item, losses, (*route, key))
        return result
    return value


def _text(text: str, losses: list[Loss], route: Route) -> str:
    found = CONTROL.findall(text)
    if found:
        names = ", ".join(dict.fromkeys(f"U+{ord(char):04X}" for char in found))
        where = ".".join(map(str, route)) or "the document"
        losses.append(Loss(where, f"control characters ({names})", "a manifest holds none"))
    return CONTROL.sub("", text)
