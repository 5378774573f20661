"""How a live registry runs workflows."""

from __future__ import annotations

from typing import Final

from registry_tool.core.records import Record

LIVE: Final = "live"
"""The environment under which runs are recorded that name none: of any version, with nobody's configuration."""


class LiveRunSettings(Record, frozen=True):
    """`most` runs at once in a process (0: none), and four times as many may wait.

    `environment` is whose deployments run where a request names none (empty: the version that it asks for, as
    environment `live`); `provider` is as of `puppy-cli run`, for those of `live`. `folder` keeps what
    runs leave, `keep` (seconds) bounds for how long.
    """

    most: int = 8
    environment: str = ""
    provider: str = ""
    keep: float = 86_400.0

    @property
    def most_known(self) -> int:
        """Runs that go or wait."""
        return self.most * 5
