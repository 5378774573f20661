"""Places for runs."""

from __future__ import annotations

import pytest

from registry_tool.commands.live.runs.found_run import BusyError, NoRunsError
from registry_tool.commands.live.runs.places import RunSlots
from registry_tool.commands.live.runs.settings import LiveRunSettings


def test_one_person_has_a_share_and_all_have_an_end() -> None:
    places = RunSlots(LiveRunSettings(most=1))
    for person in ("1", "1", "2", "2"):
        places.take(person)
    for person in ("1", "2"):
        with pytest.raises(BusyError, match="yours"):
            places.take(person)
    places.take("3")
    with pytest.raises(BusyError, match=r"as this server takes$"):
        places.take("4")
    places.give_back("1")
    places.take("4")
    assert places.held == {"1": 1, "2": 2, "3": 1, "4": 1}


def test_there_are_none_where_nothing_runs_or_nothing_more() -> None:
    with pytest.raises(NoRunsError, match="runs nothing"):
        RunSlots(LiveRunSettings(most=0)).take("1")
    places = RunSlots(LiveRunSettings())
    places.close()
    with pytest.raises(NoRunsError, match="ending"):
        places.take("1")
