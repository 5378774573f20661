"""What a dispatched job is asked for: one JSON object, read strictly, and written as a transport sends it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import cast

from registry_tool.commands.requests.schema import (
    BASE64,
    DOLLARS,
    NAME,
    OBJECT,
    OVERRIDE,
    PROVIDER,
    REASON,
    REFERENCE,
    SUBJECT,
    TOKENS,
    VERSION,
    Key,
    one_of,
    read_keys,
)
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.files import parse_json
from registry_tool.core.records import Record, field
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.sources.reference import parse_reference

LONGEST = 65_535
"""GitHub's limit, in characters, for all inputs of a dispatch together."""
DEEPEST = 64

Blobs = Callable[[str], bytes]
"""Gives the bytes of a request that travels by its digest (`sha256:<hex>`), checked against it."""


class Action(StrEnum):
    """What a deploy job does."""

    DEPLOY = "deploy"
    PROMOTE = "promote"
    ROLLBACK = "rollback"
    RECONCILE = "reconcile"
    ABORT = "abort"
    PAUSE = "pause"
    RESUME = "resume"


_OF_ACTION = {
    Action.DEPLOY: ("strategy", "config", "override"),
    Action.PROMOTE: ("strategy", "config", "override"),
    Action.ROLLBACK: ("to", "reason"),
    Action.RECONCILE: (),
    Action.ABORT: ("reason",),
    Action.PAUSE: ("reason",),
    Action.RESUME: ("reason",),
}
_DEPLOY = {
    "action": one_of(*Action),
    "workflow": REFERENCE,
    "strategy": OBJECT,
    "config": OBJECT,
    "to": VERSION,
    "reason": REASON,
    "override": OVERRIDE,
}
_EXECUTE = {
    "workflow": NAME,
    "inputs": OBJECT,
    "sealed": BASE64,
    "provider": PROVIDER,
    "subject": SUBJECT,
    "max_tokens": TOKENS,
    "max_cost": DOLLARS,
}


class DeployRequest(Record, frozen=True):
    """`workflow` is a reference to deploy or promote, else a bare name; `to` is the version a rollback goes to.

    `reason` is why a person goes back, pauses or resumes; `override` is a maintainer's reason to set the
    environment's rules aside.
    """

    workflow: str
    action: Action = Action.DEPLOY
    strategy: Frozen = field(default_factory=dict)
    config: Frozen = field(default_factory=dict)
    to: str = ""
    reason: str = ""
    override: str = ""

    def to_value(self) -> Object:
        """The request as it travels: only what is said."""
        given: Object = {
            "strategy": dict(self.strategy),
            "config": dict(self.config),
            "to": self.to,
            "reason": self.reason,
            "override": self.override,
        }
        present = {key: value for key, value in given.items() if value}
        return {"action": self.action.value, "workflow": self.workflow, **present}


class ExecuteRequest(Record, frozen=True):
    """`workflow` is the name of a deployed workflow.

    `sealed` are inputs encrypted to the environment's key (base64), instead of `inputs`; `subject` says whose data
    they are; the caps are the run's tokens and dollars.
    """

    workflow: str
    inputs: Frozen = field(default_factory=dict)
    provider: str = ""
    sealed: str = ""
    subject: str = ""
    max_tokens: int | None = None
    max_cost: float | None = None

    def to_value(self) -> Object:
        """The request as it travels: only what is said."""
        given: Object = {
            "inputs": dict(self.inputs),
            "sealed": self.sealed,
            "provider": self.provider,
            "subject": self.subject,
        }
        caps: Object = {"max_tokens": self.max_tokens, "max_cost": self.max_cost}
        present = {key: value for key, value in given.items() if value}
        capped = {key: value for key, value in caps.items() if value is not None}
        return {"workflow": self.workflow, **present, **capped}


def read_deploy_request(text: str, blobs: Blobs | None = None) -> DeployRequest:
    """The request of a deploy job; `UsageError` names the key that is wrong and the form that is meant."""
    value = read_keys(_object(text, blobs), _DEPLOY)
    action = Action(cast(str, value.get("action", Action.DEPLOY)))
    foreign = value.keys() - {"action", "workflow", *_OF_ACTION[action]}
    if foreign:
        raise UsageError(
            f"the request's {min(foreign)!r} does not belong to the action {action}",
            hint=_belongs(action),
        )
    if action in {Action.DEPLOY, Action.PROMOTE}:
        parse_reference(cast(str, value["workflow"]))
    else:
        read_keys({"workflow": value["workflow"]}, {"workflow": NAME})
    return DeployRequest(
        workflow=cast(str, value["workflow"]),
        action=action,
        strategy=cast(Frozen, value.get("strategy", {})),
        config=cast(Frozen, value.get("config", {})),
        to=cast(str, value.get("to", "")),
        reason=cast(str, value.get("reason", "")),
        override=cast(str, value.get("override", "")),
    )


def _belongs(action: Action) -> str:
    keys = ("workflow", *_OF_ACTION[action])
    return f"{action} takes {', '.join(keys)}"


def read_execute_request(text: str, blobs: Blobs | None = None) -> ExecuteRequest:
    """The request of an execute job; `UsageError` names the key that is wrong and the form that is meant."""
    return execute_request_of(_object(text, blobs))


def execute_request_of(given: Object) -> ExecuteRequest:
    """The request of an execute job from parsed JSON; `UsageError` names the key that is wrong."""
    value = read_keys(given, _EXECUTE)
    if "inputs" in value and "sealed" in value:
        raise UsageError("the request has both 'inputs' and 'sealed'", hint="send the inputs once")
    return ExecuteRequest(
        workflow=cast(str, value["workflow"]),
        inputs=cast(Frozen, value.get("inputs", {})),
        provider=cast(str, value.get("provider", "")),
        sealed=cast(str, value.get("sealed", "")),
        subject=cast(str, value.get("subject", "")),
        max_tokens=cast("int | None", value.get("max_tokens")),
        max_cost=cast("float | None", value.get("max_cost")),
    )


def _object(text: str, blobs: Blobs | None) -> Object:
    if len(text) > LONGEST:
        raise UsageError(
            f"the request has {len(text)} characters, more than {LONGEST}",
            hint="send a larger one by its digest (docs/github.md)",
        )
    value = _parsed(text)
    if "blob" not in value:
        return value
    digest = read_keys(value, {"blob": _DIGEST}, required="blob")["blob"]
    if blobs is None:
        raise UsageError(
            "this command can't fetch a request by its digest", hint="give the request itself"
        )
    found = _parsed(blobs(cast(str, digest)))
    if "blob" in found:
        raise UsageError("a request by digest names another digest", hint="name the last one")
    return found


_DIGEST = Key("sha256: and 64 hexadecimal digits", str, r"sha256:[0-9a-f]{64}")


def _parsed(text: str | bytes) -> Object:
    try:
        value = parse_json(text, location="the request")
    except RegistryError as error:
        raise UsageError(
            error.reason, location=error.location, hint='a request is JSON: {"workflow": "name", …}'
        ) from None
    if not isinstance(value, dict):
        raise UsageError("the request is not a JSON object", hint='write {"workflow": "name", …}')
    _bounded(value)
    return value


def _bounded(value: Value) -> None:
    """Refuse what is nested deeper than `DEEPEST`."""
    waiting = [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        if depth > DEEPEST:
            raise UsageError(f"the request is nested deeper than {DEEPEST} levels")
        if isinstance(item, dict | list):
            inner = item.values() if isinstance(item, dict) else item
            waiting.extend((part, depth + 1) for part in inner)
