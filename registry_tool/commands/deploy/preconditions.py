"""What must hold before a version enters an environment: one set of rules for laptops and jobs.

They are asked once, before anything of a new rollout is written: a rollout that was let in goes on without them,
and the way back never meets them. A maintainer may override them with a reason, which is said, on record and
audited.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from registry_tool.catalogue.environments import Approval, EnvironmentSettings
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Frozen
from registry_tool.deploy.model import Deployment, Serving
from registry_tool.deploy.strategy import weakened_guard
from registry_tool.state.target import Target

AFTER, APPROVAL, STRATEGY = "after", "approval", "strategy"


class EntryError(RegistryError):
    """A version may not enter an environment yet; names the rule, the reason and the way."""


@dataclass(frozen=True, slots=True)
class DeploymentCandidate:
    """A version on its way into an environment, with the strategy that a request asks for."""

    target: Target
    environment: EnvironmentSettings
    name: str
    candidate: Serving
    strategy: Frozen = field(default_factory=dict)


def demand_entry(entry: DeploymentCandidate, override: str = "") -> tuple[str, ...]:
    """The names of the rules that `override` sets aside; `EntryError` for the first broken one without it."""
    broken = dict(broken_rules(entry))
    if broken and not override:
        raise next(iter(broken.values()))
    return tuple(broken)


def broken_rules(entry: DeploymentCandidate) -> Iterator[tuple[str, EntryError]]:
    """The rules that a version breaks, by name, in the order in which they are reported."""
    if (error := _not_below(entry)) is not None:
        yield AFTER, error
    if (error := unreviewed(entry)) is not None:
        yield APPROVAL, error
    if (error := _loosened(entry)) is not None:
        yield STRATEGY, error


def unreviewed(entry: DeploymentCandidate) -> EntryError | None:
    """Why nobody has reviewed what a laptop does: a forge's reviewers are asked by its jobs only."""
    own = entry.environment
    if own.approval is not Approval.ENVIRONMENT or in_job(entry.target.environ):
        return None
    return EntryError(
        f"{own.name} wants a reviewer (approval: environment), and only the forge's job asks one",
        location=_place(own, "approval"),
        hint="let the job do it with --via github, set approval: pull-request, "
        f"or, as a maintainer, {_OVERRIDE}",
    )


def _loosened(entry: DeploymentCandidate) -> EntryError | None:
    own = entry.environment
    key = weakened_guard(entry.strategy, own.strategy, own.watch)
    if not key:
        return None
    there = _place(own, "watch" if key == "watch" and own.watch else f"strategy.{key}")
    return EntryError(
        f"the request's strategy changes {key!r}, which guards {own.name}: a request may only add to it",
        location=f"request: strategy.{key}",
        hint=f"leave it out, let a maintainer change {there}, or, as a maintainer, {_OVERRIDE}",
    )


def in_job(environ: Mapping[str, str]) -> bool:
    """Whether this is a job on the forge, which waited for the environment's reviewers before it began."""
    return environ.get("GITHUB_ACTIONS") == "true"


_OVERRIDE = 'add --override "REASON"'


def _not_below(entry: DeploymentCandidate) -> EntryError | None:
    own, candidate = entry.environment, entry.candidate
    if not own.after:
        return None
    below = _settled(entry.target.store().find(own.after, entry.name))
    if below is not None and below.digest == candidate.digest:
        return None
    serves = f"{below.version} serves there" if below else "nothing serves there"
    wanted = f"{entry.name}:{candidate.version}"
    return EntryError(
        f"{wanted} does not serve in {own.after}, which comes before {own.name} ({serves})",
        location=_place(own, "after"),
        hint=f"run `puppy-cli deploy {wanted} --env {own.after}` first, then "
        f"`puppy-cli promote {entry.name} --env {own.name}`; or, as a maintainer, {_OVERRIDE}",
    )


def _settled(below: Deployment | None) -> Serving | None:
    """What serves there wholly: the candidate of a rollout that has not ended does not."""
    if below is None or not below.serves:
        return None
    rollout = below.rollout
    return rollout.stable if rollout is not None and rollout.step else below.main


def _place(own: EnvironmentSettings, key: str) -> str:
    return f"registry/registry.yaml: environments.{own.name}.{key}"
