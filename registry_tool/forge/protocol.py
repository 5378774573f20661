"""What the tool asks of a forge: the place where pull requests are made and jobs run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A wish to merge the branch `head` into `base`."""

    title: str
    body: str
    head: str
    base: str


class Forge(Protocol):
    """One forge, one repository."""

    def open_pull_request(self, request: PullRequest) -> str:
        """The address of the opened pull request; `RegistryError` where the forge refuses."""
