"""`puppy-cli diff`: what changed between two versions, and the release that it asks for."""

from __future__ import annotations

from dataclasses import dataclass

from registry_tool.core.values import Object, Value
from registry_tool.manifest.model import Workflow
from registry_tool.resolver.bump import needed_after, next_version
from registry_tool.resolver.differences import Difference, differences, required_bump
from registry_tool.resolver.version import Bump
from registry_tool.sources.configuration.choice import AnyRegistry
from registry_tool.sources.reference import open_workflow


@dataclass(frozen=True, slots=True)
class Diff:
    """Two versions and every difference between them."""

    old: Workflow
    new: Workflow
    changes: tuple[Difference, ...]

    @property
    def required(self) -> Bump:
        """The part of the old version that must rise; `none` where nothing differs."""
        return needed_after(required_bump(self.changes), self.old.version)

    @property
    def suggested(self) -> str:
        """The lowest version that the changes allow."""
        return next_version(required_bump(self.changes), self.old.version)

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "old": self.old.reference,
            "new": self.new.reference,
            "required_bump": self.required,
            "suggested_version": self.suggested if self.changes else None,
            "changes": list[Value]([change.to_value() for change in self.changes]),
        }


def diff(old: str, new: str, registry: AnyRegistry) -> Diff:
    """Compare what two references or paths lead to."""
    before, after = open_workflow(old, registry), open_workflow(new, registry)
    return Diff(before, after, differences(before, after))
