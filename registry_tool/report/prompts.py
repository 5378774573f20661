"""What models read and what is run, before and after: every changed prompt and code as a unified diff."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.values import Value
from registry_tool.manifest.model import Workflow
from registry_tool.manifest.scope import templates_of
from registry_tool.report.line_diff import line_diff


def prompt_diffs(before: Workflow | None, workflow: Workflow) -> Iterator[tuple[str, list[str]]]:
    """(edge and key, lines of the diff) of every text that changed; all of a first version's."""
    old, new = _prompts(before) if before else {}, _prompts(workflow)
    for location in sorted(old.keys() | new.keys()):
        was, now = (prompts.get(location, "").splitlines() for prompts in (old, new))
        if lines := line_diff(was, now):
            yield location, lines


def _prompts(workflow: Workflow) -> dict[str, str]:
    """Texts that models read, and code, by edge id and route."""
    found: dict[str, str] = {}
    for edge in workflow.edges:
        if edge.type in {"llm", "generate", "map", "chunk"}:
            for key in ("prompt", "system", "messages", "query", "edge"):
                for route, text in _strings(edge.config.get(key), (key,)):
                    found[f"{edge.id}.{'.'.join(route)}"] = text
        if edge.type == "code":
            for route, text in _strings(edge.config.get("code"), ("code",)):
                found[f"{edge.id}.{'.'.join(route)}"] = text
        for inner, text in templates_of(edge):
            found.setdefault(f"{edge.id}.{'.'.join(map(str, inner))}", text)
    return found


def _strings(value: Value, route: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, str):
        yield route, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, (*route, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _strings(item, (*route, str(position)))
