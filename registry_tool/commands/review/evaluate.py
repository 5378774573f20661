"""`registry-tool evaluate`: new versions against the versions before them, on a model that is really asked.

A maintainer asks for it; it blocks nothing. What the check refuses isn't run: its tests have passed in the
confined process before a model is asked here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from registry_tool.catalogue.environments import demand_environment
from registry_tool.catalogue.load import load_settings
from registry_tool.catalogue.model import RegistrySettings
from registry_tool.commands.review.check_pr import check_merge
from registry_tool.commands.review.paired_evaluation import evaluated_pair
from registry_tool.commands.review.pr_result import PrResult
from registry_tool.commands.review.recorded_answers import recorded_answers
from registry_tool.commands.review.rule_contexts import Scope
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.finding import Severity
from registry_tool.deploy.configuration import overlay_of
from registry_tool.engine.providers.all_providers import REPLAY, demand_known_providers
from registry_tool.engine.providers.models.metered import Budget
from registry_tool.manifest.model import Environment, TestCase
from registry_tool.report.evaluation import EvaluatedVersion
from registry_tool.rules.base import Subject
from registry_tool.runtime.environments import environment_of
from registry_tool.runtime.paired_tests import PairedOptions
from registry_tool.runtime.run_program import asks_model, provider_name
from registry_tool.sources.commit import TreeSource
from registry_tool.sources.commit_program import program_from_tree
from registry_tool.sources.program import Program
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository
from registry_tool.store.tree import RegistryTree


@dataclass(frozen=True, slots=True)
class EvaluateOptions:
    """Who answers (empty: the environment's provider, else the usual one), how often, and for how much in all.

    `asked_by` is the forge's id of who asks, 0 where nobody has to be asked.
    """

    environment: str = ""
    provider: str = ""
    runs: int = 1
    max_tokens: int | None = None
    max_cost: float | None = None
    asked_by: int = 0


def evaluate(
    folder: Path, base: str, head: str, how: EvaluateOptions, now: datetime
) -> list[EvaluatedVersion]:
    """Every new version of merging `head` into `base`; `RegistryError` where git can't merge them."""
    demand_known_providers(how.provider)
    repository = Repository(folder)
    before = GitTree(repository, repository.commit(base))
    settings = load_settings(before)
    if how.environment:
        demand_environment(how.environment, settings.environments)
    _demand_maintainer(settings, how.asked_by)
    result = check_merge(repository, base, head, scope=Scope(confined=True))
    if result.refused or result.sides is None:
        return [_refused(reference, result) for reference in _new(result)]
    after = GitTree(repository, result.sides.tree)
    evaluation = _Evaluation(before, after, settings, how, now)
    return [evaluation.of(subject) for subject in result.new]


def _new(result: PrResult) -> list[str]:
    """The references of what is new, whether it could be read or not."""
    return [*(subject.workflow.reference for subject in result.new), *result.unread]


def _refused(reference: str, result: PrResult) -> EvaluatedVersion:
    """By the rules alone: a message may quote what must not be shown."""
    errors = {found.rule: None for found in result.findings if found.severity is Severity.ERROR}
    return EvaluatedVersion(reference, skipped=f"check-pr refuses the request: {', '.join(errors)}")


def _demand_maintainer(settings: RegistrySettings, asked_by: int) -> None:
    """On GitHub everyone who may push may label; a registry that names no maintainers lets all of them ask."""
    known = {person.id for person in settings.maintainers}
    if asked_by and known and asked_by not in known:
        raise UsageError(
            f"{asked_by} is not a maintainer of this registry, so no model is asked",
            hint="let one of policy.maintainers in registry.yaml set the label",
        )


class _Evaluation:
    def __init__(
        self,
        before: GitTree,
        after: RegistryTree,
        settings: RegistrySettings,
        how: EvaluateOptions,
        now: datetime,
    ) -> None:
        self._tree = before
        self._before, self._after = TreeSource(before), TreeSource(after)
        self._settings, self._how, self._now = settings, how, now
        self._budget = Budget(how.max_tokens, how.max_cost)

    def of(self, subject: Subject) -> EvaluatedVersion:
        """One version; what can't be run is said and ends nothing."""
        reference, previous = subject.workflow.reference, subject.context.previous
        if previous is None:
            return EvaluatedVersion(reference, skipped="it is the first version")
        try:
            new = program_from_tree(self._after, subject.name, subject.version)
            base = program_from_tree(self._before, subject.name, previous.version)
            return self._compared(base, new)
        except RegistryError as error:
            return EvaluatedVersion(reference, previous.reference, skipped=str(error))

    def _compared(self, base: Program, new: Program) -> EvaluatedVersion:
        about = EvaluatedVersion(new.workflow.reference, base.workflow.reference)
        if not (asks_model(new) or asks_model(base)):
            return replace(
                about, skipped="neither version asks a model: the check says all that there is"
            )
        provider = provider_name(new, self._how.provider, self._environment(new, ""))
        if provider == REPLAY:
            return replace(about, skipped="recorded answers can't be evaluated: name a provider")
        how = PairedOptions(provider, self._budget, self._how.runs, self._of_case)
        return evaluated_pair(base, new, how, recorded_answers(base, self._tree, self._now))

    def _of_case(self, program: Program, case: TestCase) -> Environment:
        return self._environment(program, case.environment)

    def _environment(self, program: Program, named: str) -> Environment:
        """The registry's, where one is chosen: its settings lie on top of the manifest's."""
        name = self._how.environment
        if not name:
            return environment_of(program.workflow, named)
        overlay = overlay_of(self._settings.environments[name], {})
        return environment_of(program.workflow, name, overlay, entire=False)
