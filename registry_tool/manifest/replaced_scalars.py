"""A manifest's text with other words at some places; comments, layout and everything else stay as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

import yaml

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Route, Value
from registry_tool.manifest.source import LOADER, load_document

_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9._/-]*")


def with_scalars(data: bytes, wanted: Mapping[Route, str], path: str) -> bytes:
    """The manifest with these texts at their routes; `RegistryError` where one can't be written there.

    `data` is a manifest that the strict loader has accepted, `path` names it in messages. What comes out is read
    again and must differ in just these values.
    """
    text = data.decode()
    root = yaml.compose(text, Loader=LOADER)
    for start, end, new in sorted(_spans(root, (), wanted), reverse=True):
        text = text[:start] + new + text[end:]
    if load_document(text, path).value != _replaced(load_document(data, path).value, (), wanted):
        places = ", ".join(".".join(map(str, route)) for route in wanted)
        raise RegistryError(
            f"can't be changed in its place: {places}",
            location=path,
            hint="write the new values by hand",
        )
    return text.encode()


def _spans(
    node: yaml.Node | None, route: Route, wanted: Mapping[Route, str]
) -> Iterator[tuple[int, int, str]]:
    """(start, end, text) of what is to be written instead of a scalar."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _spans(value, (*route, str(key.value)), wanted)
    elif isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            yield from _spans(item, (*route, position), wanted)
    elif isinstance(node, yaml.ScalarNode) and route in wanted and node.style not in {"|", ">"}:
        yield node.start_mark.index, node.end_mark.index, _written(wanted[route], node.style)


def _written(text: str, style: str | None) -> str:
    """A text in the quotes that stood there, or in double ones where it needs some."""
    safe = _PLAIN.fullmatch(text) is not None and yaml.safe_load(text) == text
    if style == "'" and "'" not in text:
        return f"'{text}'"
    return text if safe and not style else json.dumps(text, ensure_ascii=False)


def _replaced(value: Value, route: Route, wanted: Mapping[Route, str]) -> Value:
    if isinstance(value, dict):
        return {key: _replaced(item, (*route, key), wanted) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, (*route, n), wanted) for n, item in enumerate(value)]
    return wanted.get(route, value)
