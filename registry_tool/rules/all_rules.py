"""Every rule in the order in which findings are looked for.

`schema` is the door itself (`manifest/load.py`): what does not pass it no rule ever sees. Rules that need
sound ends of edges come after `edge-ends` and are skipped where that fails.
"""

from __future__ import annotations

from registry_tool.core.finding import Finding, Severity, in_order
from registry_tool.rules import (
    block_reachable,
    compiled_current,
    dependencies_resolve,
    edge_ends,
    generated_files,
    graph_acyclic,
    hidden_characters,
    immutable,
    interface_binds,
    license_spdx,
    name_path,
    one_concern,
    secrets,
    template_names,
    tests_match_interface,
    version_number,
)
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.change_set import ChangeRule

SCHEMA_RULE = "schema"

CHANGE_RULES: tuple[ChangeRule, ...] = (
    immutable.RULE,
    generated_files.RULE,
    one_concern.RULE,
)
"""Rules on what a pull request changes, whatever stands in it."""

FIRST: tuple[Rule, ...] = (
    name_path.RULE,
    version_number.RULE,
    edge_ends.RULE,
)
THEN: tuple[Rule, ...] = (
    graph_acyclic.RULE,
    block_reachable.RULE,
    template_names.RULE,
    dependencies_resolve.RULE,
    interface_binds.RULE,
    tests_match_interface.RULE,
    license_spdx.RULE,
    compiled_current.RULE,
    secrets.RULE,
    hidden_characters.RULE,
)
ALL_RULES = FIRST + THEN
NEEDS_SOUND_ENDS = frozenset(
    {graph_acyclic.RULE.id, block_reachable.RULE.id, interface_binds.RULE.id}
)


def judge(subject: Subject) -> tuple[Finding, ...]:
    """Every finding on one version, by place."""
    found = [finding for rule in FIRST for finding in rule.findings(subject)]
    broken = any(
        finding.rule == edge_ends.RULE.id and finding.severity is Severity.ERROR
        for finding in found
    )
    for rule in THEN:
        if not (broken and rule.id in NEEDS_SOUND_ENDS):
            found += rule.findings(subject)
    return in_order(found)
