"""Findings in a server's refusal, read strictly: whatever is not as it should be is left empty."""

from __future__ import annotations

from puppyai.workflows.values import JsonValue
from registry_tool.core.finding import Finding, Severity


def finding(value: JsonValue) -> Finding:
    """One finding of SPEC.md §4's shape."""
    item = value if isinstance(value, dict) else {}
    severity = item.get("severity")
    known = {kind.value: kind for kind in Severity}
    return Finding(
        path=_text(item.get("path")),
        line=_integer(item.get("line")),
        column=_integer(item.get("column")),
        rule=_text(item.get("rule")),
        severity=known.get(severity, Severity.ERROR)
        if isinstance(severity, str)
        else Severity.ERROR,
        message=_text(item.get("message")) or "refused without a reason",
        help=_text(item.get("help")),
    )


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""


def _integer(value: JsonValue) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
