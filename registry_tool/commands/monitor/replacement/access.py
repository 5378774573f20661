"""Who is asked for a successor's answers, and under which of a registry's rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from registry_tool.catalogue.environments import EnvironmentSettings
from registry_tool.core.errors import MissingToolError
from registry_tool.deploy.configuration import overlay_of
from registry_tool.engine.providers.all_providers import REPLAY
from registry_tool.engine.providers.models.metered import Budget
from registry_tool.manifest.model import Environment, TestCase
from registry_tool.runtime.environments import environment_of
from registry_tool.runtime.run_program import asks_model, provider_name
from registry_tool.runtime.substitutes import SubstituteError
from registry_tool.sources.program import Program
from registry_tool.state.target import Target, settings_of

_ADDRESS: Final = frozenset({"base_url", "limits"})


@dataclass(frozen=True, slots=True)
class ModelAccess:
    """Who is asked (empty: the environment's provider, else the usual one), how often, and what it may take.

    `environment` gives provider, address and limits, never a model: that would take the successor's place.
    """

    provider: str
    environment: EnvironmentSettings | None
    budget: Budget
    runs: int = 1

    def answering(self, program: Program) -> tuple[str, str]:
        """The provider that can be asked, or empty and why there is none."""
        if not asks_model(program):
            return "", "its tests ask no model"
        if not program.workflow.tests:
            return "", "it has no tests"
        try:
            chosen = provider_name(program, self.provider, self._whole(program))
        except (MissingToolError, SubstituteError) as error:
            return "", str(error)
        if chosen == REPLAY:
            return "", "recorded answers say nothing of another model: name a provider (--provider)"
        return chosen, ""

    def of_case(self, program: Program, case: TestCase) -> Environment:
        """A test's own environment, asked at the registry's address and within its limits."""
        overlay = overlay_of(self.environment, {})
        rules = {key: value for key, value in overlay.items() if key in _ADDRESS}
        return environment_of(program.workflow, case.environment, rules or None, entire=False)

    def _whole(self, program: Program) -> Environment:
        if self.environment is None:
            return environment_of(program.workflow, "")
        overlay = overlay_of(self.environment, {})
        return environment_of(program.workflow, self.environment.name, overlay, entire=False)


def access_in(
    target: Target, environment: str, provider: str, budget: Budget, runs: int
) -> ModelAccess:
    """Access by an environment's rules (empty: none); `NotFoundError` for one that the registry doesn't have."""
    settings = settings_of(target, environment) if environment else None
    return ModelAccess(provider, settings, budget, runs)
