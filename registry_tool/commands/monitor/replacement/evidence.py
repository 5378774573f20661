"""What is found out about a successor for a person: answers recorded anew, the check, the evaluation in pairs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from registry_tool.commands.monitor.replacement.access import ModelAccess
from registry_tool.commands.monitor.replacement.next_version import Replacement
from registry_tool.commands.review.check_pr import check_merge
from registry_tool.commands.review.paired_evaluation import evaluated_pair
from registry_tool.commands.review.pr_result import PrResult
from registry_tool.commands.review.recorded_answers import recorded_answers
from registry_tool.commands.review.rule_contexts import Scope
from registry_tool.core.errors import RegistryError
from registry_tool.core.finding import Severity
from registry_tool.report.evaluation import EvaluatedVersion
from registry_tool.rules import tests_pass
from registry_tool.runtime.live_recording import record_live
from registry_tool.runtime.paired_tests import PairedOptions
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository


@dataclass(frozen=True, slots=True)
class Evidence:
    """The version as it is proposed, what the evaluation says, and what the check refuses and holds."""

    version: Replacement
    evaluation: EvaluatedVersion
    refused: tuple[str, ...] = ()
    held: tuple[str, ...] = ()


@dataclass(frozen=True)
class EvidenceCollector:
    """Collects it on a commit of the registry; commits that it makes are on no branch."""

    repository: Repository
    start: str
    access: ModelAccess
    who: Identity
    now: datetime

    def of(self, version: Replacement) -> Evidence:
        """The evidence; `RegistryError` where the version can't be proposed: why its tests can't pass, or what is
        wrong with it beside them.

        Tests that fail on the successor's own answers are evidence. Tests without answers are none: where no model
        can be asked, only a version whose tests pass all the same is proposed.
        """
        provider, why = self.access.answering(version.new)
        if provider:
            cassette = record_live(version.new, provider, self.access.budget, self.access.of_case)
            version = version.recorded(cassette)
        checked = self._checked(version)
        refused = _rules(checked, Severity.ERROR)
        held = tuple(f.message for f in checked.findings if f.severity is Severity.HOLD)
        if refused and (not provider or refused != (tests_pass.RULE.id,)):
            raise _unfit(version, refused, why)
        return Evidence(version, self._evaluated(version, provider, why), refused, held)

    def _checked(self, version: Replacement) -> PrResult:
        """As the request will be, in the confined process; who asks isn't known yet."""
        commit = self.repository.commit_with(
            self.start, version.changes, [self.start], "Check a successor\n", self.who
        )
        return check_merge(self.repository, self.start, commit, scope=Scope(confined=True))

    def _evaluated(self, version: Replacement, provider: str, why: str) -> EvaluatedVersion:
        base, new = version.base, version.new
        if not provider:
            return EvaluatedVersion(new.workflow.reference, base.workflow.reference, skipped=why)
        access, tree = self.access, GitTree(self.repository, self.start)
        how = PairedOptions(provider, access.budget, access.runs, access.of_case)
        return evaluated_pair(base, new, how, recorded_answers(base, tree, self.now))


def _rules(checked: PrResult, severity: Severity) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f.rule for f in checked.findings if f.severity is severity))


def _unfit(version: Replacement, refused: tuple[str, ...], why: str) -> RegistryError:
    location = version.new.workflow.reference
    if why and refused == (tests_pass.RULE.id,):
        reason = f"its tests need a model's answers, and none can be asked: {why}"
        return RegistryError(reason, location=location)
    return RegistryError(
        f"the check would refuse it: {', '.join(refused)}",
        location=location,
        hint="write the version by hand",
    )
