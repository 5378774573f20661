"""`set` nodes (Edit Fields): values by name, of each item."""

from __future__ import annotations

import json
from collections.abc import Iterator

from registry_tool.core.values import Value
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.imported import NodeReport, NodeStatus, NotRunnableError
from registry_tool.importers.n8n.document import FlowNode
from registry_tool.importers.n8n.work import FlowWork


def edit_fields(node: FlowNode, work: FlowWork) -> NodeReport:
    """Each item with the fields that are set, and with its own where they stay."""
    reads: list[str] = []
    start = "json.loads(json.dumps(item))" if _keeps(node) else "{}"
    if text_of(node.parameters, "mode") in {"raw", "json"}:
        found = _raw(node, work, reads)
        lines = f"        fields.update({found})\n"
    else:
        lines = "".join(
            f"        put(fields, {name!r}, {_typed(kind, work.python(value, reads))})\n"
            for name, kind, value in _assignments(node)
        )
    body = (
        "    found = []\n    for index, item in enumerate(items):\n"
        f"        fields = {start}\n{lines}        found.append(fields)\n    return found\n"
    )
    work.make(node, body, reads, work.outputs[node.name][:1])
    return NodeReport(node.name, node.type, NodeStatus.RUNS)


def _keeps(node: FlowNode) -> bool:
    """Whether the item's own fields stay: other defaults in each version."""
    given = node.parameters
    if node.version < 3:
        return given.get("keepOnlySet") is not True
    if node.version < 3.3:
        return text_of(given, "include", "all") != "none"
    return given.get("includeOtherFields") is True


def _assignments(node: FlowNode) -> Iterator[tuple[str, str, Value]]:
    """`(name, type, value)` of every version's form."""
    given = node.parameters
    listed = sub_object(given, "assignments").get("assignments")
    for item in listed if isinstance(listed, list) else []:
        if isinstance(item, dict) and (name := text_of(item, "name")):
            yield name, text_of(item, "type", "string"), item.get("value")
    fields = sub_object(given, "fields").get("values")
    for item in fields if isinstance(fields, list) else []:
        if isinstance(item, dict) and (name := text_of(item, "name")):
            kind = text_of(item, "type", "stringValue")
            yield name, kind.removesuffix("Value"), item.get(kind)
    for kind, items in sub_object(given, "values").items():
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict) and (name := text_of(item, "name")):
                yield name, kind, item.get("value")


def _typed(kind: str, python: str) -> str:
    if kind == "number":
        return f"number({python})"
    if kind == "string":
        return f"text({python})"
    if kind == "boolean":
        return f"(text({python}).lower() == 'true')"
    if kind in {"array", "object"} and python.startswith(("'", '"')):
        return f"json.loads({python})"
    return python


def _raw(node: FlowNode, work: FlowWork, reads: list[str]) -> str:
    """The fields as one JSON text, which may hold expressions."""
    written = node.parameters.get("jsonOutput")
    if isinstance(written, str) and not written.startswith("="):
        try:
            parsed: Value = json.loads(written)
        except (ValueError, RecursionError):
            raise NotRunnableError("its JSON can't be read") from None
        if not isinstance(parsed, dict):
            raise NotRunnableError("its JSON is not an object")
        return repr(parsed)
    found = work.python(written if written is not None else {}, reads)
    return found if isinstance(written, dict) else f"read_object({found})"
