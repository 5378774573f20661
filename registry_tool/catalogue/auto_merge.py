"""Which releases are merged without a person: `policy.auto_merge` of registry.yaml."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final, cast

from registry_tool.core.clock import seconds
from registry_tool.core.records import Record
from registry_tool.core.values import Object

CHECK: Final = "Validate"
"""The name of the check that judges pull requests: the job's in validate-pr.yml."""
NEW_NAME: Final = "new name"
"""The bump of a workflow's first version, which has none."""
_BUMPS: Final = ("patch", "minor")
_STOP_LABEL: Final = "hold-merge"


class AutoMergePolicy(Record, frozen=True):
    """Which releases are routine, and how long each waits after its last push.

    `bumps` are of `patch`, `minor`, `major` and `prerelease`. `new_name` None: a first version waits for a person.
    `score` is the least score of a version. A maintainer's `stop_label` stops a request; `method` is GitHub's
    word for how it is merged.
    """

    bumps: frozenset[str] = frozenset(_BUMPS)
    new_version: timedelta = timedelta(hours=24)
    new_name: timedelta | None = None
    score: int = 0
    stop_label: str = _STOP_LABEL
    method: str = "merge"

    def admits(self, bump: str) -> bool:
        """Whether a release of this size, or a first version, is routine."""
        return self.new_name is not None if bump == NEW_NAME else bump in self.bumps

    def wait(self, bumps: Iterable[str]) -> timedelta:
        """The longest waiting time of some releases, all of which it admits."""
        return max((self._wait(bump) for bump in bumps), default=self.new_version)

    def _wait(self, bump: str) -> timedelta:
        return (self.new_name or timedelta()) if bump == NEW_NAME else self.new_version


def read_auto_merge(policy: Object | None) -> AutoMergePolicy | None:
    """The policy as the schema lets it through; None where nothing is merged without a person."""
    if policy is None:
        return None
    usual, wait = AutoMergePolicy(), cast(dict[str, str], policy.get("wait") or {})
    return AutoMergePolicy(
        bumps=frozenset(cast(list[str], policy.get("bumps", [*_BUMPS]))),
        new_version=_duration(wait["new_version"]) if "new_version" in wait else usual.new_version,
        new_name=_duration(wait["new_name"]) if "new_name" in wait else None,
        score=cast(int, policy.get("score", usual.score)),
        stop_label=cast(str, policy.get("stop_label", usual.stop_label)),
        method=cast(str, policy.get("method", usual.method)),
    )


def _duration(text: str) -> timedelta:
    return timedelta(seconds=seconds(text))
