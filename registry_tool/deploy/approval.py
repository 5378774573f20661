"""A deployment that waits for people: a file that they merge into the branch `deployments`, and its owners."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from registry_tool.catalogue.environments import Approval, EnvironmentSettings
from registry_tool.core.codec import FileFormat, Stored
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import canonical_json
from registry_tool.core.values import Object
from registry_tool.deploy.model import Deployment, Rollout
from registry_tool.deploy.state import serving_value
from registry_tool.manifest.digest import content_hash

APPROVALS = "approvals"
CODEOWNERS = ".github/CODEOWNERS"
_HEAD = "# Written by registry-tool out of registry/registry.yaml: who approves deployments.\n"


class Approved(Stored, frozen=True, kw_only=True):
    """The file: what people let through; `replaces` is the version that served when they were asked."""

    workflow: str
    environment: str
    deployment: str
    version: str
    replaces: str
    version_digest: str
    config: Object
    allocation: Object
    strategy: Object
    approves: str


FILE = FileFormat[Approved](Approved, "approval", "puppyai.com/approval/v1")


def approval_path(deployment: Deployment, rollout: Rollout) -> str:
    """Where the file of a rollout must stand."""
    return f"{APPROVALS}/{deployment.environment}/{deployment.workflow}/{rollout.deployment}.json"


def approval_branch(rollout: Rollout) -> str:
    """The branch that proposes it."""
    return approval_branch_of(rollout.deployment)


def approval_branch_of(deployment: str) -> str:
    """The approval branch of a deployment's id."""
    return f"deploy/{deployment}"


def rollout_digest(deployment: Deployment, rollout: Rollout) -> str:
    """`sha256:<hex>` over all that is approved: what shall serve where, with which configuration, and how."""
    candidate = serving_value(rollout.candidate) if rollout.candidate else None
    value: Object = {
        "workflow": deployment.workflow,
        "environment": deployment.environment,
        "deployment": rollout.deployment,
        "candidate": candidate,
        "strategy": dict(rollout.strategy),
    }
    return f"sha256:{content_hash(canonical_json(value))}"


def approval_bytes(deployment: Deployment, rollout: Rollout) -> bytes:
    """The file that people read and merge."""
    return FILE.to_bytes(_approval(deployment, rollout))


def _approval(deployment: Deployment, rollout: Rollout) -> Approved:
    candidate = rollout.candidate
    assert candidate is not None  # noqa: S101 - a rollout waits for approval after its stages
    return Approved(
        workflow=deployment.workflow,
        environment=deployment.environment,
        deployment=rollout.deployment,
        version=candidate.version,
        replaces=rollout.stable.version if rollout.stable else "",
        version_digest=candidate.digest,
        config=dict(candidate.config),
        allocation=dict(candidate.allocation),
        strategy=dict(rollout.strategy),
        approves=rollout_digest(deployment, rollout),
    )


def approves(data: bytes, location: str, deployment: Deployment, rollout: Rollout) -> bool:
    """Whether a file lets this very rollout through; one for anything else does not.

    What people read in it must be true as well: a right digest under a wrong version would have misled them.
    """
    try:
        found = FILE.read(data, location)
    except RegistryError:
        return False
    # what serves may have changed since it was asked
    expected = msgspec.structs.replace(_approval(deployment, rollout), replaces=found.replaces)
    return FILE.to_bytes(found) == FILE.to_bytes(expected)


def codeowners(environments: Iterable[EnvironmentSettings]) -> bytes:
    """The branch's CODEOWNERS; nothing where no environment has approvers."""
    owned = [settings for settings in environments if settings.approvers]
    lines = [
        f"/{folder}/{settings.name}/ {' '.join(settings.approvers)}\n"
        for settings in owned
        for folder in (APPROVALS, "environments", "events")
    ]
    everyone = sorted({approver for settings in owned for approver in settings.approvers})
    lines += [f"/.github/ {' '.join(everyone)}\n"] if everyone else []
    return (_HEAD + "".join(lines)).encode() if lines else b""


def waits_for_pull_request(settings: EnvironmentSettings | None) -> bool:
    """Whether a deployment stops before its switch; `environment` is the job's own waiting."""
    return settings is not None and settings.approval is Approval.PULL_REQUEST
