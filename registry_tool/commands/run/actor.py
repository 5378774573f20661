"""Who asks for a run: the forge's numeric id of the event's actor, or the local user."""

from __future__ import annotations

import os
from collections.abc import Mapping

from registry_tool.core.errors import UsageError
from registry_tool.core.records import Record


class Requester(Record, frozen=True):
    """A person by the forge's numeric id; 0 is the local user. The login is for people to read."""

    id: int = 0
    login: str = ""

    @property
    def is_local(self) -> bool:
        """True for the local user: they hold the clone and its key, so nothing is kept from them."""
        return self.id == 0

    @property
    def name(self) -> str:
        """What their pseudonym is made of."""
        return "local" if self.is_local else str(self.id)


def requester_of(
    person: int | None, login: str = "", environ: Mapping[str, str] = os.environ
) -> Requester:
    """Who asked for a command; a job must say so."""
    if person:
        return Requester(person, login)
    if environ.get("GITHUB_ACTIONS") == "true":
        raise UsageError(
            "the job does not say who asked for the run",
            location="ACTOR_ID",
            hint="set ACTOR_ID to ${{ github.actor_id }} in the step's env",
        )
    return Requester()
