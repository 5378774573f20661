"""What the rules that look at all bytes of a version say of a case of the corpus."""

from __future__ import annotations

from registry_tool.core.finding import Finding, Severity
from registry_tool.manifest.load import load
from registry_tool.resolver.candidates import FixedSource
from registry_tool.rules import (
    assembled_code,
    compiled_current,
    encoded_text,
    hidden_characters,
    mixed_scripts,
    opaque_files,
    out_of_sight,
    programs,
    reader_instructions,
    secrets,
)
from registry_tool.rules.all_rules import judge_files
from registry_tool.rules.base import Rule, RuleContext, Subject
from registry_tool.rules.file_set import FileSet
from tests.security.scanning.corpus import ScanCase

SCANS: tuple[Rule, ...] = (
    compiled_current.RULE,
    secrets.RULE,
    hidden_characters.RULE,
    reader_instructions.RULE,
    programs.RULE,
    opaque_files.RULE,
    encoded_text.RULE,
    assembled_code.RULE,
    out_of_sight.RULE,
    mixed_scripts.RULE,
)
_CONTEXT = RuleContext(FixedSource(), addition=True)


def found_in(case: ScanCase) -> tuple[Finding, ...]:
    """All findings of the rules on files, and then of the scans."""
    if found := judge_files(FileSet(case.contents)):
        return found
    manifest = load(case.files["manifest.yaml"], "manifest.yaml")
    subject = Subject(manifest, case.contents, _CONTEXT, "hello", "1.0.0")
    return tuple(finding for rule in SCANS for finding in rule.findings(subject))


def verdict(found: tuple[Finding, ...]) -> Severity | None:
    """The weightiest severity; None where nobody is told anything."""
    severities = {finding.severity for finding in found}
    return next((one for one in Severity if one in severities), None)
