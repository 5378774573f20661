"""The release that a new one is held against: the one before, or for one below all others the next higher."""

from __future__ import annotations

from registry_tool.manifest.model import Workflow
from registry_tool.manifest.names import bad_version
from registry_tool.resolver.candidates import Candidate
from registry_tool.resolver.version import parse
from registry_tool.rules.base import Subject


def neighbouring_version(subject: Subject) -> Workflow | None:
    """That release's workflow; None for what is not an addition, or alone, or has no version number."""
    if bad_version(subject.workflow.version) or not subject.is_addition:
        return None
    return subject.context.previous or _above(subject)


def _above(subject: Subject) -> Workflow | None:
    around, own = subject.context, parse(subject.workflow.version)
    known = [number for number in around.published if not bad_version(number)]
    higher = min((n for n in known if parse(n) > own), key=parse, default="")
    return around.workflow_of(Candidate(subject.workflow.name, higher)) if higher else None
