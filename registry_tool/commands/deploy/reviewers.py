"""`registry-tool demand-reviewers`: a deployment that people must let through is refused where nobody is asked.

GitHub lets a job into an environment without reviewers at once, and makes one that is missing, open to all.
"""

from __future__ import annotations

from registry_tool.catalogue.environments import Approval
from registry_tool.commands.jobs.dispatch import Via, forge_of
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json
from registry_tool.core.values import Object
from registry_tool.forge.base import Forge
from registry_tool.state.target import Target, settings_of

APPROVING = "-approval"
"""What the name of the environment that holds the reviewers ends with."""
FREE = frozenset({"rollback", "abort", "pause", "resume", "reconcile"})
"""Actions that nobody is asked about."""


def demand_reviewers(target: Target, environment: str, request: str) -> str:
    """A sentence on who was asked; `RegistryError` where `approval: environment` stands and there are none."""
    settings = settings_of(target, environment)
    if settings.approval is not Approval.ENVIRONMENT:
        return f"{environment} asks no reviewers of an environment"
    fields = _asked(request)
    if str(fields.get("action")) in FREE:
        return "the way back asks nobody"
    if fields.get("override"):
        return "a maintainer's override is asked for; the deployment refuses it to everybody else"
    forge = forge_of(Via.GITHUB, target.root, target.remote, target.environ)
    assert forge is not None  # noqa: S101 - only Via.LOCAL and Via.AUTO give none
    return demand_reviewers_of(forge, environment)


def demand_reviewers_of(forge: Forge, environment: str) -> str:
    """The required reviewers of a forge's environment."""
    name = f"{environment}{APPROVING}"
    found = forge.settings.environment(name)
    if found is None or not found.reviewers:
        what = "has no required reviewers" if found else "does not exist"
        raise RegistryError(
            f"{environment} asks for approval, and the environment {name} {what}: nobody was asked",
            location="Settings, Environments",
            hint=f"set required reviewers for {name}, or `approval: pull-request` in registry.yaml "
            "where the plan has none",
        )
    return f"{name} has {found.reviewers} required reviewer{'s' if found.reviewers > 1 else ''}"


def _asked(request: str) -> Object:
    """The request as it came; one that can't be read is refused by who carries it out."""
    try:
        value = parse_json(request.encode(), location="the request")
    except RegistryError:
        return {}
    return value if isinstance(value, dict) else {}
