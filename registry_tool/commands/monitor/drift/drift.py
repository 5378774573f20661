"""`registry-tool drift`: do models still answer what serves as they did when its tests were recorded?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from registry_tool.commands.consume.unknown_names import demand_known
from registry_tool.commands.review.recorded_answers import head_of, recorded_answers
from registry_tool.core.errors import MissingToolError, NotFoundError, RegistryError
from registry_tool.core.values import Object
from registry_tool.deploy.model import Deployment, Serving
from registry_tool.engine.providers.all_providers import REPLAY, demand_known_providers
from registry_tool.engine.providers.models.metered import Budget
from registry_tool.monitoring.drift import Comparison, compare, only_reworded
from registry_tool.report.answers import answers_diff
from registry_tool.report.drift import DriftOf, drift_body, drift_title
from registry_tool.report.recorded_answers import RecordedAnswers
from registry_tool.runtime.environments import environment_of
from registry_tool.runtime.live_tests import run_live
from registry_tool.runtime.run_program import (
    asks_model,
    provider_name,
)
from registry_tool.runtime.run_tests import SuiteOptions, test_program
from registry_tool.sources.program import Program
from registry_tool.state.target import Target, deployments, open_serving


@dataclass(frozen=True)
class Checked:
    """One serving version. `skipped` says why nothing was asked, `trouble` why the look is inconclusive.

    `lines` show reworded answers; they are empty for a workflow whose data must not be shown.
    """

    workflow: str
    version: str
    environment: str
    provider: str = ""
    comparison: Comparison = Comparison()  # noqa: RUF009 - frozen
    lines: tuple[str, ...] = ()
    skipped: str = ""
    trouble: str = ""
    recordings: RecordedAnswers = RecordedAnswers(0)  # noqa: RUF009 - frozen

    @property
    def drifted(self) -> bool:
        """Whether something differs that counts."""
        return bool(self.comparison.differences) and not self.trouble

    @property
    def asked(self) -> bool:
        """Whether all that its tests ask was answered."""
        return not self.skipped and not self.trouble

    @property
    def shown(self) -> DriftOf:
        """As the report takes it."""
        found = self.comparison
        return DriftOf(
            f"{self.workflow}:{self.version}",
            self.environment,
            self.provider,
            tuple((d.kind, d.what, d.words) for d in found.differences),
            (found.same, found.reworded, found.unrecorded),
            self.lines,
            self.recordings.age,
        )

    def to_value(self) -> Object:
        """As JSON; no answers."""
        found = self.comparison
        return {
            "workflow": self.workflow,
            "version": self.version,
            "environment": self.environment,
            "provider": self.provider,
            "drifted": self.drifted,
            "inconclusive": bool(self.trouble),
            "differences": [difference.to_value() for difference in found.differences],
            "answers": {
                "same": found.same,
                "reworded": found.reworded,
                "unrecorded": found.unrecorded,
            },
            "recordings": self.recordings.to_value(),
            "skipped": self.skipped,
            "trouble": self.trouble,
        }


@dataclass(frozen=True, slots=True)
class Tracker:
    """Where people are notified. `report` opens an issue or adds to the open one, `resolve` closes it.

    Both take title and text and give the issue's address; `resolve` gives none where no issue was open.
    """

    report: Callable[[str, str], str]
    resolve: Callable[[str, str], str]


def check_drift(
    target: Target,
    environment: str,
    name: str = "",
    provider: str = "",
    budget: Budget | None = None,
) -> list[Checked]:
    """Every version that takes runs in an environment, asked live. `NotFoundError` where nothing serves."""
    demand_known_providers(provider)
    found, broken = deployments(target, environment, name)
    if not found and not broken:
        demand_known(target, name=name)
        what = name or "nothing"
        raise NotFoundError(
            f"{what} {'is not' if name else 'is'} deployed to {environment}",
            hint=f"see `puppy-cli status --env {environment}`",
        )
    unreadable = [Checked(b.workflow, "?", b.environment, trouble=str(b.error)) for b in broken]
    return unreadable + [
        _checked(target, deployment, serving, provider, budget)
        for deployment in found
        for serving in deployment.serving
        if serving.weight
    ]


def _checked(
    target: Target, deployment: Deployment, serving: Serving, provider: str, budget: Budget | None
) -> Checked:
    """One that can't be opened is in trouble; the others are asked all the same."""
    try:
        return _check(target, deployment, serving, provider, budget)
    except RegistryError as error:
        name, where = deployment.workflow, deployment.environment
        return Checked(name, serving.version, where, trouble=str(error))


def _check(
    target: Target, deployment: Deployment, serving: Serving, provider: str, budget: Budget | None
) -> Checked:
    program = open_serving(target, deployment.workflow, serving).program
    environment = environment_of(program.workflow, deployment.environment, serving.config)
    try:
        answering = provider_name(program, provider, environment)
    except MissingToolError as error:
        nobody = (deployment.workflow, serving.version, deployment.environment)
        return Checked(*nobody, trouble=str(error))
    about = (deployment.workflow, serving.version, deployment.environment, answering)
    if answering == REPLAY or not asks_model(program):
        return Checked(*about, skipped="it asks no model")
    if not program.workflow.tests:
        return Checked(*about, skipped="it has no tests")
    before = test_program(program, SuiteOptions())
    live = run_live(program, environment, answering, budget)
    recorded = program.cassette()
    comparison = compare(before.cases, live.cases, recorded, live.answers)
    lines: Sequence[str] = ()
    if _may_be_shown(program):
        was, now = only_reworded(recorded, live.answers)
        lines = answers_diff(was.to_bytes(), now.to_bytes())
    recordings = recorded_answers(program, head_of(target.root), target.clock.now())
    return Checked(*about, comparison, tuple(lines), trouble=live.trouble, recordings=recordings)


def _may_be_shown(program: Program) -> bool:
    """Tests and their recorded answers are published with a workflow; others' data is not."""
    privacy = program.privacy
    return not privacy.encryption and privacy.pii_handling == "keep"


def report_drift(tracker: Tracker, checked: Iterable[Checked]) -> Iterator[str]:
    """One issue a workflow and environment: opened or added to where it drifts, closed where it no longer does.

    Where a model could not be asked, or nothing was, an issue stays as it is. Gives their addresses.
    """
    by_workflow = sorted(checked, key=lambda one: (one.workflow, one.environment))
    for (name, environment), group in groupby(by_workflow, lambda c: (c.workflow, c.environment)):
        versions = list(group)
        title = drift_title(name, environment)
        if any(one.drifted for one in versions):
            yield tracker.report(title, drift_body([one.shown for one in versions if one.drifted]))
        elif all(one.asked for one in versions):
            yield tracker.resolve(title, "The models answer as recorded again.")
