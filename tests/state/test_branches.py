"""Who writes to the branches of state, and whose they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.state.branches import home_of, in_job, local_person, state_branch, writer
from registry_tool.store import paths
from tests.commands.privacy_places import make_place

JOB = {"GITHUB_ACTIONS": "true"}


@pytest.mark.parametrize(
    ("environ", "job"), [({}, False), ({"GITHUB_ACTIONS": "false"}, False), (JOB, True)]
)
def test_a_job_says_so(environ: dict[str, str], job: bool) -> None:
    assert in_job(environ) is job


def test_a_person_writes_on_a_laptop_and_the_tool_in_a_job(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    assert (writer(location, {}).name, writer(location, {}).email) == ("t", "t@t")
    assert local_person(location, {}) == "t <t@t>"
    assert writer(location, JOB).email != "t@t"
    assert local_person(location, JOB) == ""


def test_the_state_is_where_its_home_is(tmp_path: Path) -> None:
    location = make_place(tmp_path, remote=True)
    assert home_of(location) == "origin"
    location.remote = "."
    assert home_of(location) == ""
    assert state_branch(location, paths.AUDIT_BRANCH).remote == ""


def test_what_is_erased_leaves_no_history(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    assert state_branch(location, paths.RUN_KEYS_BRANCH).alone
    assert not state_branch(location, paths.AUDIT_BRANCH).alone
