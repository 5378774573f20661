"""`puppy-cli test --canaries`: a workflow's tests with instructions planted in what comes from outside."""

from __future__ import annotations

from registry_tool.core.records import Record
from registry_tool.core.values import Object
from registry_tool.engine.providers.all_providers import REPLAY
from registry_tool.rules.planted import CanaryReport
from registry_tool.runtime.canaries import plant
from registry_tool.sources.configuration.choice import AnyRegistry
from registry_tool.sources.lock_file import locked_here
from registry_tool.sources.reference import open_to_test


class PlantedTests(Record, frozen=True):
    """The report on a workflow, by its reference, and what a person would not expect."""

    reference: str
    report: CanaryReport
    warnings: tuple[str, ...] = ()

    def to_value(self) -> Object:
        """As JSON."""
        return {"workflow": self.reference, **self.report.to_value()}


def plant_canaries(reference: str, registry: AnyRegistry, provider: str = "") -> PlantedTests:
    """Plant in the tests of what a reference or path leads to, on recorded answers or on a provider's models."""
    opened = open_to_test(reference, registry, locked_here())
    report = plant(opened.program, "" if provider == REPLAY else provider)
    return PlantedTests(opened.program.workflow.reference, report, opened.warnings)
