from __future__ import annotations

import pytest

from registry_tool.commands.notify.trial import send_trial
from registry_tool.core.errors import UsageError
from tests.commands.notify.receiver import quick, receiver, receivers


def test_every_receiver_gets_one_whatever_it_wants_to_hear() -> None:
    settings = receivers("generic", "slack", more=", events: [alert]")
    with receiver() as hook:
        found = send_trial(settings, hook.environ, policy=quick())
        assert [(one.receiver, one.type, one.reason) for one in found] == [
            ("generic", "test", ""),
            ("slack", "test", ""),
        ]
        assert len(send_trial(settings, hook.environ, "slack", quick())) == 1


def test_whom_there_is_not_gets_none() -> None:
    with pytest.raises(UsageError, match="no receiver 'ops'") as refused:
        send_trial(receivers("slack"), {}, "ops")
    assert refused.value.hint == "there are slack"
    with pytest.raises(UsageError, match="there are no receivers"):
        send_trial(receivers(), {})
