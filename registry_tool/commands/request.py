"""What a dispatched job is asked for: one JSON object, read strictly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from registry_tool.core.errors import UsageError
from registry_tool.core.values import Object, Value

_LONGEST = 65_535  # GitHub's limit for all inputs of a dispatch


@dataclass(frozen=True, slots=True)
class DeployRequest:
    """`workflow` is name:version, or with `rollback` a bare name."""

    workflow: str
    rollback: bool = False


@dataclass(frozen=True, slots=True)
class ExecuteRequest:
    """`workflow` is the name of a deployed workflow."""

    workflow: str
    inputs: Mapping[str, Value] = field(default_factory=dict)
    provider: str = ""


def read_deploy_request(text: str) -> DeployRequest:
    """The request in a job's environment; `UsageError` says what is wrong with it."""
    value = _object(text, {"workflow": str, "rollback": bool})
    return DeployRequest(str(value["workflow"]), value.get("rollback") is True)


def read_execute_request(text: str) -> ExecuteRequest:
    """The request in a job's environment; `UsageError` says what is wrong with it."""
    value = _object(text, {"workflow": str, "inputs": dict, "provider": str})
    inputs = cast(Object, value.get("inputs") or {})
    return ExecuteRequest(str(value["workflow"]), inputs, str(value.get("provider") or ""))


def _object(text: str, types: Mapping[str, type]) -> Object:
    form = ", ".join(f'"{key}": {kind.__name__}' for key, kind in types.items())
    way_out = f"write {{{form}}}; only workflow is required"
    if len(text) > _LONGEST:
        raise UsageError(f"the request has more than {_LONGEST} characters", way_out=way_out)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the request is not JSON: {error}", way_out=way_out) from None
    if not isinstance(value, dict) or not isinstance(value.get("workflow"), str):
        raise UsageError("the request names no workflow", way_out=way_out)
    for key, item in value.items():
        if key not in types or not isinstance(item, types[key]):
            raise UsageError(f"the request's {key[:40]!r} is wrong or unknown", way_out=way_out)
    return cast(Object, value)
