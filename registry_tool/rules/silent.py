"""The rules that a run asks, too: on what it would pass over without a word.

They have a file of their own because a run imports it, and not the fifty other rules.
"""

from __future__ import annotations

from registry_tool.core.finding import FindingsError, Severity
from registry_tool.rules import branches_complete, edge_ends, template_braces, types_fit
from registry_tool.rules.base import Rule, Subject

SILENT: tuple[Rule, ...] = (
    branches_complete.RULE,
    template_braces.RULE,
    types_fit.RULE,
)
"""What other rules find fails in a run with its reason."""


def refuse_silent(subject: Subject) -> None:
    """`FindingsError` where a run would do something else than is written and not say so."""
    if any(edge_ends.RULE.findings(subject)):
        return  # the run says so
    found = [finding for rule in SILENT for finding in rule.findings(subject)]
    if errors := [finding for finding in found if finding.severity is Severity.ERROR]:
        raise FindingsError(errors)
