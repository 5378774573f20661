"""A pointer file that can't be read, or that is missing or wrong: one bad row, never the end of the others."""

from __future__ import annotations

from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record
from registry_tool.core.values import Object
from registry_tool.deploy.state import REPAIR
from registry_tool.store import paths

BROKEN = "broken"


class BrokenPointer(Record, frozen=True):
    """Where it stands on the branch `deployments`, what is wrong with it and what to do."""

    environment: str
    workflow: str
    path: str
    reason: str
    hint: str = REPAIR

    @property
    def location(self) -> str:
        """Branch and file."""
        return f"{paths.DEPLOYMENTS_BRANCH}:{self.path}"

    @property
    def error(self) -> RegistryError:
        """As an error about this one alone."""
        return RegistryError(self.reason, location=self.location, hint=self.hint)

    def to_value(self) -> Object:
        """As `status --format json` prints it."""
        return {
            "status": BROKEN,
            "workflow": self.workflow,
            "environment": self.environment,
            "place": self.location,
            "reason": self.reason,
            "way_out": self.hint,
            "serving": [],
        }

    def to_row(self) -> list[str]:
        """A line of `status`: where others have since when, who and digest, the reason and the place."""
        return [
            self.environment,
            self.workflow,
            "?",
            BROKEN,
            f"{self.location}: {self.reason}",
            "-",
            "-",
        ]
