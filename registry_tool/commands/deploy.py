"""`deploy`, `rollback` and `status`: what serves in which environment."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import cast

from registry_tool.catalogue.load import load_settings
from registry_tool.catalogue.model import RegistrySettings
from registry_tool.commands.reference import Opened, open_reference
from registry_tool.commands.run_workflow import environment_of
from registry_tool.commands.test_program import HowToTest, test_program
from registry_tool.core.clock import Clock, SystemClock, instant
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.core.files import canonical_json, parse_json
from registry_tool.core.values import Object
from registry_tool.deploy.model import Deployment, Serving, StageEvent
from registry_tool.deploy.resources import allocate
from registry_tool.deploy.stages import StageFailedError, StageRunner
from registry_tool.deploy.store import DeploymentStore, switches
from registry_tool.manifest.digest import content_hash
from registry_tool.store import paths
from registry_tool.store.branch import Branch
from registry_tool.store.git import Identity, Repository
from registry_tool.store.tree import FolderTree

BOT = ("registry-tool", "registry-tool@localhost")


@dataclass(frozen=True, slots=True)
class Target:
    """A registry's work tree, and the remote whose branch holds the state (empty: its own)."""

    root: Path
    remote: str = ""
    clock: Clock = SystemClock()  # noqa: RUF009 - it holds nothing

    def store(self) -> DeploymentStore:
        """The deployments of this registry."""
        repository = Repository(self.root)
        if self.remote and self.remote not in repository.remotes():
            raise UsageError(
                f"there is no remote {self.remote!r}",
                place=repository.place,
                way_out="look at `git remote`",
            )
        who = Identity(*BOT, instant(self.clock.now()))
        return DeploymentStore(Branch(repository, paths.DEPLOYMENTS_BRANCH, self.remote), who)

    def settings(self) -> RegistrySettings:
        """The registry's settings."""
        return load_settings(FolderTree(self.root))


def deploy(
    target: Target,
    reference: str,
    environment: str,
    tell: Callable[[StageEvent], None] = lambda _: None,
) -> Deployment:
    """Bring a version into an environment, stage by stage; the old one serves on where a stage fails."""
    store = target.store()
    work = _Work(target, reference, environment)
    runner = StageRunner(work.id, target.clock, tell)
    try:
        events = runner.run(
            {
                "select": work.select,
                "configure": work.configure,
                "resolve": work.resolve,
                "allocate": work.allocate,
                "health-check": work.check_health,
            }
        )
    except StageFailedError as failure:
        if work.opened is not None:
            store.record(
                environment, work.name, failure.events, f"Refuse {reference} in {environment}"
            )
        raise
    return _switch(store, runner, work, events)


class _Work:
    """What the stages find out, for those after them."""

    def __init__(self, target: Target, reference: str, environment: str) -> None:
        self.id = f"dep-{secrets.token_hex(6)}"
        self.target, self.reference, self.environment = target, reference, environment
        self.opened: Opened | None = None
        self.config: Object = {}
        self.settings = target.settings()

    @property
    def known(self) -> Opened:
        assert self.opened is not None  # noqa: S101 - `select` comes first
        return self.opened

    @property
    def name(self) -> str:
        return self.known.program.workflow.name

    def select(self) -> Object:
        opened = open_reference(self.reference, str(self.target.root))
        if opened.candidate is None:
            raise UsageError(
                f"{self.reference} is not published",
                way_out="deploy a published version: name, name:version or name@range",
            )
        self.opened = opened
        return {"version": opened.candidate.version, "digest": opened.candidate.digest}

    def configure(self) -> Object:
        known = self.settings.environments
        if known and self.environment not in known:
            raise UsageError(
                f"the registry has no environment {self.environment!r}",
                place=paths.REGISTRY_FILE,
                way_out=f"it has {', '.join(known)}",
            )
        own = known.get(self.environment)
        overlay = dict(own.overlay) if own else {}
        environment_of(self.known.program.workflow, self.environment, overlay)
        self.config = overlay
        return {"config_digest": _digest(overlay)}

    def resolve(self) -> Object:
        chosen = {name: lock.version for name, lock in self.known.lock.workflows.items()}
        return {"lock_digest": self.known.lock.digest, "workflows": cast(Object, chosen)}

    def allocate(self) -> Object:
        own = self.settings.environments.get(self.environment)
        limits = own.limits if own else {}
        return allocate(self.known.program.workflow.requirements, limits, self.environment)

    def check_health(self) -> Object:
        report = test_program(self.known.program, HowToTest())
        failed = [case for case in report.cases if not case.passed]
        if failed:
            raise RegistryError(
                f"the test {failed[0].name!r} fails: {'; '.join(failed[0].reasons[:3])}",
                place=self.reference,
                way_out=f"see `puppy-cli test {self.reference}`",
            )
        return {"tests": len(report.cases), "answers": "recorded"}

    def deployment(self, now: str) -> Deployment:
        candidate = self.known.candidate
        assert candidate is not None  # noqa: S101 - `select` refused otherwise
        return Deployment(
            workflow=self.name,
            environment=self.environment,
            serving=(
                Serving(
                    candidate.version,
                    candidate.digest,
                    config=self.config,
                    config_digest=_digest(self.config),
                    lock=self.known.lock,
                    deployment=self.id,
                ),
            ),
            id=self.id,
            updated=now,
        )


def _digest(value: Object) -> str:
    return f"sha256:{content_hash(canonical_json(value))}"


def _switch(
    store: DeploymentStore, runner: StageRunner, work: _Work, events: tuple[StageEvent, ...]
) -> Deployment:
    wanted = work.deployment(instant(work.target.clock.now()))
    before = store.find(work.environment, work.name)
    detail = _switch_detail(before, wanted)
    switched = runner.run({"switch": lambda: detail})
    store.record(
        work.environment,
        work.name,
        (*events, *switched),
        f"Deploy {work.name}:{wanted.main.version} to {work.environment}",
        lambda _: wanted,
    )
    message = f"Watch {work.name} in {work.environment}"
    try:
        watched = runner.run({"watch": partial(_watch, store, wanted)})
    except StageFailedError as failure:
        store.record(work.environment, work.name, failure.events, message)
        raise
    store.record(work.environment, work.name, watched, message)
    return wanted


def _switch_detail(before: Deployment | None, wanted: Deployment) -> Object:
    return {
        "from": before.main.version if before else "",
        "to": wanted.main.version,
        "digest": wanted.main.digest,
    }


def _watch(store: DeploymentStore, wanted: Deployment) -> Object:
    """What was written is what serves."""
    found = store.find(wanted.environment, wanted.workflow)
    if found is None or found.id != wanted.id:
        raise RegistryError("another deployment took its place meanwhile", place=wanted.environment)
    return {"serving": found.main.version}


def rollback(
    target: Target,
    name: str,
    environment: str,
    *,
    to: str = "",
    tell: Callable[[StageEvent], None] = lambda _: None,
) -> Deployment:
    """Serve the version again that served before (or `to`), as it was deployed then."""
    store = target.store()
    now = store.find(environment, name)
    if now is None:
        raise _nothing(name, environment)
    version = to or _version_before(store, environment, name, now.main.version)
    work = _Work(target, f"{name}:{version}", environment)
    runner = StageRunner(work.id, target.clock, tell)
    events = runner.run(
        {"select": work.select, "configure": work.configure, "resolve": work.resolve}
    )
    return _switch(store, runner, work, events)


def _version_before(store: DeploymentStore, environment: str, name: str, serving: str) -> str:
    details = list(
        switches(
            cast(Object, parse_json(data, place=path))
            for path, data in store.events(environment, name)
        )
    )
    for detail in reversed(details):
        if detail.get("to") == serving and detail.get("from"):
            return str(detail["from"])
    raise NotFoundError(
        f"no version of {name} served in {environment} before {serving}",
        way_out="name one with --to",
    )


def _nothing(name: str, environment: str) -> NotFoundError:
    return NotFoundError(
        f"{name} is not deployed to {environment}",
        way_out=f"run `puppy-cli deploy {name} --env {environment}`",
    )


def deployed(target: Target, name: str, environment: str) -> Deployment:
    """What serves; `NotFoundError` where nothing does."""
    found = target.store().find(environment, name)
    if found is None:
        raise _nothing(name, environment)
    return found


def open_serving(target: Target, name: str, serving: Serving) -> Opened:
    """The program of a serving entry, with exactly its locked dependencies."""
    opened = open_reference(f"{name}:{serving.version}", str(target.root))
    if opened.program.digest != serving.digest:
        raise RegistryError(
            f"{name}:{serving.version} has the digest {opened.program.digest}, "
            f"but {serving.digest} was deployed",
            way_out="a published version never changes: find out who changed it",
        )
    if opened.lock.digest != serving.lock.digest:
        opened = open_reference(f"{name}:{serving.version}", str(target.root), lock=serving.lock)
    return replace(opened, lock=serving.lock)


def open_deployed(target: Target, deployment: Deployment) -> Opened:
    """The program of the version that serves most."""
    return open_serving(target, deployment.workflow, deployment.main)
