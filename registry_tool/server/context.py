"""What handlers share, kept in the application's state."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote

from prometheus_client import CollectorRegistry
from starlette.requests import Request

from registry_tool.commands.account.provider_keys import ProviderKeys
from registry_tool.commands.live.authentication import Authentication, LazyStore
from registry_tool.commands.live.changes.gatekeeper import Gatekeeper
from registry_tool.commands.live.changes.spare_judge import SpareJudge
from registry_tool.commands.live.deployments import LiveDeployments
from registry_tool.commands.live.live_registry import LiveRegistry
from registry_tool.commands.live.runs.latency import MeasuredLatency
from registry_tool.commands.live.runs.live_runs import LiveRuns
from registry_tool.commands.live.runs.settings import LIVE, LiveRunSettings
from registry_tool.commands.live.search import LiveSearch
from registry_tool.core.clock import Clock, SystemClock
from registry_tool.core.values import Frozen
from registry_tool.monitoring.series import RunSeries
from registry_tool.security.tokens.principal import Principal
from registry_tool.server.forwarded import Network
from registry_tool.server.metrics import HttpMetrics
from registry_tool.server.rate_limits import RequestRates
from registry_tool.server.static_output import StaticOutput
from registry_tool.state.runs.feed import NewRuns
from registry_tool.state.target import Target
from registry_tool.state.tokens.registry_key import note_in_registry


@dataclass(frozen=True)
class Context:
    """The registry, its static output, and what is measured. `public_url` is where others reach the server.

    `running` says how it runs workflows, `workers` how many processes like this one answer, `trusted_proxies`
    who may say for whom they ask, `spare_judge` has judges of changes ready.

    Frozen, but for what is made when it is first asked for.
    """

    registry: LiveRegistry
    output: StaticOutput
    public_url: str = ""
    search: LiveSearch = field(default_factory=LiveSearch)
    metrics: HttpMetrics = field(default_factory=lambda: HttpMetrics(CollectorRegistry()))
    clock: Clock = SystemClock()  # noqa: RUF009 - it has no state
    running: LiveRunSettings = LiveRunSettings()  # noqa: RUF009 - frozen
    workers: int = 1
    trusted_proxies: tuple[Network, ...] = ()
    spare_judge: SpareJudge | None = None

    @cached_property
    def target(self) -> Target:
        """The registry's state: deployments, runs, tokens, the audit log."""
        return Target(self.registry.root, self.registry.branch.remote, self.clock)

    @cached_property
    def runs(self) -> LiveRuns:
        """The runs of this process; `create_app` asks first, so that there is one."""
        counted = RunSeries(self.metrics.registry)
        return LiveRuns(self.registry, self.target, self.running, count=counted.count)

    @cached_property
    def latency(self) -> MeasuredLatency:
        """How long runs took where requests run that name no environment."""
        where, new = self.running.environment or LIVE, NewRuns(self.target, last=2)
        return MeasuredLatency(lambda: new(where))

    @cached_property
    def deployments(self) -> LiveDeployments:
        """The deployments of this process."""
        return LiveDeployments(self.target)

    @cached_property
    def authentication(self) -> Authentication:
        """Who knows whoever asks."""
        return Authentication(LazyStore(self.target), self.issuer, self.clock)

    @cached_property
    def rate_limits(self) -> RequestRates:
        """How often somebody may ask: all workers together let no more through."""
        return RequestRates(self.workers)

    @cached_property
    def provider_keys(self) -> ProviderKeys:
        """The keys of identity providers."""
        return ProviderKeys()

    @property
    def gatekeeper(self) -> Gatekeeper:
        """Who judges what is to be changed."""
        by_request = self.registry.snapshot().settings.changes_by_pull_request
        return Gatekeeper(self.registry, self.clock, by_request, self.spare_judge)

    def note(self, who: Principal, action: str, detail: Frozen) -> None:
        """Note in the registry's audit log what somebody did."""
        ring = self.authentication.store().ring
        note_in_registry(self.target, ring, str(who.id), action, {**detail, "by": who.credential})

    @property
    def issuer(self) -> str:
        """What the registry calls itself in tokens: its public address, else its name; no header decides it."""
        name = quote(self.registry.snapshot().settings.name)
        return self.public_url or f"urn:workflow-registry:{name}"


def context(request: Request) -> Context:
    """The context of a request's application."""
    found: Context = request.app.state.context
    return found


def live(request: Request) -> LiveRegistry:
    """The registry."""
    return context(request).registry
