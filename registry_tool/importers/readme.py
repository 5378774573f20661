"""The README of an imported project: what it takes and gives, what to do next, what was left behind."""

from __future__ import annotations

from collections.abc import Iterable

from registry_tool.core.values import Object, Value
from registry_tool.importers.first_test import FirstTest
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.imported import Imported, NodeStatus


def readme(imported: Imported, test: FirstTest, title: str) -> str:
    """Markdown; whatever the export said stands in it as code, where it can't mean anything."""
    manifest = imported.manifest
    spec = sub_object(manifest, "spec")
    ports = sub_object(spec, "interface")
    name = text_of(sub_object(manifest, "metadata"), "name")
    inputs, outputs = _names(ports.get("inputs")), _names(ports.get("outputs"))
    given = "".join(f" --input {port}=…" for port in test.needs)
    record = " --record" if test.asks else ""
    parts = [
        f"# {name}",
        f"Imported from an export of {title}.",
        "## Takes\n\n" + (_list(inputs) or "Nothing."),
        "## Gives\n\n" + (_list(outputs) or "Nothing: no block is only written."),
        "## Use\n\n```\npuppy-cli validate\n"
        f"puppy-cli run .{given}\npuppy-cli test{record}\npuppy-cli build\n```",
        "## Test\n\n" + _about(test),
    ]
    if incomplete := [
        str(node).replace("`", "'") for node in imported.nodes if node.status is not NodeStatus.RUNS
    ]:
        parts.append(
            "## Nodes that need something, or do not run here\n\n"
            + "\n".join(f"- `{line}`" for line in incomplete)
        )
    if lost := [str(loss).replace("`", "'") for loss in imported.not_carried]:
        parts.append("## Not carried over\n\n" + "\n".join(f"- `{line}`" for line in lost))
    return "\n\n".join(parts) + "\n"


def _names(ports: Value) -> list[str]:
    items: list[Object] = (
        [p for p in ports if isinstance(p, dict)] if isinstance(ports, list) else []
    )
    return [text_of(port, "name") for port in items]


def _list(names: Iterable[str]) -> str:
    return "\n".join(f"- `{name}`" for name in names)


def _about(test: FirstTest) -> str:
    if test.needs:
        return (
            f"The export has no value for {', '.join(f'`{name}`' for name in test.needs)}, "
            "so there is no test yet: write one in `spec.tests`, with inputs and what you expect."
        )
    if test.case is None:
        return (
            "The export has recorded no output, so there is no test yet: write one in `spec.tests`."
        )
    if test.asks:
        return (
            "`as-recorded` runs the workflow on the values in its blocks. It asks models or services: "
            "`puppy-cli test --record` asks them once and keeps the answers; after that, tests need no network."
        )
    return (
        "`as-recorded` expects what the editor's last run left in the export. Where it fails, the export is older "
        "than its own workflow, or something runs differently here."
    )
