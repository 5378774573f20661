"""A run as a job of the registry's repository on GitHub: dispatched, followed step by step, its result fetched."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from puppyai.workflows import errors
from puppyai.workflows.models import RunEvent
from puppyai.workflows.registry import Registry
from puppyai.workflows.result import Result, succeeded
from puppyai.workflows.run_here import result_of
from puppyai.workflows.values import JsonObject

if TYPE_CHECKING:
    from registry_tool.commands.jobs.dispatch import SentRequest
    from registry_tool.commands.jobs.follow import JobProgress
    from registry_tool.core.clock import Clock
    from registry_tool.forge.github.client import GitHub

JOB_CHANGED = "job_changed"
"""The event of a job: `metadata` has `job`, `step` (empty for the job itself) and `state`."""


def dispatch(  # noqa: PLR0913, PLR0917 - a request has that many parts
    registry: Registry,
    name: str,
    version: str,
    environment: str,
    inputs: JsonObject,
    provider: str,
) -> RunJob:
    """Start the job; the errors of a request that it would refuse are raised here."""
    from dataclasses import replace

    from registry_tool.commands.jobs.dispatch import send_execute
    from registry_tool.commands.run.request_job import run_request
    from registry_tool.core.clock import SystemClock

    root, clock = registry.clone(), SystemClock()
    if not environment:
        raise errors.InvalidRequestError(
            "a job runs what an environment serves", hint='name it: environment="production"'
        )
    if root is None:
        raise errors.NotSupportedError(
            "jobs are those of a clone's repository",
            location=registry.location,
            hint='give the client a clone of the registry, or run it here (via="local")',
        )
    forge = _forge(registry)
    _demand_served(forge, environment, name, version)
    request = run_request(forge, environment, name, str(root), lambda _: inputs, now=clock.now())
    sent = send_execute(forge, replace(request, provider=provider), environment)
    return RunJob(forge, sent, name, version, clock)


def _forge(registry: Registry) -> GitHub:
    from registry_tool.commands.jobs.dispatch import Via, forge_of

    root = registry.clone()
    assert root is not None  # noqa: S101 - `dispatch` asked
    environ = {**os.environ, **({"GITHUB_TOKEN": registry.token} if registry.token else {})}
    forge = forge_of(Via.GITHUB, root, "", environ)
    assert forge is not None  # noqa: S101 - only `local` and `auto` give none
    return forge


def _demand_served(forge: GitHub, environment: str, name: str, version: str) -> None:
    """`ConflictError` where the environment would run another version than the one in hand."""
    from registry_tool.commands.jobs.results import deployment_on

    serving = [one.version for one in deployment_on(forge, environment, name).serving]
    if set(serving) != {version}:
        raise errors.ConflictError(
            f"{environment} serves {', '.join(serving)}, not {version}, and a job runs what is served",
            location=f"{name}:{version}",
            hint=f"get the version that is served, or deploy this one: "
            f"puppy-cli deploy {name}:{version} --env {environment}",
        )


@dataclass
class RunJob:
    """Follows a job. Nobody's leaving ends it: somebody may have approved it."""

    forge: GitHub
    sent: SentRequest
    name: str
    version: str
    clock: Clock
    ends_with_its_reader: bool = False

    @property
    def id(self) -> str:
        """The number of the job's run on GitHub."""
        return str(self.sent.run.id)

    @property
    def url(self) -> str:
        """The run's page."""
        return self.sent.run.url

    def work(self, tell: Callable[[RunEvent], None]) -> Result:
        """Follow it to its end; its result is in its artifact, unless the environment encrypts that."""
        from registry_tool.commands.jobs.follow import check_success, follow
        from registry_tool.commands.jobs.results import result_of as stored_result

        ended = follow(self.forge, self.sent.run, lambda change: tell(self._event(change)))
        has_result = ended.conclusion in {"success", "failure"}
        found = stored_result(self.forge, ended) if has_result else None
        if found is not None and (found.error or ended.conclusion == "success"):
            return succeeded(result_of(found))
        check_success(self.forge, ended)
        raise errors.NotSupportedError(
            "the job succeeded, and its result is encrypted",
            location=ended.url,
            hint="who holds the environment's key opens it with `registry-tool payload open`",
        )

    def cancel(self) -> None:
        """Say where it can be cancelled: a job is everybody's who sees it."""
        raise errors.NotSupportedError(
            "a job is cancelled on its page", location=self.url, hint=f"gh run cancel {self.id}"
        )

    def _event(self, change: JobProgress) -> RunEvent:
        about: JsonObject = {"job": change.job, "step": change.step, "state": change.state}
        now = self.clock.now()
        return RunEvent(JOB_CHANGED, now, "INFO", self.name, self.version, self.id, about)
