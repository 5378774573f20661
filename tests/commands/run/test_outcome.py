from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from registry_tool.commands.run.execute import execute_step
from registry_tool.commands.run.outcome import read_outcome, record
from registry_tool.core.errors import RegistryError
from registry_tool.state.target import Target
from tests.commands.conftest import MovingClock
from tests.commands.running import statuses, steps


def test_an_outcome_of_another_run_is_refused(served: Target, tmp_path: Path) -> None:
    admission, admitted_run = steps(served)
    path = tmp_path / "outcome.json"
    execute_step(admitted_run, path)
    with pytest.raises(RegistryError, match="another run's"):
        read_outcome(path, replace(admission, execution_id="exec-2"), admitted_run.ring)
    path.write_text(path.read_text().replace('"status": "success"', '"status": "error"'))
    with pytest.raises(RegistryError, match="signature is wrong"):
        read_outcome(path, admission, admitted_run.ring)
    assert read_outcome(tmp_path / "nowhere", admission, admitted_run.ring) is None


def test_a_run_that_nobody_finished_is_lost_after_its_time(
    served: Target, clock: MovingClock
) -> None:
    admission, admitted_run = steps(served)
    assert statuses(served, clock, minutes=6) == ["running"]
    assert statuses(served, clock, minutes=7) == ["lost"]
    record(served, admission, None, admitted_run.ring)  # the job's last step found no outcome
    assert statuses(served, clock) == ["lost"]
