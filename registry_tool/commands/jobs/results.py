"""What a job left behind, as the command would have given it had it done the work itself."""

from __future__ import annotations

from typing import cast

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.files import parse_json
from registry_tool.core.values import Object, Value
from registry_tool.deploy.model import Deployment
from registry_tool.deploy.state import read_deployment, state_path
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.settings import RunResult
from registry_tool.forge.base import ActionRun, Artifact, Forge
from registry_tool.store import paths

RESULT = "result.json"
_ARTIFACT = "run"


def deployment_on(forge: Forge, environment: str, name: str) -> Deployment:
    """What the branch `deployments` says now, read through the forge; `NotFoundError` where nothing serves."""
    path = state_path(environment, name)
    data = forge.contents.read(paths.DEPLOYMENTS_BRANCH, path)
    if data is None:
        raise NotFoundError(
            f"{name} is not deployed to {environment}", place=f"{paths.DEPLOYMENTS_BRANCH}:{path}"
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


def read_result(data: bytes) -> RunResult:
    """A result in the JSON shape of SPEC.md §4; `RegistryError` where it is none."""
    value = parse_json(data, place=RESULT)
    try:
        if not isinstance(value, dict):
            raise TypeError("no object")
        return RunResult(
            execution_id=str(value["execution_id"]),
            status=str(value["status"]),
            outputs=_object(value, "outputs"),
            blocks=_object(value, "blocks"),
            usage=Usage.from_value(_object(value, "usage")),
            seconds=float(cast(float, value["seconds"])),
            error=str(value.get("error") or ""),
            notices=tuple(map(str, cast(list[Value], value.get("notices") or []))),
            answered_by=str(value.get("answered_by") or ""),
            instead_of=str(value.get("instead_of") or ""),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RegistryError(f"this is no result of a run ({error})", place=RESULT) from None


def _object(value: Object, key: str) -> Object:
    found = value[key]
    if not isinstance(found, dict):
        raise TypeError(f"{key} is no object")
    return found
