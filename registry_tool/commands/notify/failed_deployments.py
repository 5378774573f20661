"""What a deployment's job tells: a stage that failed, and the watch that sent a version back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from registry_tool.commands.deploy.reconcile import Reconciled
from registry_tool.commands.notify.send import SendPolicy, send
from registry_tool.commands.requests.blob import blobs_of
from registry_tool.commands.requests.request import read_deploy_request
from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record, field
from registry_tool.deploy.stages import StageFailedError
from registry_tool.report.notifications.wording import FailureFacts, deployment_failed
from registry_tool.sources.reference import parse_reference
from registry_tool.state.target import Target


class FailureNotifier(Record, frozen=True):
    """How failures are notified: with which variables, and who hears of receivers that were not reached."""

    warn: Callable[[str], None]
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    policy: SendPolicy = field(default_factory=SendPolicy)


@contextmanager
def failures_notified(
    target: Target, environment: str, request: str, id: str, how: FailureNotifier
) -> Iterator[None]:
    """Notify receivers of a stage that fails while a request is carried out; the error goes on as it is."""
    try:
        yield
    except StageFailedError as error:
        # read again, and only here: it may have to be fetched
        wanted = read_deploy_request(request, blobs_of(target.root, target.remote, id))
        reference = parse_reference(wanted.workflow)
        send_failures(target, [_facts(error, reference.name, environment, reference.version)], how)
        raise


def send_reconciled(target: Target, done: Iterable[Reconciled], how: FailureNotifier) -> None:
    """Notify receivers of the rollouts that failed while they were gone on with."""
    found = [
        _facts(entry.error, entry.before.workflow, entry.before.environment)
        for entry in done
        if isinstance(entry.error, StageFailedError)
    ]
    send_failures(target, found, how)


def send_failures(target: Target, failures: list[FailureFacts], how: FailureNotifier) -> None:
    """Notify receivers; what goes wrong with that is warned of, and never raised."""
    if not failures:
        return
    try:
        settings = target.settings()
        announcements = [deployment_failed(settings.name, one.time, one) for one in failures]
        undelivered = [
            one for one in send(settings, announcements, how.environ, how.policy) if one.reason
        ]
    except RegistryError as error:
        how.warn(f"no receiver was notified of the failure: {error}")
        return
    for one in undelivered:
        how.warn(one.sentence)


def _facts(error: StageFailedError, name: str, environment: str, version: str = "") -> FailureFacts:
    event = error.event
    return FailureFacts(
        workflow=name,
        environment=environment,
        stage=event.stage,
        reason=str(event.detail.get("reason") or error.reason),
        deployment=event.deployment,
        version=version or str(event.detail.get("version") or ""),
        time=event.time,
    )
