"""Where a manifest names its models, and the manifest that names others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Route, Value
from registry_tool.manifest.load import load
from registry_tool.manifest.replaced_scalars import with_scalars
from registry_tool.monitoring.models_asked import NAMING_KEYS, models_named

_PLACES: tuple[tuple[str, ...], ...] = (
    ("spec", "blocks"),
    ("spec", "edges"),
    ("spec", "runtime", "environments"),
    ("spec", "tests"),
)
_CONSTANTS = frozenset({"value", "inputs", "expected", "answers"})
"""What an author's data may hold under a model's key is no model."""


def with_models(
    data: bytes, names: Mapping[str, str], more: Mapping[Route, str], path: str
) -> bytes:
    """A manifest whose text names other models (old: new), and says what `more` has at its routes.

    `RegistryError` where an old one would be asked all the same: an edge that names none, or an older form.
    """
    value = load(data, path).document.value
    wanted = {route: names[model] for route, model in _named(value) if model in names}
    changed = with_scalars(data, {**wanted, **more}, path)
    if left := [found for found in models_named(load(changed, path).workflow) if found[0] in names]:
        model, where = left[0]
        raise RegistryError(
            f"{where} asks {model} in a form that can't be changed in its place",
            location=path,
            hint="name the model as a text under `model`, or write the next version by hand",
        )
    return changed


def _named(value: Value) -> Iterator[tuple[Route, str]]:
    for place in _PLACES:
        part = value
        for key in place:
            part = part.get(key) if isinstance(part, dict) else None
        yield from _below(part, place)


def _below(value: Value, route: Route) -> Iterator[tuple[Route, str]]:
    if isinstance(value, list):
        for position, item in enumerate(value):
            yield from _below(item, (*route, position))
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in NAMING_KEYS and isinstance(item, str):
                yield (*route, key), item
            elif key not in _CONSTANTS:
                yield from _below(item, (*route, key))
