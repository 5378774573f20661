from __future__ import annotations

from dataclasses import replace

import pytest

from registry_tool.commands.admit import admit
from registry_tool.commands.deploy_samples import samples_of
from registry_tool.commands.deployed import Target, deployed
from registry_tool.commands.execute import execute_request
from registry_tool.commands.outcome import Outcome, record
from registry_tool.commands.prune import prune
from registry_tool.commands.recorded import months_of, runs_of
from registry_tool.commands.records import months, ring_of
from registry_tool.commands.request import ExecuteRequest
from registry_tool.commands.run_asker import Asker
from registry_tool.core.clock import instant
from registry_tool.deploy.analysis import Since
from registry_tool.engine.providers.base import Usage
from tests.commands.conftest import MovingClock

HELLO = ExecuteRequest("hello", {"who": "Ada"})
EVE = Asker(22, "eve")


def test_the_watch_of_a_deployment_judges_its_runs(served: Target, clock: MovingClock) -> None:
    deployment = deployed(served, "hello", "production").main.deployment
    since = Since("production", "hello", deployment, instant(clock.now()))
    assert samples_of(served)(since) == []
    ring = ring_of(served, "production")
    done = admit(served, "production", HELLO, EVE, execution_id="exec-1", ring=ring)
    usage = Usage(10, 5, 1, 0.25)
    record(served, done, Outcome("exec-1", "error", 1.5, usage, "provider"), ring)
    admit(served, "production", HELLO, EVE, execution_id="exec-2", ring=ring)
    (sample,) = samples_of(served)(since)  # the second one is still under way
    assert (sample.version, sample.status, sample.seconds) == ("1.0.0", "error", 1.5)
    assert (sample.tokens, sample.cost) == (15, 0.25)
    clock.move(hours=1)
    assert [s.status for s in samples_of(served)(since)] == ["error", "lost"]
    assert samples_of(served)(replace(since, deployment="another")) == []
    assert samples_of(served)(replace(since, time=instant(clock.now()))) == []


def test_erasure_and_pruning_see_every_record(
    served: Target, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute_request(served, "production", HELLO, EVE, execution_id="exec-1")
    clock.move(days=40)
    execute_request(served, "production", HELLO, EVE, execution_id="exec-2")
    assert [run.execution_id for run in runs_of(served, "production")] == [
        *("exec-1", "exec-1"),
        *("exec-2", "exec-2"),
    ]
    assert set(months_of(served)) == {"2026-11", "2027-01"}


def test_a_pruned_month_does_not_stop_the_next_ones(served: Target, clock: MovingClock) -> None:
    settings = served.root / "registry/registry.yaml"
    settings.write_text(settings.read_text() + "policy: { record_retention: 60d }\n")
    execute_request(served, "production", HELLO, EVE)
    clock.move(days=10)
    execute_request(served, "production", HELLO, EVE)
    clock.move(days=100)
    pruned = prune(served, months_of(served))
    assert pruned.months == ("2026-11", "2026-12")
    assert months(served) == []
    execute_request(served, "production", HELLO, EVE)
    assert months(served) == ["2027-03"]
