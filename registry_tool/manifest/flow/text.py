"""Whether a value that obeys a schema can hold words of somebody else's: instructions travel in free text alone.

A number, a boolean, null and one of the author's own words (`enum`, `const`) carry none, nor does a list or a
closed object of such values. What this doesn't understand counts as text.
"""

from __future__ import annotations

from typing import Final

from registry_tool.core.values import Frozen, Value
from registry_tool.manifest.json_schema.bounds import pointer_of
from registry_tool.manifest.json_schema.meet import types_of

_MOST_STEPS: Final = 2_000
_DEEPEST: Final = 32


def carries_text(schema: Frozen, *, closed: bool = False) -> bool:
    """Whether free text fits into the schema; with `closed`, objects have no other properties than those named."""
    return _Look(schema).carries(schema, closed=closed)


class _Look:
    """One look at a schema, with as many steps as it may take."""

    def __init__(self, root: Frozen) -> None:
        self._root = root
        self._steps = self._depth = 0

    def carries(self, schema: Value | Frozen, *, closed: bool) -> bool:
        """A value has to obey every keyword: one that keeps text out is enough."""
        self._steps += 1
        if not isinstance(schema, dict) or self._steps > _MOST_STEPS or self._depth > _DEEPEST:
            return schema is not False
        self._depth += 1
        found = self._by_keywords(schema, closed=closed)
        self._depth -= 1
        return found

    def _by_keywords(self, schema: Frozen, *, closed: bool) -> bool:
        if "enum" in schema or "const" in schema:
            return False
        return (
            self._by_type(schema, closed=closed)
            and self._referred(schema)
            and self._by_all(schema)
            and all(self._by_any(schema.get(key)) for key in ("anyOf", "oneOf"))
        )

    def _by_type(self, schema: Frozen, *, closed: bool) -> bool:
        types = types_of(schema)
        return (
            "string" in types
            or ("array" in types and self._of_items(schema, closed=closed))
            or ("object" in types and self._of_properties(schema, closed=closed))
        )

    def _of_items(self, schema: Frozen, *, closed: bool) -> bool:
        if schema.get("maxItems") == 0:
            return False
        if "prefixItems" in schema or "items" not in schema:
            return True
        return self.carries(schema["items"], closed=closed)

    def _of_properties(self, schema: Frozen, *, closed: bool) -> bool:
        """Names are text, too, so an object that takes any carries it."""
        properties = schema.get("properties")
        named = properties if isinstance(properties, dict) else {}
        more = schema.get("additionalProperties")
        if schema.get("patternProperties") or not (more is False or (closed and named)):
            return True
        return any(self.carries(below, closed=closed) for below in named.values())

    def _by_all(self, schema: Frozen) -> bool:
        parts = schema.get("allOf")
        return not isinstance(parts, list) or all(self.carries(p, closed=False) for p in parts)

    def _by_any(self, parts: Value) -> bool:
        if not isinstance(parts, list) or not parts:
            return True
        return any(self.carries(part, closed=False) for part in parts)

    def _referred(self, schema: Frozen) -> bool:
        """Whether what a `$ref` leads to, inside this schema, lets text through; what leads elsewhere does."""
        reference = schema.get("$ref")
        steps = pointer_of(reference) if isinstance(reference, str) else None
        if steps is None:
            return True
        found: Value | Frozen = self._root
        for step in steps:
            found = found.get(step) if isinstance(found, dict) else None
        return self.carries(found, closed=False) if isinstance(found, dict) else True
