"""All runs of a live registry: begun, found again by who may, cancelled, and ended when the server ends."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Final

from registry_tool.catalogue.environments import demand_environment
from registry_tool.commands.live.live_registry import LiveRegistry
from registry_tool.commands.live.runs.files import RunFiles, StoredLiveRun, folder_of, sweep
from registry_tool.commands.live.runs.found_run import FoundRun, RunBeganElsewhereError, WantedRun
from registry_tool.commands.live.runs.live_run import Count, LiveRun
from registry_tool.commands.live.runs.places import RunSlots
from registry_tool.commands.live.runs.settings import LIVE, LiveRunSettings
from registry_tool.commands.live.runs.version import Programs, finder, fits
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.run.access import AccessError
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admission import Admission
from registry_tool.commands.run.admit import admit
from registry_tool.commands.run.admitted_run import AdmittedRun
from registry_tool.commands.run.opening import OpenServing
from registry_tool.core import clock
from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.core.records import Record
from registry_tool.deploy.model import Deployment, Serving
from registry_tool.manifest.model import Workflow
from registry_tool.runtime.run_program import new_execution_id
from registry_tool.security.access import includes, role_of
from registry_tool.security.keys import KeyRing
from registry_tool.sources.reference import OpenedProgram
from registry_tool.state.public_keys import publish
from registry_tool.state.runs.records import ring_of
from registry_tool.state.target import Target
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository

_ID: Final = re.compile(r"exec-[0-9a-f]{12,64}")
_SUPERVISOR: Final = "maintainer"
_RING: Final = 60.0
"""Seconds that an environment's keys are kept before they are looked up again."""


class _ServedVersion(Record, frozen=True):
    """What a request means: the registry as a commit shows it, what serves there, and what opens that."""

    target: Target
    deployment: Deployment
    opening: OpenServing


class LiveRuns:
    """The runs of one process, and what those of others on this machine left.

    `ticks` are seconds of any clock; `count` hears of each end.
    """

    def __init__(
        self,
        registry: LiveRegistry,
        target: Target,
        settings: LiveRunSettings = LiveRunSettings(),  # noqa: B008 - frozen
        ticks: Callable[[], float] = time.monotonic,
        count: Count = lambda _: None,
    ) -> None:
        self.settings = settings
        self._registry, self._target, self._ticks = registry, target, ticks
        self._folder, self._count = folder_of(target.root), count
        self._programs = Programs()
        self._places = RunSlots(settings)
        self._lock = threading.Lock()
        self._running: dict[str, LiveRun] = {}
        self._rings: dict[str, tuple[float, KeyRing]] = {}

    def begin(self, wanted: WantedRun, requester: Requester) -> FoundRun:
        """Admit a run and begin it; one that the same key began already is found again.

        `NotFoundError` for what isn't there, `UsageError` for wrong inputs, `AccessError`, `QuotaError`,
        `BusyError`, `NoRunsError`, `RunBeganElsewhereError`.
        """
        if requester.is_local:
            raise AccessError("a live registry runs nothing for somebody unknown")
        self._places.take(requester.name)
        began = False
        try:
            found = self._begin(wanted, requester)
            began = found.is_new
            return found
        finally:
            if not began:
                self._places.give_back(requester.name)

    def workflow(self, name: str, version: str, environment: str = "") -> Workflow:
        """What a request would run; a canary's other version may run instead. `NotFoundError` for none."""
        served = self._served(WantedRun(name, version=version, environment=environment))
        return served.opening(served.target, name, served.deployment.main).program.workflow

    def offered(self) -> Mapping[str, str]:
        """What runs where a request names no environment: versions by name, sorted; empty for the latest."""
        where = self.settings.environment
        if not where:
            return dict.fromkeys(self._registry.snapshot().summaries, "")
        found, _ = self._target.store().scan(where)
        return {one.workflow: one.main.version for one in found if one.serves}

    def _served(self, wanted: WantedRun) -> _ServedVersion:
        environment = wanted.environment or self.settings.environment or LIVE
        snapshot = self._registry.snapshot()
        commit = GitTree(Repository(self._target.root), snapshot.commit)
        target = replace(self._target, tree=lambda: commit)
        if environment != LIVE:
            _demand_there(environment, snapshot.settings.environments)
        find = finder(snapshot, self._programs, self.settings, wanted.version)

        def opening(target: Target, name: str, serving: Serving) -> OpenedProgram:
            return self._programs.at(snapshot, target, name, serving)

        return _ServedVersion(target, find(target, wanted.workflow, environment), opening)

    def _begin(self, wanted: WantedRun, requester: Requester) -> FoundRun:
        id = _id_of(requester, wanted.key) if wanted.key else new_execution_id()
        # Before keys are made for its environment.
        served = self._served(self._as_before(wanted, id))
        target, deployment = served.target, served.deployment
        ring = self._ring(deployment.environment)
        admission = admit(
            target,
            deployment.environment,
            ExecuteRequest(wanted.workflow, wanted.inputs),
            requester,
            execution_id=id,
            ring=ring,
            once=True,
            dispatched=False,
            opening=served.opening,
            finding=lambda *_: deployment,
        )
        if admission.repeated:
            return self._again(admission, requester)
        how = replace(wanted.how, execution_id=id)
        return self._started(
            AdmittedRun(target, admission, ring, how, opening=served.opening), requester, wanted
        )

    def _as_before(self, wanted: WantedRun, id: str) -> WantedRun:
        """A repeated request means the version that it began with, though a newer one is published since."""
        try:
            before = RunFiles(self._folder / id).run()
        except NotFoundError:
            return wanted
        same = before.workflow == wanted.workflow and before.environment == LIVE
        if same and fits(wanted.version, before.version):
            return replace(wanted, version=before.version)
        return wanted

    def _started(self, admitted: AdmittedRun, requester: Requester, wanted: WantedRun) -> FoundRun:
        admission = admitted.admission
        files = RunFiles(self._folder / admission.execution_id)
        run = StoredLiveRun(
            execution_id=admission.execution_id,
            workflow=wanted.workflow,
            version=admission.serving.version,
            environment=admission.environment,
            actor=admission.actor,
            encrypted=bool(admission.encryption),
            keep=self._kept(admission),
        )
        live = LiveRun(admitted, files, files.begin(run), self._places.running, self._count)
        with self._lock:
            self._running[live.id] = live
        live.start(lambda: self._ended(live.id, requester))
        return FoundRun(files, run, admitted.ring, own=True, running=live, is_new=True)

    def _kept(self, admission: Admission) -> float:
        own = clock.seconds(admission.retention) if admission.retention else self.settings.keep
        return min(own, self.settings.keep)

    def _again(self, admission: Admission, requester: Requester) -> FoundRun:
        try:
            return self.find(admission.execution_id, requester)
        except NotFoundError:
            raise RunBeganElsewhereError(
                f"this key began {admission.execution_id} already, and nothing of it is here",
                hint="ask again in a moment, or with another Idempotency-Key for another run",
            ) from None

    def find(self, id: str, requester: Requester) -> FoundRun:
        """A run that somebody began, or that a maintainer looks at; `NotFoundError` for all others."""
        missing = NotFoundError(
            f"there is no run {id[:80]!r} here that you may see",
            hint=f"results are kept for {self.settings.keep / 3600:g} h at most, where they ran; "
            "`puppy-cli runs` lists what is on record",
        )
        if not _ID.fullmatch(id) or requester.is_local:
            raise missing
        files = RunFiles(self._folder / id)
        try:
            run = files.run()
            if files.is_past(self._target.clock.now()):
                raise missing
        except NotFoundError:
            raise missing from None
        ring = self._ring(run.environment)
        own = run.actor in ring.pseudonyms("actor", requester.name)
        if not own and not self._supervises(requester):
            raise missing
        return FoundRun(files, run, ring, own, self._running.get(id))

    def _supervises(self, requester: Requester) -> bool:
        access = self._registry.snapshot().settings.access
        return includes(role_of(requester.id, access), _SUPERVISOR)

    def cancel(self, found: FoundRun) -> None:
        """Have a run end; does nothing where it has."""
        if not found.files.has_ended:
            found.files.ask_to_cancel()

    def sweep(self) -> int:
        """Remove what is past."""
        return sweep(self._folder, self._target.clock.now())

    def close(self, patience: float) -> None:
        """Begin no more; those that go have so many seconds, then they are cancelled, and have them again.

        Of one that doesn't end by then (a model that computes can't be stopped), the end is recorded all the same.
        """
        self._places.close()
        with self._lock:
            running = list(self._running.values())
        self._wait(running, patience)
        for one in running:
            if not one.files.has_ended:
                one.files.ask_to_cancel()
        self._wait(running, patience)
        for one in running:
            one.abandon()

    def _wait(self, running: list[LiveRun], patience: float) -> None:
        until = self._ticks() + patience
        for one in running:
            one.join(max(0.0, until - self._ticks()))

    def _ended(self, id: str, requester: Requester) -> None:
        self._places.give_back(requester.name)
        with self._lock:
            self._running.pop(id, None)

    def _ring(self, environment: str) -> KeyRing:
        with self._lock:
            known = self._rings.get(environment)
        if known is None or self._ticks() - known[0] > _RING:
            known = self._ticks(), ring_of(self._target, environment)
            if environment == LIVE:  # no deployment did: records are never there without the key
                publish(self._target, known[1])
            with self._lock:
                self._rings[environment] = known
        return known[1]


def _demand_there(environment: str, known: Collection[str]) -> None:
    """`NotFoundError` for an environment that the registry does not have."""
    try:
        demand_environment(environment, known)
    except UsageError as error:
        raise NotFoundError(error.reason, hint=error.hint) from None


def _id_of(requester: Requester, key: str) -> str:
    """The execution id that a person's key stands for."""
    digest = hashlib.sha256(f"{requester.name}\0{key}".encode()).hexdigest()
    return f"exec-{digest[:32]}"
