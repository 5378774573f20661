"""Every rule in the order in which findings are looked for.

Files come first, by path, mode and size; then `schema`, the loader itself (`manifest/load.py`): what does not pass
it no rule ever sees. Rules that need sound ends of edges come after `edge-ends` and are skipped where that fails;
those that need the tests run come last, on versions in which nothing else is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from registry_tool.core.finding import Finding, Severity, in_order
from registry_tool.rules import (
    answers_fit,
    assembled_code,
    assertions,
    block_reachable,
    branches_complete,
    bump,
    category,
    certification,
    certified,
    code_compiles,
    code_parameters,
    compiled_current,
    dates,
    declared_hosts,
    dependencies_resolve,
    dependents,
    edge_config,
    edge_ends,
    encoded_text,
    encryption_kept,
    enforceable_access,
    expectations_possible,
    fallback_fits,
    file_paths,
    files_exist,
    generated_files,
    graph_acyclic,
    hidden_characters,
    immutable,
    importable_files,
    interface_binds,
    layout,
    license_spdx,
    limits,
    look_alike,
    mixed_scripts,
    name_path,
    named_blocks,
    one_concern,
    opaque_files,
    out_of_sight,
    ownership,
    pages,
    personal_data,
    personal_egress,
    privacy_kept,
    programs,
    publishable,
    reader_instructions,
    regular_files,
    schemas_agree,
    secrets,
    template_braces,
    template_compiles,
    template_names,
    tests_assert,
    tests_match_interface,
    tests_pass,
    tombstones,
    tooling,
    toxic_flow,
    tree_objects,
    types_fit,
    value_paths,
    values_fit,
    version_number,
    workflow_calls,
    yanks,
)
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.change_set import ChangeRule, ChangeSet
from registry_tool.rules.file_set import FileRule, FileSet

SCHEMA_RULE = "schema"
SCHEMA_SUMMARY = "The manifest is strict YAML that obeys the schema."

FILE_RULES: tuple[FileRule, ...] = (
    limits.RULE,
    regular_files.RULE,
    file_paths.RULE,
    importable_files.RULE,
)
"""Rules on a version's files, before any of them is parsed."""

FIRST: tuple[Rule, ...] = (
    name_path.RULE,
    version_number.RULE,
    edge_ends.RULE,
    edge_config.RULE,
)
THEN: tuple[Rule, ...] = (
    graph_acyclic.RULE,
    block_reachable.RULE,
    named_blocks.RULE,
    branches_complete.RULE,
    template_braces.RULE,
    template_names.RULE,
    value_paths.RULE,
    types_fit.RULE,
    code_compiles.RULE,
    code_parameters.RULE,
    template_compiles.RULE,
    files_exist.RULE,
    dependencies_resolve.RULE,
    workflow_calls.RULE,
    interface_binds.RULE,
    values_fit.RULE,
    fallback_fits.RULE,
    schemas_agree.RULE,
    tests_match_interface.RULE,
    expectations_possible.RULE,
    answers_fit.RULE,
    assertions.RULE,
    tests_assert.RULE,
    publishable.RULE,
    pages.RULE,
    declared_hosts.RULE,
    personal_egress.RULE,
    toxic_flow.RULE,
    enforceable_access.RULE,
    encryption_kept.RULE,
    privacy_kept.RULE,
    category.RULE,
    certified.RULE,
    dates.RULE,
    license_spdx.RULE,
    compiled_current.RULE,
    bump.RULE,
    secrets.RULE,
    personal_data.RULE,
    hidden_characters.RULE,
    reader_instructions.RULE,
    programs.RULE,
    opaque_files.RULE,
    encoded_text.RULE,
    assembled_code.RULE,
    out_of_sight.RULE,
    mixed_scripts.RULE,
)
LAST: tuple[Rule, ...] = (
    tests_pass.RULE,
    dependents.RULE,
)
"""Rules on how the tests went."""

ALL_RULES = FIRST + THEN + LAST
NEEDS_SOUND_ENDS = frozenset(
    {
        graph_acyclic.RULE.id,
        block_reachable.RULE.id,
        value_paths.RULE.id,
        types_fit.RULE.id,
        interface_binds.RULE.id,
        values_fit.RULE.id,
        fallback_fits.RULE.id,
        schemas_agree.RULE.id,
        tests_match_interface.RULE.id,
        personal_egress.RULE.id,
        toxic_flow.RULE.id,
    }
)

CHANGE_RULES: tuple[ChangeRule, ...] = (
    layout.RULE,
    immutable.RULE,
    tombstones.RULE,
    ownership.RULE,
    look_alike.RULE,
    yanks.RULE,
    certification.RULE,
    generated_files.RULE,
    one_concern.RULE,
    tooling.RULE,
    tree_objects.RULE,
)
"""Rules on what a pull request changes."""

SUMMARIES: dict[str, str] = {
    **{rule.id: rule.summary for rule in FILE_RULES},
    SCHEMA_RULE: SCHEMA_SUMMARY,
    **{rule.id: rule.summary for rule in ALL_RULES},
    **{rule.id: rule.summary for rule in CHANGE_RULES},
}
"""Every rule's sentence by its id."""


def judge_files(subject: FileSet) -> tuple[Finding, ...]:
    """Every finding on a version's files as files."""
    return in_order(finding for rule in FILE_RULES for finding in rule.check(subject))


def judge_changes(subject: ChangeSet) -> tuple[Finding, ...]:
    """Every finding on what changes."""
    return in_order(finding for rule in CHANGE_RULES for finding in rule.check(subject))


def judge(subject: Subject, begins: Callable[[str], object] = str) -> tuple[Finding, ...]:
    """Every finding on one version, by place; `begins` is called with each rule's id before it runs."""
    found: list[Finding] = []
    for rule in FIRST:
        begins(rule.id)
        found += rule.findings(subject)
    broken = any(
        finding.rule == edge_ends.RULE.id and finding.severity is Severity.ERROR
        for finding in found
    )
    for rule in THEN:
        if not (broken and rule.id in NEEDS_SOUND_ENDS):
            begins(rule.id)
            found += rule.findings(subject)
    return in_order(found)


def judge_tests(subject: Subject) -> tuple[Finding, ...]:
    """Every finding on how the tests went."""
    return in_order(finding for rule in LAST for finding in rule.findings(subject))


def looked(
    findings: Sequence[Finding], *, unread: bool = False, changes: bool = True, tests: bool = True
) -> frozenset[str]:
    """The ids of the rules that have looked, where these are the findings.

    A version that is `unread` is seen by the rules on files and the schema alone; rules that need sound ends, or
    the tests run, look at nothing where something stronger is wrong.
    """
    ids = {SCHEMA_RULE, *(rule.id for rule in FILE_RULES)}
    if changes:
        ids |= {rule.id for rule in CHANGE_RULES}
    if unread:
        return frozenset(ids)
    ids |= {rule.id for rule in FIRST + THEN}
    if any(f.rule == edge_ends.RULE.id and f.severity is Severity.ERROR for f in findings):
        ids -= NEEDS_SOUND_ENDS
    if tests and not refused(findings):
        ids |= {rule.id for rule in LAST}
    return frozenset(ids)


def refused(findings: Sequence[Finding]) -> bool:
    """True where something must not be merged."""
    return any(finding.severity is Severity.ERROR for finding in findings)
