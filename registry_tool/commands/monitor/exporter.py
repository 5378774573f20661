"""`registry-tool exporter`: a registry's metrics out of its run records, deployments and local logs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry

from registry_tool.catalogue.environments import UNLIMITED
from registry_tool.commands.deploy.status import statuses
from registry_tool.commands.monitor.retirements import known_retirements, models_serving
from registry_tool.commands.run.heartbeat import beats as heartbeats
from registry_tool.commands.run.heartbeat import schedules_due
from registry_tool.core.errors import RegistryError
from registry_tool.deploy.event_log import EVENTS, DeployEvent, read_event
from registry_tool.deploy.model import Deployment
from registry_tool.manifest.names import bad_name, bad_version
from registry_tool.monitoring.exporter import application, server
from registry_tool.monitoring.gateway import push
from registry_tool.monitoring.log_tail import LogTail
from registry_tool.monitoring.retirement import retirement_of
from registry_tool.monitoring.totals import DeploymentCount, Totals
from registry_tool.state.public_keys import published
from registry_tool.state.runs.feed import NewRuns
from registry_tool.state.runs.logs import log_file
from registry_tool.state.target import Target
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.registry_tree import registry_tree
from registry_tool.store.state.notes import UnreachableError


class SeriesCollector:
    """A registry's series, of one environment or all, brought up to date by `refresh`."""

    def __init__(self, target: Target, environment: str = "") -> None:
        self.registry = CollectorRegistry()
        self._target, self._environment = target, environment
        self._versions: set[tuple[str, str]] = set()
        self._totals = Totals(self.registry, self._holds)
        self._failed: tuple[str, dict[tuple[str, str, str], float]] = ("", {})
        self._events, self._runs, self._logs = _NewEvents(target), NewRuns(target), LogTail()

    def _holds(self, name: str, version: str) -> bool:
        """Whether the registry has a version; what it lacks today it may have tomorrow."""
        if (name, version) in self._versions:
            return True
        if bad_name(name) or bad_version(version):
            return False
        if (
            next(registry_tree(self._target.root).files(paths.version_dir(name, version)), None)
            is None
        ):
            return False
        self._versions.add((name, version))
        return True

    def refresh(self) -> None:
        """Read what is new since the last time; `RegistryError` where the registry can't be read."""
        deployments = self._target.store().all(self._environment)
        for deployment in deployments:
            for serving in deployment.serving:
                self._totals.expect(deployment.workflow, serving.version, deployment.environment)
        for ended in self._events.ended(self._environment):
            self._totals.state.deployed(*ended)
        for note in self._runs(self._environment):
            self._totals.note(note)
        for deployment in deployments:
            path = log_file(self._target, deployment.workflow, deployment.environment)
            for line in self._logs.new(path):
                self._totals.log_line(line, deployment.environment)
        self._set_gauges(deployments)

    def pass_on(self, alerts: bytes) -> str:
        """Notify the registry's receivers of Alertmanager's message; why one was not notified, or nothing."""
        from registry_tool.commands.notify.alerts import send_alerts  # asks others

        found = send_alerts(self._target.settings(), alerts, os.environ)
        return "\n".join(one.sentence for one in found if one.reason)

    def _set_gauges(self, deployments: list[Deployment]) -> None:
        state, now = self._totals.state, self._target.clock.now()
        serving = [(d.workflow, s, d.environment) for d in deployments for s in d.serving]
        state.serving({(name, s.version, env): s.weight for name, s, env in serving})
        state.lost(self._totals.lost(now))
        plans = self._target.settings().plans.values()
        limits = {p.name: p.runs_per_month for p in plans if p.runs_per_month != UNLIMITED}
        state.quotas(self._totals.used(now, limits))
        state.retirements(self._retiring(deployments))
        state.keys(self._keys(deployments))
        state.last_runs(self._totals.ended(now))
        state.rollouts(rollouts_since(deployments))
        state.failures(self._failures(deployments))
        wanted = self._environment
        due, beats = schedules_due(self._target), heartbeats(self._target)
        state.clockwork(
            {key: when for key, when in due.items() if wanted in {"", key[2]}},
            {name: when for name, when in beats.items() if wanted in {"", name}},
        )

    def _failures(self, deployments: list[Deployment]) -> dict[tuple[str, str, str], float]:
        """Read again only where something was written since."""
        tip = self._target.store().branch.tip()
        if tip != self._failed[0]:
            found = {
                (s.deployment.workflow, s.deployment.environment, s.failed.stage): _unix(
                    s.failed.time
                )
                for s in statuses(self._target, deployments)
                if s.failed is not None
            }
            self._failed = (tip, found)
        return self._failed[1]

    def _keys(self, deployments: list[Deployment]) -> dict[str, float]:
        names = {deployment.environment for deployment in deployments}
        since = {name: self._since(name) for name in sorted(names)}
        return {
            n: datetime.fromisoformat(times[0]).timestamp() for n, times in since.items() if times
        }

    def _since(self, environment: str) -> tuple[str, ...]:
        try:
            return published(self._target, environment).since
        except UnreachableError:
            raise
        except RegistryError as error:
            self._target.notes.warn(f"not counted: {error}")
            return ()

    def _retiring(self, deployments: list[Deployment]) -> dict[tuple[str, str, str, str], float]:
        known = known_retirements(self._target)
        return {
            (d.workflow, serving.version, d.environment, use.model): end.retires.timestamp()
            for d in deployments
            for serving, use in models_serving(self._target, d)
            if (end := retirement_of(use.model, known)) is not None
        }


def rollouts_since(deployments: list[Deployment]) -> dict[tuple[str, str, str, str], float]:
    """Since when each rollout is in its phase, in Unix time."""
    return {
        (
            d.workflow,
            r.candidate.version if r.candidate else "",
            d.environment,
            r.phase.value,
        ): _unix(r.since)
        for d in deployments
        if (r := d.rollout) is not None
    }


def _unix(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


class _NewEvents:
    """The events of deployments, each once."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._tip = ""
        self._read: dict[str, int] = {}
        self._count = DeploymentCount()

    def ended(self, environment: str) -> Iterator[tuple[str, str, str, float]]:
        """The deployments that ended since the last look: (workflow, environment, status, seconds)."""
        branch = self._target.store().branch
        tip = branch.tip()
        if tip and tip != self._tip:
            tree = GitTree(branch.repository, tip)
            for env in [environment] if environment else tree.folders(EVENTS):
                for name in tree.folders(f"{EVENTS}/{env}"):
                    yield from self._count.ends(self._new(tree, f"{EVENTS}/{env}/{name}"))
            self._tip = tip

    def _new(self, tree: GitTree, folder: str) -> Iterator[DeployEvent]:
        for path, data in tree.contents(folder, self._read.get(folder, 0)):
            self._read[folder] = self._read.get(folder, 0) + 1
            try:
                yield read_event(data, path)
            except RegistryError as error:
                self._target.notes.warn(f"not counted: {error}")


def serve(watched: SeriesCollector, host: str, port: int, on_ready: Callable[[str], None]) -> None:
    """Answer scrapes until interrupted; `on_ready` gets the address, once all that there is has been read."""
    watched.refresh()
    app = application(watched.registry, watched.refresh, watched.pass_on)
    with server(app, host, port) as running:
        on_ready(f"http://{host}:{running.server_port}/metrics")
        running.serve_forever()


def push_totals(target: Target, environment: str, url: str) -> None:
    """Push an environment's totals to a Pushgateway; they take the place of those pushed before."""
    watched = SeriesCollector(target, environment)
    watched.refresh()
    push(url, watched.registry, environment)
