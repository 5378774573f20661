"""What a deployer is handed: the stages' work, and what the health check found. Nothing here runs a workflow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from registry_tool.core.values import Frozen, Object
from registry_tool.deploy.analysis import Sample
from registry_tool.deploy.comparison import Compare, ComparedRun
from registry_tool.deploy.model import Serving


@dataclass(frozen=True, slots=True)
class Health:
    """What the health check saw: its event's detail, its runs, and pairs where a comparison was wanted."""

    detail: Frozen = field(default_factory=dict)
    samples: tuple[Sample, ...] = ()
    pairs: tuple[ComparedRun, ...] = ()


class Plan(Protocol):
    """One deployment of a version to an environment.

    Each stage raises `RegistryError` to refuse; they are called in the order of STAGES.
    """

    def select(self) -> Frozen:
        """Which version, and its digest."""

    def configure(self) -> Frozen:
        """With which configuration and secrets (names)."""

    def resolve(self) -> Frozen:
        """With which dependencies."""

    def allocate(self) -> Frozen:
        """On which runner, with how much."""

    def check(self, stable: Serving | None, compare: Compare | None) -> Health:
        """The health check; it raises where a test fails."""

    def candidate(self) -> Serving:
        """What shall serve, as far as the stages have found out."""

    def demand_entry(self) -> tuple[str, ...]:
        """The environment's rules that a maintainer's override sets aside; it raises where one is broken."""

    @property
    def environment(self) -> str:
        """Where it shall serve."""

    @property
    def deployment(self) -> str:
        """The deployment's id."""

    @property
    def repeated(self) -> bool:
        """Whether the id may have been seen before: a job that is run again goes on with its deployment."""

    @property
    def name(self) -> str:
        """The workflow's name, known before `select`."""

    @property
    def strategy(self) -> Object:
        """How it shall take over: a value that `read_strategy` reads."""

    @property
    def request(self) -> Object:
        """What was asked, so that another deployer can go on."""

    @property
    def needs_approval(self) -> bool:
        """Whether people must let it through before the switch."""
