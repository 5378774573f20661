"""Deployments that a live registry is asked for: judged at once, done beside the answer, found again in git.

The same code as `puppy-cli deploy`, for the member who asks, as in a job: who may, the environment's rules, the
events. What a server that ended left undone, `registry-tool reconcile` goes on with.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from threading import Lock, Thread
from typing import Final

from registry_tool.commands.deploy.access import ACTOR, DeployerError, may_override
from registry_tool.commands.deploy.deploy import DeployOptions, deploy, deployment_id
from registry_tool.commands.deploy.dry_run import preview
from registry_tool.commands.requests.request import DeployRequest, read_deploy_request
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.records import Record, field
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.deploy.event_log import DeployEvent, events_folder, read_event
from registry_tool.deploy.model import FAILED, Deployment
from registry_tool.deploy.render import status_word
from registry_tool.deploy.stages import StageFailedError
from registry_tool.manifest.names import bad_name, bad_version
from registry_tool.security.tokens.principal import Principal
from registry_tool.state.target import Target

MOST: Final = 8
"""Deployments that go at once in a process."""
_KEPT: Final = 1000
_FURTHEST: Final = 500
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_LOG = logging.getLogger(__name__)
Begin = Callable[[Callable[[], None]], None]


class DeploymentRefusedError(RegistryError):
    """The environment's rules, or the version itself, don't let it in."""


class TooManyDeploymentsError(RegistryError):
    """No more can go at once."""


class WantedDeployment(Record, frozen=True):
    """`version` is a number or a range (empty: the latest); the same `key` of a person is the same deployment."""

    workflow: str
    environment: str
    version: str = ""
    config: Frozen = field(default_factory=dict)
    strategy: Frozen = field(default_factory=dict)
    override: str = ""
    key: str = ""

    @property
    def reference(self) -> str:
        """As commands take it."""
        if not self.version:
            return self.workflow
        return f"{self.workflow}{'@' if bad_version(self.version) else ':'}{self.version}"

    def request(self) -> DeployRequest:
        """As a job is sent it, read as strictly; `UsageError` names what is wrong."""
        value: Object = {"action": "deploy", "workflow": self.reference}
        for name in ("config", "strategy", "override"):
            if given := getattr(self, name):
                value[name] = dict(given) if isinstance(given, dict) else given
        return read_deploy_request(json.dumps(value))


class LiveDeployments:
    """Those of one process. `begin` has something done beside (in tests: at once)."""

    def __init__(self, target: Target, begin: Begin | None = None) -> None:
        self._target, self._begin = target, begin or _in_a_thread
        self._lock = Lock()
        self._going: dict[str, WantedDeployment] = {}
        self._ended: OrderedDict[str, str] = OrderedDict()

    def start(self, who: Principal, wanted: WantedDeployment) -> str:
        """Begin it; its id. The same person's same key finds what it began.

        `DeployerError` where they may not, `DeploymentRefusedError` where it would be refused, `UsageError` and
        `NotFoundError` for what can't be read.
        """
        request = wanted.request()
        target = replace(self._target, environ={**self._target.environ, ACTOR: str(who.id)})
        made = f"dep-{_digest(who, wanted.key)}" if wanted.key else deployment_id("")
        if wanted.key and self._is_known(made, wanted):
            return made
        how = DeployOptions(request.strategy, request.config, request.override, made)
        if request.override:
            _demand_override(target, who, request.workflow)
        seen = preview(target, request.workflow, wanted.environment, how)
        if seen.refused:
            raise DeploymentRefusedError(seen.refused)
        with self._lock:
            if made in self._going:
                return made
            if len(self._going) >= MOST:
                raise TooManyDeploymentsError("too many deployments go at once")
            self._going[made] = wanted
        self._begin(lambda: self._carry_out(target, request.workflow, wanted, how))
        return made

    def status(self, name: str, environment: str, made: str) -> Object:
        """How far it is; `NotFoundError` for one that nobody knows."""
        if bad_name(name) or bad_name(environment) or not _ID.fullmatch(made):
            raise NotFoundError("there is no such deployment")
        events = self._events(name, environment, made)
        with self._lock:
            going, why = self._going.get(made), self._ended.get(made, "")
        if not events and not why and (going is None or going.workflow != name):
            raise NotFoundError(f"there is no deployment {made} of {name} in {environment}")
        state = self._target.store().find(environment, name)
        word, reason = _word(made, events, state, going is not None, why)
        value: Object = {
            "deployment_id": made,
            "workflow": name,
            "environment": environment,
            "status": word,
            "stages": [_stage(event) for event in events],
        }
        return {**value, "reason": reason} if reason else value

    def _is_known(self, made: str, wanted: WantedDeployment) -> bool:
        with self._lock:
            if made in self._going:
                return True
        return bool(self._events(wanted.workflow, wanted.environment, made))

    def _events(self, name: str, environment: str, made: str) -> list[DeployEvent]:
        """A deployment's events, oldest first, among the newest of its workflow."""
        tree = self._target.store().branch.files()
        files = [file.path for file in tree.files(events_folder(environment, name))]
        events = (read_event(tree.read(path), path) for path in files[-_FURTHEST:])
        return [event for event in events if event.deployment == made]

    def _carry_out(
        self, target: Target, reference: str, wanted: WantedDeployment, how: DeployOptions
    ) -> None:
        why = ""
        try:
            deploy(target, reference, wanted.environment, how=how)
        except StageFailedError as error:
            why = error.reason
        except RegistryError as error:
            why = error.reason
            _LOG.warning("the deployment %s failed: %s", how.id, error)
        finally:
            with self._lock:
                self._going.pop(how.id, None)
                if why:
                    self._ended[how.id] = why
                    while len(self._ended) > _KEPT:
                        self._ended.popitem(last=False)


def _demand_override(target: Target, who: Principal, name: str) -> None:
    decision = may_override(target, who.id)
    if not decision.allowed:
        raise DeployerError(decision.reason, location=name, hint=decision.hint)


def _word(
    made: str, events: list[DeployEvent], state: Deployment | None, going: bool, why: str
) -> tuple[str, str]:
    """pending, progressing, paused, inconclusive, awaiting-approval, serving, failed or ended; and why."""
    rollout = state.rollout if state else None
    if state and rollout and rollout.deployment == made:
        return status_word(state), rollout.reason
    if state and any(serving.deployment == made for serving in state.serving):
        return "serving", ""
    failed = next((event for event in reversed(events) if event.status == FAILED), None)
    if failed or why:
        return "failed", (failed.details.reason if failed else "") or why
    if going:
        return ("progressing" if events else "pending"), ""
    return "ended", ""


def _stage(event: DeployEvent) -> Value:
    return {
        "stage": event.stage,
        "status": event.status,
        "time": event.time,
        "seconds": event.seconds,
    }


def _digest(who: Principal, key: str) -> str:
    return hashlib.sha256(f"{who.id}\n{key}".encode()).hexdigest()[:16]


def _in_a_thread(work: Callable[[], None]) -> None:
    Thread(target=work, name="deployment", daemon=True).start()
