"""The summary of a run for its job's page, in Markdown: how it went, never what it was about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from registry_tool.core.values import Value
from registry_tool.report.markdown import plain


def run_summary(title: str, facts: Mapping[str, Value]) -> str:
    """A heading and a table of facts; empty ones are left out."""
    return "\n".join(_lines(title, facts)) + "\n"


def _lines(title: str, facts: Mapping[str, Value]) -> Iterator[str]:
    yield f"## {plain(title)}\n"
    yield "| | |"
    yield "| --- | --- |"
    for name, value in facts.items():
        if value not in ("", None):
            yield f"| {plain(name)} | {plain(_words(value))} |"


def _words(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)
