"""The pointer file of a deployment, `environments/<env>/<name>.json` on its branch (docs/deployments.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json, pretty_json
from registry_tool.core.values import Object, Value
from registry_tool.deploy.model import BUCKETS, Deployment, Phase, Rollout, Serving
from registry_tool.resolver.lock import Lock, Locked

FORMAT = "puppyai.com/deployment/v2"
ENVIRONMENTS = "environments"


def state_path(environment: str, name: str) -> str:
    """Where the pointer stands."""
    return f"{ENVIRONMENTS}/{environment}/{name}.json"


def serving_value(serving: Serving) -> Object:
    """A serving entry as JSON."""
    return {
        "version": serving.version,
        "digest": serving.digest,
        "weight": serving.weight,
        "config": dict(serving.config),
        "config_digest": serving.config_digest,
        "lock": {
            name: {"version": lock.version, "digest": lock.digest, "registry": lock.registry}
            for name, lock in serving.lock.workflows.items()
        },
        "lock_digest": serving.lock.digest,
        "allocation": dict(serving.allocation),
        "deployment": serving.deployment,
        "since": serving.since,
        **({"override": serving.override} if serving.override else {}),
    }


def read_serving(value: Value) -> Serving:
    """The serving entry in a JSON value; `KeyError`, `TypeError` or `ValueError` where it is none."""
    item = cast(Object, value)
    lock = Lock(
        {
            name: Locked(**entry)
            for name, entry in cast(dict[str, dict[str, str]], item["lock"]).items()
        }
    )
    if lock.digest != item["lock_digest"]:
        raise ValueError("the lock has another digest")
    return Serving(
        version=_text(item, "version"),
        digest=_text(item, "digest"),
        weight=_number(item, "weight"),
        config=_object(item, "config"),
        config_digest=_text(item, "config_digest"),
        lock=lock,
        allocation=_object(item, "allocation"),
        deployment=_text(item, "deployment"),
        since=_text(item, "since"),
        override=_text({"override": "", **item}, "override"),
    )


def rollout_value(rollout: Rollout) -> Object:
    """A rollout as JSON."""
    return {
        "deployment": rollout.deployment,
        "strategy": dict(rollout.strategy),
        "request": dict(rollout.request),
        "candidate": serving_value(rollout.candidate) if rollout.candidate else None,
        "stable": serving_value(rollout.stable) if rollout.stable else None,
        "step": rollout.step,
        "steps": rollout.steps,
        "since": rollout.since,
        "phase": rollout.phase.value,
        "holder": rollout.holder,
        "beat": rollout.beat,
        "failures": rollout.failures,
        "reason": rollout.reason,
        "actor": rollout.actor,
        "hold": rollout.hold,
    }


def _read_rollout(value: Object) -> Rollout:
    return Rollout(
        deployment=_text(value, "deployment"),
        strategy=_object(value, "strategy"),
        request=_object(value, "request"),
        candidate=_maybe(value["candidate"]),
        stable=_maybe(value["stable"]),
        step=_number(value, "step"),
        steps=_number(value, "steps"),
        since=_text(value, "since"),
        phase=Phase(_text(value, "phase")),
        holder=_text(value, "holder"),
        beat=_number(value, "beat"),
        failures=_number(value, "failures"),
        reason=_text(value, "reason"),
        actor=_text(value, "actor"),
        hold=_text({"hold": "", **value}, "hold"),  # files of before have none
    )


def deployment_value(deployment: Deployment) -> Object:
    """The pointer file as JSON."""
    return {
        "format": FORMAT,
        "workflow": deployment.workflow,
        "environment": deployment.environment,
        "revision": deployment.revision,
        "deployment": deployment.id,
        "actor": deployment.actor,
        "updated": deployment.updated,
        "serving": [serving_value(serving) for serving in deployment.serving],
        "previous": serving_value(deployment.previous) if deployment.previous else None,
        "rollout": rollout_value(deployment.rollout) if deployment.rollout else None,
    }


def deployment_bytes(deployment: Deployment) -> bytes:
    """The pointer file."""
    return pretty_json(deployment_value(deployment)).encode()


def read_deployment(data: bytes, place: str) -> Deployment:
    """The deployment in a pointer file; `RegistryError` where it is none."""
    try:
        value = cast(Object, parse_json(data, place=place))
        if value["format"] != FORMAT:
            raise _another_format(str(value["format"]), place)
        serving = tuple(map(read_serving, cast(list[Value], value["serving"])))
        if serving and sum(entry.weight for entry in serving) != BUCKETS:
            raise ValueError("its weights don't sum to 100")
        rollout = value["rollout"]
        return Deployment(
            workflow=_text(value, "workflow"),
            environment=_text(value, "environment"),
            serving=serving,
            id=_text(value, "deployment"),
            updated=_text(value, "updated"),
            revision=_number(value, "revision"),
            previous=_maybe(value["previous"]),
            rollout=_read_rollout(cast(Object, rollout)) if rollout is not None else None,
            actor=_text(value, "actor"),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise RegistryError(
            f"this is no deployment state ({error})",
            place=place,
            way_out="`registry-tool state repair` rebuilds it from its events",
        ) from None


_VERSIONED = re.compile(r"puppyai\.com/deployment/v([1-9]\d{0,3})")


def _another_format(found: str, place: str) -> RegistryError:
    known, newer = _VERSIONED.fullmatch(FORMAT), _VERSIONED.fullmatch(found)
    if known and newer and int(newer[1]) > int(known[1]):
        return NewerFormatError(
            f"its format {found} is newer than this tool, which knows {FORMAT}",
            place=place,
            way_out="update the tool (`pip install --upgrade puppyai-workflow-registry`)",
        )
    return RegistryError(
        f"this is no deployment state (its format is not {FORMAT})",
        place=place,
        way_out="`registry-tool state repair` rebuilds it from its events",
    )


class NewerFormatError(RegistryError):
    """A newer tool wrote it: this one can't read it, and must not write it anew."""


def _maybe(value: Value) -> Serving | None:
    return None if value is None else read_serving(value)


def _text(value: Mapping[str, Value], key: str) -> str:
    item = value[key]
    if not isinstance(item, str):
        raise TypeError(f"{key} is no text")
    return item


def _number(value: Mapping[str, Value], key: str) -> int:
    item = value[key]
    if not isinstance(item, int) or isinstance(item, bool) or item < 0:
        raise TypeError(f"{key} is no number")
    return item


def _object(value: Mapping[str, Value], key: str) -> Object:
    item = value[key]
    if not isinstance(item, dict):
        raise TypeError(f"{key} is no object")
    return item
