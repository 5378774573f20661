"""`registry-tool erase`: what is kept of a person's runs, made unreadable; a certificate says what that leaves."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from registry_tool.commands.privacy.certificate import Certificate, remaining
from registry_tool.commands.privacy.keys import known_environment
from registry_tool.core.clock import instant
from registry_tool.core.errors import UsageError
from registry_tool.core.values import Object, Value
from registry_tool.security.keys import KeyRing
from registry_tool.security.signing import sign
from registry_tool.state.audit_log import note
from registry_tool.state.branches import StateLocation, local_person
from registry_tool.state.public_keys import process_ring
from registry_tool.state.runs import local_logs
from registry_tool.state.runs.keys import drop_keys, key_path, run_keys, unshared_branch_notice


class ErasableArtifact(Protocol):
    """Where a run's payload lies."""

    @property
    def artifact(self) -> str:
        """The artifact's name."""


class ErasableRun(Protocol):
    """What erasure asks of a run's record."""

    @property
    def execution_id(self) -> str:
        """The run."""

    @property
    def actor(self) -> str:
        """Who asked for it, a pseudonym."""

    @property
    def subject(self) -> str:
        """Whom it was about, a pseudonym, or nothing."""

    @property
    def payload(self) -> ErasableArtifact | None:
        """Its payload, if it kept one."""


PlaceT = TypeVar("PlaceT", bound=StateLocation)

RemoveArtifact = Callable[[str], bool]
"""Removes an artifact by name at the forge; False where there is none."""


@dataclass(frozen=True, slots=True)
class ErasureScope:
    """Whose runs: a subject's (as requests named it), an actor's (numeric id), or one run; exactly one is set."""

    subject: str = ""
    actor: int = 0
    execution_id: str = ""

    def __post_init__(self) -> None:
        if sum(map(bool, (self.subject, self.actor, self.execution_id))) != 1:
            raise UsageError("name exactly one of --subject, --actor and --execution-id")

    @property
    def by(self) -> str:
        """`subject`, `actor` or `execution`."""
        return "subject" if self.subject else "actor" if self.actor else "execution"


def erase(  # noqa: PLR0913 - whose, where, and the ways to what is kept
    location: PlaceT,
    environment: str,
    whose: ErasureScope,
    read_runs: Callable[[PlaceT, str], Sequence[ErasableRun]],
    *,
    dry_run: bool = False,
    remove_artifact: RemoveArtifact | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Certificate:
    """Find the runs by pseudonym, note it, drop their keys, artifacts and log lines; harmless to repeat."""
    known_environment(location, environment)
    ring = process_ring(location, environment, environ)
    runs = list(read_runs(location, environment))
    found = _executions(runs, whose, ring)
    keys = [key for key in run_keys(location, environment) if key.execution_id in found]
    names = sorted(
        {run.payload.artifact for run in runs if run.payload and run.execution_id in found} - {""}
    )
    now = instant(location.clock.now())
    lines = local_logs.of_runs(found)
    if dry_run:
        cleared = local_logs.clear(location, environment, lines, dry_run=True)
        found = _there(found, runs, len(keys) + cleared.lines)
        return Certificate(
            environment, whose.by, now, True, found, len(keys), cleared.lines, tuple(names),
            remaining(keys, names, cleared, found, removed=True),
        )  # fmt: skip
    detail: Object = {"by": whose.by, "executions": list[Value](found), "keys": len(keys)}
    entry = note(location, environment, local_person(location, environ), "erase", detail, environ)
    files = [key_path(environment, execution_id) for execution_id in found]
    dropped = drop_keys(location, keys, f"Erase {len(keys)} keys of {environment}", files)
    cleared = local_logs.clear(location, environment, lines)
    gone = tuple(name for name in names if remove_artifact and remove_artifact(name))
    left = [name for name in names if name not in gone]
    found = _there(found, runs, dropped + cleared.lines)
    certificate = Certificate(
        environment, whose.by, now, False, found, dropped, cleared.lines, gone,
        (
            *remaining(keys, left, cleared, found, removed=remove_artifact is not None),
            *unshared_branch_notice(location),
        ),
        entry,
    )  # fmt: skip
    return _signed(certificate, ring)


def _executions(runs: Iterable[ErasableRun], whose: ErasureScope, ring: KeyRing) -> tuple[str, ...]:
    if whose.execution_id:
        return (whose.execution_id,)
    if whose.subject:
        known = set(ring.pseudonyms("subject", whose.subject))
        found = {run.execution_id for run in runs if run.subject in known}
    else:
        known = set(ring.pseudonyms("actor", str(whose.actor)))
        found = {run.execution_id for run in runs if run.actor in known}
    return tuple(sorted(found))


def _there(found: tuple[str, ...], runs: Iterable[ErasableRun], traces: int) -> tuple[str, ...]:
    """The runs that there were: a mistyped id names none, and no certificate says that it was erased."""
    recorded = {run.execution_id for run in runs}
    return found if traces else tuple(one for one in found if one in recorded)


def _signed(certificate: Certificate, ring: KeyRing) -> Certificate:
    return replace(certificate, signature=sign(certificate.to_value(), ring))
