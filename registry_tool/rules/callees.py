"""The workflows that a version calls, as a resolver takes them, as far as the registry at hand has them."""

from __future__ import annotations

from typing import Final

from registry_tool.manifest.model import Requirement, Workflow
from registry_tool.resolver.ranges import admits, is_valid
from registry_tool.resolver.version import parse
from registry_tool.rules.base import Subject

_PUBLIC: Final = "public"
MOST: Final = 64
"""Workflows that are read of what one version calls."""


def callee_of(subject: Subject, need: Requirement) -> Workflow | None:
    """The version that a resolver takes; None where it is in no registry that is known here."""
    if need.registry != _PUBLIC or not is_valid(need.range):
        return None
    fitting = [
        candidate
        for candidate in subject.context.source.versions(need.name)
        if not candidate.yanked and admits(need.range, candidate.version)
    ]
    if not fitting:
        return None  # the rule `dependencies-resolve` tells
    return subject.context.workflow_of(max(fitting, key=lambda c: parse(c.version)))


def callees_of(subject: Subject) -> dict[str, Workflow]:
    """Every workflow that the version calls, and those that they call, by name."""
    found: dict[str, Workflow] = {}
    waiting = list(subject.workflow.requires)
    while waiting and len(found) < MOST:
        need = waiting.pop(0)
        if need.name not in found and (callee := callee_of(subject, need)) is not None:
            found[need.name] = callee
            waiting += callee.requires
    return found
