"""What the stages of a deployment do in a registry: select, configure, resolve, allocate, check."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast

from registry_tool.catalogue.access import demand_enforceable
from registry_tool.commands.deploy.health_check import Probe, check_health
from registry_tool.commands.deploy.preconditions import DeploymentCandidate, demand_entry
from registry_tool.commands.deploy.provider_check import (
    ProviderEvidence,
    answering,
    prove,
    provider_of,
    workflows_of,
)
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.deploy.approval import waits_for_pull_request
from registry_tool.deploy.comparison import Compare
from registry_tool.deploy.configuration import (
    config_digest,
    config_value,
    overlay_of,
    read_config,
    resolve_secrets,
)
from registry_tool.deploy.model import Serving
from registry_tool.deploy.plan import Health
from registry_tool.deploy.resources import allocate
from registry_tool.deploy.strategy import read_strategy, strategy_value
from registry_tool.manifest.model import Environment
from registry_tool.resolver.lock import Lock
from registry_tool.runtime.environments import environment_of
from registry_tool.sources.reference import OpenedProgram, open_reference, parse_reference
from registry_tool.state.target import Target, open_serving, settings_of
from registry_tool.store import paths

_PROVIDERS_NEED = {"openai": ("OPENAI_API_KEY", "OPENAI_BASE_URL")}
"""Names of which a provider needs any: a server of one's own may want no key."""


@dataclass(frozen=True, slots=True)
class DeployParameters:
    """What a deployment shall bring. `digest` and `lock` are wanted where something is promoted.

    `override` is a maintainer's reason to set the environment's rules aside.
    """

    reference: str
    strategy: Frozen = field(default_factory=dict)
    config: Frozen = field(default_factory=dict)
    digest: str = ""
    lock: Lock | None = None
    override: str = ""


class RegistryPlan:
    """What is asked for, and what the stages have found out so far."""

    def __init__(
        self,
        target: Target,
        environment: str,
        deployment: str,
        parameters: DeployParameters,
        *,
        repeated: bool = False,
    ) -> None:
        self._target, self._parameters = target, parameters
        self.environment, self.deployment, self.repeated = environment, deployment, repeated
        self.name = name_in(parameters.reference)
        self._own = settings_of(target, environment)
        self._config = read_config(parameters.config)
        self._found = Serving("", "", deployment=deployment)
        self._opened: OpenedProgram | None = None
        self._provider = ""
        read_strategy(self.strategy, self._location)

    @cached_property
    def strategy(self) -> Object:
        """The request's strategy on top of the environment's."""
        return strategy_value(self._parameters.strategy, self._own.strategy, self._own.watch)

    @property
    def request(self) -> Object:
        """What was asked, for another deployer."""
        return {
            "workflow": f"{self.name}:{self._found.version}",
            "strategy": dict(self._parameters.strategy),
            "config": dict(self._config),
            "approval": self.needs_approval,
            **({"override": self._parameters.override} if self._parameters.override else {}),
        }

    def demand_entry(self) -> tuple[str, ...]:
        """The rules that the override sets aside; `EntryError` for a broken one without it."""
        entry = DeploymentCandidate(
            self._target, self._own, self.name, self._found, self._parameters.strategy
        )
        set_aside = demand_entry(entry, self._parameters.override)
        if set_aside:
            self._found = replace(self._found, override=self._parameters.override)
        return set_aside

    @property
    def needs_approval(self) -> bool:
        """Whether the environment wants a pull request."""
        return waits_for_pull_request(self._own)

    def candidate(self) -> Serving:
        """What shall serve, as far as it is known."""
        return self._found

    def select(self) -> Object:
        """The version that the reference means; a yanked or changed one is reported or refused."""
        opened = open_reference(
            self._parameters.reference, str(self._target.root), lock=self._parameters.lock
        )
        assert opened.candidate is not None  # noqa: S101 - a reference leads to a registry
        version, digest = opened.candidate.version, opened.candidate.digest
        if self._parameters.digest and digest != self._parameters.digest:
            raise RegistryError(
                f"{self.name}:{version} has the digest {digest}, not {self._parameters.digest}",
                hint="a published version never changes: find out who changed it",
            )
        demand_enforceable(opened.program.workflow, self._target.settings().access)
        self._opened = opened
        self._found = replace(self._found, version=version, digest=digest)
        warned: Object = {"warnings": list[Value](opened.warnings)} if opened.warnings else {}
        return {"version": version, "digest": digest, **warned}

    def configure(self) -> Object:
        """Configuration, and the names of secrets; what a required service lacks is refused."""
        overlay = overlay_of(self._own, self._config)
        workflow = self._known.program.workflow
        environment = environment_of(workflow, self._own.name, overlay, entire=False)
        config = config_value(environment)
        program = self._known.program
        self._provider = provider_of(program, environment, self._target.environ)
        secrets = resolve_secrets(
            workflows_of(program),
            _PROVIDERS_NEED.get(self._provider or str(config.get("provider")), ()),
            self._own,
            self._target.environ,
        )
        digest = config_digest(config)
        self._found = replace(self._found, config=config, config_digest=digest)
        return {
            "config_digest": digest,
            "secrets": list[Value](secrets.present),
            "absent": list[Value](secrets.absent),
        }

    def resolve(self) -> Object:
        """Every dependency with version and digest."""
        lock = self._known.lock
        self._found = replace(self._found, lock=lock)
        chosen: Object = {name: locked.version for name, locked in lock.workflows.items()}
        return {"lock_digest": lock.digest, "workflows": chosen}

    def allocate(self) -> Object:
        """The runner, how much of it, and the model that answers for the manifest's where one does."""
        program = self._known.program
        given = {
            **allocate(program.workflow.requirements, self._own),
            **answering(program, self._environment, self._provider),
        }
        self._found = replace(self._found, allocation=given)
        return given

    def proof(self) -> ProviderEvidence:
        """What shows that the providers can be asked; `RegistryError` for the first that can't."""
        program = self._known.program
        return prove(program, self._environment, self._provider, self._target.environ)

    def check(self, stable: Serving | None, compare: Compare | None) -> Health:
        """Whether providers can be asked, the version's tests, and a comparison with what serves."""
        own, program = self._own, self._known.program
        proof = self.proof()
        probe = Probe(self._target.root, own.name, program, self._found.config, own.health_check)
        served = None
        if compare is not None and stable is not None:
            served = open_serving(self._target, self.name, stable).program
        health = check_health(probe, compare, served, stable.config if stable else {})
        return replace(health, detail={**health.detail, **proof.to_value()})

    @property
    def _environment(self) -> Environment:
        """With what a run of the candidate is configured."""
        return environment_of(self._known.program.workflow, self._own.name, self._found.config)

    @property
    def opened(self) -> OpenedProgram:
        """The version that was selected."""
        return self._known

    @property
    def _known(self) -> OpenedProgram:
        assert self._opened is not None  # noqa: S101 - `select` comes first
        return self._opened

    @property
    def _location(self) -> str:
        document = "request" if self._parameters.strategy else paths.REGISTRY_FILE
        return f"{document}: environments.{self._own.name}.strategy"


def name_in(reference: str) -> str:
    """The workflow's name in a reference to a published version."""
    try:
        return parse_reference(reference).name
    except UsageError as wrong:
        hint = "deploy a published version: name, name:version or name@range"
        raise UsageError(wrong.reason, hint=hint) from None


def parameters_of(request: Frozen) -> DeployParameters:
    """What a rollout's own request says."""
    return DeployParameters(
        str(request.get("workflow", "")),
        cast(Frozen, request.get("strategy") or {}),
        cast(Frozen, request.get("config") or {}),
        override=str(request.get("override") or ""),
    )
