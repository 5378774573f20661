"""May this person run this workflow? Asked once, at the admission of a run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from registry_tool.catalogue.access import demand_enforceable
from registry_tool.commands.run.candidate_run import CandidateRun
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.values import Object
from registry_tool.manifest.model import Workflow
from registry_tool.manifest.owners import Owners, read_owners
from registry_tool.security.access import may
from registry_tool.security.keys import KeyRing
from registry_tool.state.audit_log import note
from registry_tool.store import paths
from registry_tool.store.tree import RegistryTree

DENIED = "run-denied"
"""What the audit log calls it."""


class AccessError(RegistryError):
    """A person may not run a workflow; says why, and whom to ask."""


def check_access(case: CandidateRun) -> None:
    """`AccessError` where the person may not run it, or one that it may call, by that one's own list.

    The local user holds all that a run needs anyway.
    """
    if case.requester.is_local:
        return
    _demand(case, case.workflow, case.deployment.workflow, "")
    for name, callee in sorted(case.program.callees.items()):
        calling = f"{case.workflow.reference} calls {callee.workflow.reference}, and "
        _demand(case, callee.workflow, name, calling)


def _demand(case: CandidateRun, workflow: Workflow, name: str, calling: str) -> None:
    """That a workflow's own list, as published, lets the person in; `calling` says who leads to it."""
    access = case.settings.access
    demand_enforceable(workflow, access)
    owners = _owners(case.target.files(), name)
    decision = may("execute", case.requester.id, workflow.security, owners, access)
    if not decision.allowed:
        raise AccessError(calling + decision.reason, location=name, hint=decision.hint)


def demand_access(case: CandidateRun, ring: KeyRing) -> None:
    """Check that the requester may run the case; a refusal is recorded in the audit log."""
    with audited_denials(case, ring):
        check_access(case)


@contextmanager
def audited_denials(case: CandidateRun, ring: KeyRing) -> Iterator[None]:
    """Whoever is denied a run inside is noted in the audit log, by pseudonym."""
    try:
        yield
    except AccessError:
        actor = ring.pseudonym("actor", case.requester.name)
        detail: Object = {"workflow": case.deployment.workflow, "version": case.serving.version}
        note(case.target, case.environment, actor, DENIED, detail, case.target.environ)
        raise


def _owners(files: RegistryTree, name: str) -> Owners:
    path = paths.owners_file(name)
    try:
        return read_owners(files.read(path), path)
    except NotFoundError:
        return Owners()
