"""A sealed request is run for the person it was sealed for, while it is fresh, and once.

Whoever reads a repository reads its dispatches, and may send one again: not to read what is sealed, but to have
another version run with it, whose result or whose services tell it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.requests.seal import sealing_context
from registry_tool.commands.run.access import AccessError
from registry_tool.commands.run.actor import Requester
from registry_tool.core.errors import UsageError
from registry_tool.core.records import Record
from registry_tool.monitoring.records import STARTED, RunRecord, month_before
from registry_tool.security.keys import EnvironmentKey, KeyRing
from registry_tool.security.sealing import ANYONE, open_sealed, sealed_digest
from registry_tool.state.runs.records import Recorder

VALID: Final = timedelta(days=14)
"""How long sealed inputs may wait for their run. With the clocks' difference it is less than a month: the records
of a month and of the one before tell whether they have run."""
CLOCKS_APART: Final = timedelta(minutes=15)
"""How far the clock of who sealed may be ahead of the job's."""


class SealedRequest(Record, frozen=True):
    """A dispatched request whose inputs are sealed."""

    request: ExecuteRequest
    environment: str
    ring: KeyRing

    @property
    def id(self) -> str:
        """What its run's record calls it: a keyed hash, so that nobody finds the dispatch by the record."""
        return self._id(self.ring.newest)

    def demand_terms(self, requester: Requester, now: datetime, *, begun: bool) -> None:
        """`AccessError` for another person, `UsageError` for what is stale; one that has `begun` may end late."""
        context = sealing_context(self.environment, self.request.workflow)
        terms = open_sealed(self.request.sealed, self.ring, context)[1]
        if terms.actor not in {ANYONE, requester.id}:
            raise AccessError(
                "the inputs were sealed for somebody else to have run",
                location=self.request.workflow,
                hint=f"whoever sends a request seals its inputs: `{self._again} --actor-id ID`",
            )
        if not begun:
            self._demand_fresh(terms.time, now)

    def _demand_fresh(self, time: str, now: datetime) -> None:
        age = now - datetime.fromisoformat(time) if time else VALID + CLOCKS_APART
        if age > VALID:
            why = f"the inputs were sealed more than {VALID.days} days ago"
        elif age < -CLOCKS_APART:
            why = f"the inputs were sealed at {time}, which is yet to come: a clock is wrong"
        else:
            return
        raise UsageError(why, location=self.request.workflow, hint=f"seal them: `{self._again}`")

    def demand_unused(self, records: Iterable[RunRecord], execution_id: str) -> None:
        """`UsageError` where another run than this one had these sealed inputs."""
        ids = {self._id(key) for key in self.ring.keys}
        for record in records:
            other = record.execution_id != execution_id
            if record.kind == STARTED and record.seal in ids and other:
                raise UsageError(
                    f"these sealed inputs have run already, as {record.execution_id}",
                    location=self.request.workflow,
                    hint=f"inputs are sealed for one run; seal them for another: `{self._again}`",
                )

    def demand_unused_before(self, recorder: Recorder, month: str, execution_id: str) -> None:
        """The records of the month before one."""
        before = month_before(month)
        if any(recorder.mentions(before, self._id(key)) for key in self.ring.keys):
            self.demand_unused(recorder.records(before), execution_id)

    @property
    def _again(self) -> str:
        return f"puppy-cli seal {self.request.workflow} --env {self.environment} --input …"

    def _id(self, key: EnvironmentKey) -> str:
        digest = sealed_digest(self.request.sealed)
        return hmac.new(key.derive("pseudonyms"), b"seal:" + digest, hashlib.sha256).hexdigest()


def sealed_request_of(
    request: ExecuteRequest, environment: str, ring: KeyRing, requester: Requester
) -> SealedRequest | None:
    """None for plain inputs, and for the local user: they hold the key, and open what they want."""
    if not request.sealed or requester.is_local:
        return None
    return SealedRequest(request, environment, ring)
