"""Findings: what rules say, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object, Route


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"  # refused
    HOLD = "hold"  # waits for a human
    WARNING = "warning"  # accepted, and said
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule yields: a place in the document and a sentence. `positions` makes it a Finding.

    `on_key` points at the key instead of the value (an unknown key, say), `token` at that text inside the value,
    `nth` at a later one of the same (0: the first). A rule that looks at another file
    than the manifest gives its `path` inside the version and the `location` (line, column) itself.
    """

    route: Route
    message: str
    help: str = ""
    severity: Severity = Severity.ERROR
    on_key: bool = False
    token: str = ""
    nth: int = 0
    path: str = ""
    location: tuple[int, int] | None = None


def most_severe(problems: Iterable[Problem], most: int) -> list[Problem]:
    """At most so many problems, the weightiest first: many small ones must not hide a large one behind them."""
    kept: dict[Severity, list[Problem]] = {severity: [] for severity in Severity}
    for problem in problems:
        if len(kept[problem.severity]) < most:
            kept[problem.severity].append(problem)
        if len(kept[Severity.ERROR]) == most:
            break
    return [problem for severity in Severity for problem in kept[severity]][:most]


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a rule. `line` and `column` count from 1; 0 where a file has no lines."""

    path: str
    line: int
    column: int
    rule: str
    severity: Severity
    message: str
    help: str = ""

    def to_value(self) -> Object:
        """The JSON shape of SPEC.md §4."""
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "message": self.message,
            "help": self.help,
        }

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Findings are listed by place, then rule."""
        return (self.path, self.line, self.column, self.rule, self.message)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sorted by place, without repeats."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: finding.order))


class FindingsError(RegistryError):
    """A file was refused; carries its findings. Exit code 1."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = in_order(findings)
        first = self.findings[0]
        more = f" and {len(self.findings) - 1} more" if len(self.findings) > 1 else ""
        super().__init__(
            first.message + more,
            location=f"{first.path}:{first.line}:{first.column}",
            hint=first.help,
        )
