"""What a job left behind, as the command would have given it had it done the work itself."""

from __future__ import annotations

import msgspec

from registry_tool.core.codec import FileFormat, Number
from registry_tool.core.errors import NotFoundError
from registry_tool.core.values import Object
from registry_tool.deploy.model import Deployment
from registry_tool.deploy.state import read_deployment, state_path
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.settings import RunResult
from registry_tool.forge.base import Forge
from registry_tool.forge.model import ActionRun, Artifact
from registry_tool.store import paths

RESULT = "result.json"
_ARTIFACT = "run"


def deployment_on(forge: Forge, environment: str, name: str) -> Deployment:
    """What the branch `deployments` says now, read through the forge; `NotFoundError` where nothing serves."""
    path = state_path(environment, name)
    data = forge.contents.read(paths.DEPLOYMENTS_BRANCH, path)
    if data is None:
        raise NotFoundError(
            f"{name} is not deployed to {environment}",
            location=f"{paths.DEPLOYMENTS_BRANCH}:{path}",
        )
    return read_deployment(data, f"{paths.DEPLOYMENTS_BRANCH}:{path}")


def result_of(forge: Forge, run: ActionRun) -> RunResult | None:
    """The result that an execute job kept; None where it kept none that can be read (it may be encrypted)."""
    artifact = next(filter(_holds_result, forge.artifacts.of_run(run.id)), None)
    if artifact is None:
        return None
    data = forge.artifacts.files(artifact).get(RESULT)
    return None if data is None else read_result(data)


def _holds_result(artifact: Artifact) -> bool:
    return artifact.name == _ARTIFACT or artifact.name.startswith(f"{_ARTIFACT}-")


class StoredResult(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON shape of SPEC.md §4; a newer tool may tell more."""

    execution_id: str
    status: str
    outputs: Object
    blocks: Object
    usage: Object
    seconds: Number
    error: str | None = None
    notices: list[str] | None = None
    answered_by: str | None = None
    instead_of: str | None = None


FILE = FileFormat[StoredResult](StoredResult, "result of a run")


def read_result(data: bytes) -> RunResult:
    """A result in the JSON shape of SPEC.md §4; `RegistryError` where it is not one."""
    stored = FILE.read(data, RESULT)
    return RunResult(
        execution_id=stored.execution_id,
        status=stored.status,
        outputs=stored.outputs,
        blocks=stored.blocks,
        usage=Usage.from_value(stored.usage),
        seconds=stored.seconds,
        error=stored.error or "",
        notices=tuple(stored.notices or ()),
        answered_by=stored.answered_by or "",
        instead_of=stored.instead_of or "",
    )
