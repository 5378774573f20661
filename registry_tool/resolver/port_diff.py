"""How inputs and outputs differ: a caller may give less and get more, never the other way round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from registry_tool.core.files import same
from registry_tool.core.values import Route
from registry_tool.manifest.binding import port_schema
from registry_tool.manifest.model import Port
from registry_tool.resolver.difference import Difference
from registry_tool.resolver.schema_diff import Effect, SchemaChange, schema_changes
from registry_tool.resolver.version import Bump

Side = Literal["inputs", "outputs"]

_BUMPS: dict[Side, dict[Effect, Bump]] = {
    "inputs": {Effect.NARROWER: "major", Effect.WIDER: "minor"},
    "outputs": {Effect.NARROWER: "minor", Effect.WIDER: "major"},
}
_EITHER: dict[Effect, Bump] = {
    Effect.OTHER: "major",
    Effect.REMOVED: "major",
    Effect.ADDED: "minor",
    Effect.DEFAULT: "minor",
    Effect.WORDS: "patch",
}


def port_differences(side: Side, old: Sequence[Port], new: Sequence[Port]) -> Iterator[Difference]:
    """Every difference between the ports of one side."""
    before = {port.name: port for port in old}
    root: Route = ("spec", "interface", side)
    word = side[:-1]
    for name in sorted(before.keys() - {port.name for port in new}):
        words = f"the {word} {name!r} is gone"
        yield Difference(f"{side}.{name}", "major", words, root)
    for position, port in enumerate(new):
        route = (*root, position)
        if port.name not in before:
            demanded = side == "inputs" and _demanded(port)
            words = f"the {'required ' if demanded else ''}{word} {port.name!r} is new"
            bump: Bump = "major" if demanded else "minor"
            yield Difference(f"{side}.{port.name}", bump, words, (*route, "name"))
        else:
            yield from _port(side, before[port.name], port, route)


def _demanded(port: Port) -> bool:
    return port.required and not port.has_default


def _port(side: Side, old: Port, new: Port, route: Route) -> Iterator[Difference]:
    field = f"{side}.{new.name}"
    if (old.type == "file") != (new.type == "file"):
        words = f"{field} was of type {old.type}, now {new.type}"
        yield Difference(f"{field}.type", "major", words, (*route, "type"))
    for change in schema_changes(port_schema(old), port_schema(new)):
        yield _schema_difference(side, new, change, route)
    if side == "inputs":
        was, now = _demanded(old), _demanded(new)
        bumps: tuple[Bump, Bump] = ("major", "minor")
    else:
        was, now = old.required, new.required
        bumps = ("minor", "major")
    if was != now:
        words = f"{field} is {'' if now else 'no longer '}required{' now' if now else ''}"
        key = "required" if old.required != new.required else "default"
        yield Difference(f"{field}.required", bumps[0] if now else bumps[1], words, (*route, key))
    if old.has_default != new.has_default or not same(old.default, new.default):
        words = f"the default of {field} was {_default(old)}, now {_default(new)}"
        yield Difference(f"{field}.default", "minor", words, (*route, "default"))
    for key, bump in (("block", "minor"), ("pii", "minor"), ("description", "patch")):
        if getattr(old, key) != getattr(new, key):
            words = f"the {key} of {field} changed"
            yield Difference(f"{field}.{key}", _bump(bump), words, (*route, key))


def _bump(text: str) -> Bump:
    return "minor" if text == "minor" else "patch"


def _default(port: Port) -> str:
    return repr(port.default)[:60] if port.has_default else "nothing"


def _schema_difference(side: Side, port: Port, change: SchemaChange, route: Route) -> Difference:
    own = {"type": not port.schema.get("type"), "enum": not port.schema.get("enum")}
    first = str(change.route[0]) if change.route else ""
    below: Route = change.route if own.get(first) else ("schema", *change.route)
    name = ".".join(str(step) for step in change.route)
    bump = {**_EITHER, **_BUMPS[side]}[change.effect]
    words = f"{side}.{port.name} admits {change.effect.value}: {change.words}"
    if change.effect in {Effect.ADDED, Effect.REMOVED, Effect.DEFAULT, Effect.WORDS}:
        words = f"{side}.{port.name}: {change.words}"
    return Difference(f"{side}.{port.name}.{name}", bump, words, (*route, *below))
