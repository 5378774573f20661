"""The `metadata` of an imported workflow."""

from __future__ import annotations

import re

from registry_tool.core.files import is_device_name
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.foreign_values import text_of
from registry_tool.manifest.names import MAX_NAME

_VERSION = "0.1.0"
_MAX_LINE = 1024
_MAX_TEXT = 65536
_MAX_TAGS = 32
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}([Tt]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[-+]\d{2}:\d{2})?)?")


def slug(text: str) -> str:
    """A workflow name from any text."""
    words = re.findall(r"[a-z0-9]+", text.casefold())
    name = "-".join(words)[:MAX_NAME].strip("-")
    if not name:
        return "imported-workflow"
    return f"{name}-workflow" if is_device_name(name) else name


def metadata(about: Frozen, name: str) -> Object:
    """What a package tells about itself; `name` where it has no name of its own."""
    found: Object = {
        "name": slug(text_of(about, "id") or text_of(about, "name") or name),
        "version": _VERSION,
        "author": " ".join(text_of(about, "author").split())[:_MAX_LINE],
        "description": text_of(about, "description")[:_MAX_TEXT],
        "tags": _tags(about.get("tags")),
        "created": created if _MOMENT.fullmatch(created := text_of(about, "created_at")) else "",
    }
    return {key: value for key, value in found.items() if value not in ("", [])}


def _tags(value: Value) -> list[Value]:
    items = value if isinstance(value, list) else []
    fitting = (
        tag
        for tag in items
        if isinstance(tag, str) and 0 < len(tag) <= MAX_NAME and not set(tag) & set("\n\r/\\")
    )
    return list[Value](dict.fromkeys(fitting))[:_MAX_TAGS]
