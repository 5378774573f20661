"""A pointer that can't be read is one bad row with its place, its reason and the fix."""

from __future__ import annotations

from registry_tool.deploy.broken import BrokenPointer

ONE = BrokenPointer("production", "hello", "environments/production/hello.json", "not JSON")


def test_it_is_an_error_about_this_one_alone() -> None:
    error = ONE.error
    assert (error.reason, error.location) == (
        "not JSON",
        "deployments:environments/production/hello.json",
    )
    assert "registry-tool state repair" in error.hint


def test_as_json_it_serves_nothing_and_is_no_healthy_status() -> None:
    value = ONE.to_value()
    assert (value["status"], value["serving"], value["reason"]) == ("broken", [], "not JSON")
    assert value["place"] == ONE.location
    assert value["way_out"] == ONE.hint


def test_as_a_row_it_has_the_columns_of_the_others() -> None:
    row = ONE.to_row()
    assert (row[0], row[1], row[3], len(row)) == ("production", "hello", "broken", 7)
    assert row[4].startswith(ONE.location)
