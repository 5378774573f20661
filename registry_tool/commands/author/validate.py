"""`puppy-cli validate`: an author's project, judged as its pull request will be."""

from __future__ import annotations

from pathlib import Path

from registry_tool.commands.author.base_registry import ground_of
from registry_tool.commands.author.candidate import candidate_of, judge_candidate
from registry_tool.commands.review.check import CheckResult
from registry_tool.core.finding import FindingsError
from registry_tool.rules.all_rules import looked
from registry_tool.sources.configuration.choice import AnyRegistry


def validate(path: Path, registry: AnyRegistry) -> CheckResult:
    """Findings on the project at `path` (its folder or its manifest); paths are relative to where you are.

    `not_checked` says what could not be judged: the tests, which `puppy-cli test` runs, and without a registry
    everything that depends on one.
    """
    try:
        candidate = candidate_of(path)
    except FindingsError as refused:
        found = refused.findings
        return CheckResult(found, 1, looked=looked(found, unread=True, changes=False))
    return judge_candidate(ground_of(registry), candidate, replay=False)
