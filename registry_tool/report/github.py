"""Findings as GitHub annotations (workflow commands), every value escaped."""

from __future__ import annotations

from collections.abc import Iterable

from registry_tool.core.finding import Finding, Severity
from registry_tool.report.text import inert

_LEVELS = {
    Severity.ERROR: "error",
    Severity.HOLD: "warning",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
}


def _data(text: str) -> str:
    return inert(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def github_report(findings: Iterable[Finding]) -> str:
    """One `::error file=…::message` line a finding."""
    return "\n".join(_line(finding) for finding in findings)


def github_notice(title: str, text: str) -> str:
    """One annotation that stands at no file."""
    return f"::notice title={_property(title)}::{_data(text)}"


def _line(finding: Finding) -> str:
    location = f",line={finding.line},col={finding.column}" if finding.line else ""
    words = f"{finding.message}\n{finding.help}" if finding.help else finding.message
    return (
        f"::{_LEVELS[finding.severity]} file={_property(finding.path)}{location},"
        f"title={_property(finding.rule)}::{_data(words)}"
    )
