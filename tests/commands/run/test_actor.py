from __future__ import annotations

import pytest

from registry_tool.commands.run.actor import Requester, requester_of
from registry_tool.core.errors import UsageError

BOB = Requester(8, "bob")


def test_a_job_must_say_who_asked() -> None:
    assert requester_of(8, "bob", {"GITHUB_ACTIONS": "true"}) == BOB
    assert requester_of(None, "", {}).is_local
    with pytest.raises(UsageError, match="does not say who asked"):
        requester_of(None, "", {"GITHUB_ACTIONS": "true"})
