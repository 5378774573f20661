"""`registry-tool retirements`: which versions, environments and deployments ask a model that will be gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from registry_tool.catalogue.load import load_catalogue
from registry_tool.catalogue.model import Catalogue, RegistrySettings
from registry_tool.core.clock import instant
from registry_tool.core.errors import NotFoundError
from registry_tool.core.files import parse_json
from registry_tool.core.values import Frozen, Object
from registry_tool.deploy.model import Deployment, Serving
from registry_tool.manifest.callee_environment import callee_environment
from registry_tool.manifest.load import workflow_from
from registry_tool.manifest.model import Environment, Workflow
from registry_tool.monitoring.models_asked import OVERRIDES, models_asked, models_named
from registry_tool.monitoring.retirement import (
    DEPLOYED,
    OWN_FILE,
    SETTING,
    VERSION,
    Affected,
    ModelUse,
    Retirement,
    affected,
    product_retirements,
    read_retirements,
    with_dependents,
)
from registry_tool.monitoring.retirement_urgency import urgent
from registry_tool.monitoring.successors import ModelMove, moves
from registry_tool.report.retirements import Row
from registry_tool.runtime.environments import environment_of
from registry_tool.state.target import Target
from registry_tool.store import paths
from registry_tool.store.registry_tree import registry_tree


@dataclass(frozen=True)
class RetirementReport:
    """What is affected until a moment; soonest first. `urgent` is what serves or what new users would get."""

    now: datetime
    until: datetime
    found: tuple[Affected, ...]
    urgent: frozenset[Affected] = frozenset()

    def rows(self, *, urgent: bool) -> list[Row]:
        """As people read it: what somebody must act on, or the rest."""
        return [
            (
                f"{item.retirement.retires:%Y-%m-%d}",
                str(item.days(self.now)),
                item.retirement.model,
                item.retirement.replacement or f"see {item.retirement.source}",
                f"{item.use.who} ({item.use.kind})",
                f"{item.use.where}, through {item.through}" if item.through else item.use.where,
            )
            for item in self.found
            if (item in self.urgent) is urgent
        ]

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "now": instant(self.now),
            "until": instant(self.until),
            "affected": [
                {**item.to_value(self.now), "urgent": item in self.urgent} for item in self.found
            ],
        }


def retirements(target: Target, now: datetime, within: timedelta) -> RetirementReport:
    """Everything that asks a model which retires within a time from now, or is gone already."""
    catalogue = load_catalogue(registry_tree(target.root))
    known, until = known_retirements(target), now + within
    uses = [*_named(catalogue), *_settings(catalogue.settings), *_deployed(target)]
    found = with_dependents(affected(uses, known, until), catalogue)
    unique = dict.fromkeys(found)
    order = sorted(unique, key=lambda a: (a.retirement.retires, a.retirement.model, _place(a)))
    return RetirementReport(now, until, tuple(order), urgent(order, catalogue))


def moves_of(target: Target, report: RetirementReport, named: Mapping[str, str]) -> list[ModelMove]:
    """The moves to successors that the report asks for; `named` are a maintainer's own (old: new)."""
    catalogue = load_catalogue(registry_tree(target.root))
    return moves(report.found, catalogue, known_retirements(target), named, report.until)


def _place(item: Affected) -> tuple[str, str, str]:
    kinds = (DEPLOYED, SETTING, VERSION)
    rank = kinds.index(item.use.kind) if item.use.kind in kinds else len(kinds)
    return str(rank), item.use.who, item.use.where


def known_retirements(target: Target) -> dict[str, Retirement]:
    """The product's list with the registry's own on top."""
    try:
        added = read_retirements(registry_tree(target.root).read(OWN_FILE), OWN_FILE)
    except NotFoundError:
        added = {}
    return {**product_retirements(), **added}


def _named(catalogue: Catalogue) -> Iterator[ModelUse]:
    """Every version's models; yanked ones are nobody's choice."""
    for line in catalogue.lines:
        for version in line.versions:
            if not version.yanked:
                for model, where in models_named(version.workflow):
                    yield ModelUse(VERSION, version.reference, model, where)


def _settings(settings: RegistrySettings) -> Iterator[ModelUse]:
    for environment in settings.environments.values():
        for key in OVERRIDES:
            model = environment.overlay.get(key)
            if isinstance(model, str) and model:
                where = f"{paths.REGISTRY_FILE}: environments.{environment.name}.{key}"
                yield ModelUse(SETTING, environment.name, model, where)


def _deployed(target: Target) -> Iterator[ModelUse]:
    try:
        deployments = target.store().all()
    except NotFoundError:  # a registry without git: nothing is deployed from it
        return
    for deployment in deployments:
        for _, use in models_serving(target, deployment):
            yield use


def models_serving(target: Target, deployment: Deployment) -> Iterator[tuple[Serving, ModelUse]]:
    """Each model that a serving version asks where it serves, itself or through a version that it calls."""
    name, where = deployment.workflow, deployment.environment
    for serving in deployment.serving:
        who = f"{name}:{serving.version} in {where}"
        workflow = _workflow(target, name, serving.version)
        here = _environment(workflow, where, serving.config)
        for model, location in models_asked(workflow, here.overrides) if workflow else ():
            yield serving, ModelUse(DEPLOYED, who, model, location)
        for callee, version in serving.lock.versions.items():
            called = _workflow(target, callee, version)
            if called is not None:
                overrides = callee_environment(called, here).overrides
                for model, location in models_asked(called, overrides):
                    yield serving, ModelUse(DEPLOYED, who, model, f"{callee}:{version} {location}")


def _environment(workflow: Workflow | None, name: str, config: Frozen) -> Environment:
    """With what a serving version runs; of one that was removed the configuration alone is known."""
    if workflow is None:
        return Environment(name, config, overlay=config)
    return environment_of(workflow, name, config)


def _workflow(target: Target, name: str, version: str) -> Workflow | None:
    """A published version's workflow; None for one that was removed while it serves."""
    return _read(target.root, f"{paths.version_dir(name, version)}/{paths.COMPILED}")


@lru_cache(maxsize=4096)
def _read(root: Path, path: str) -> Workflow | None:
    """A published version never changes, so that each is read once."""
    tree = registry_tree(root)
    try:
        return workflow_from(parse_json(tree.read(path), location=path), path)
    except NotFoundError:
        return None
