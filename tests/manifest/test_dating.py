"""Dates in a manifest's text."""

from __future__ import annotations

import pytest

from registry_tool.manifest.dating import at, moment, with_dates

BLOCK = 'kind: Workflow\nmetadata:\n  name: a\n  version: "1.0.0" # ours\n  tags: [x]\nspec: {}\n'
FLOW = 'kind: Workflow\nmetadata: { version: "1.0.0", name: a }\nspec: {}\n'


def test_new_lines_follow_the_version() -> None:
    made = with_dates(BLOCK.encode(), "C", "U")
    lines = made.data.decode().splitlines()
    assert lines[3:7] == [
        '  version: "1.0.0" # ours',
        '  created: "C"',
        '  updated: "U"',
        "  tags: [x]",
    ]
    assert (made.filled, made.after, made.lines) == (("created", "updated"), 4, 2)
    assert [made.before_filling(line) for line in (4, 5, 6, 7, 8)] == [4, 4, 4, 5, 6]


def test_one_line_stays_one() -> None:
    made = with_dates(FLOW.encode(), "C", "U")
    assert b'{ version: "1.0.0", created: "C", updated: "U", name: a }' in made.data
    assert made.before_filling(3) == 3


def test_what_is_written_stays() -> None:
    text = BLOCK.replace("  tags", '  updated: "2020"\n  tags').encode()
    assert with_dates(text, "C", "U").filled == ("created",)
    both = text.replace(b"  tags", b'  created: "2019"\n  tags')
    assert with_dates(both, "C", "U").data == both


def test_the_other_date_is_no_later_than_the_one_that_is_written() -> None:
    """`publish` wrote today as `created` beside an `updated` of last year, and the pull request was refused."""
    now = "2024-06-01T00:00:00Z"
    for key, day in (("updated", "2020-05-01"), ("created", "2030-05-01")):
        text = BLOCK.replace("  tags", f"  {key}: {day}\n  tags").encode()
        assert with_dates(text, now, now).data.decode().count(day) == 2
    for key, day in (("updated", "soon"), ("created", "2020-05-01")):
        text = BLOCK.replace("  tags", f"  {key}: {day}\n  tags").encode()
        assert now in with_dates(text, now, now).data.decode()


def test_line_breaks_are_the_authors() -> None:
    made = with_dates(BLOCK.replace("\n", "\r\n").encode(), "C", "U").data
    assert made.count(b"\n") == made.count(b"\r\n") == BLOCK.count("\n") + 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2024-01-02", "2024-01-02T00:00:00Z"),
        ("2024-01-02 03:04", "2024-01-02T03:04:00+00:00"),
        ("2024-01-02t03:04:05z", "2024-01-02T04:04:05+01:00"),
    ],
)
def test_moments_are_compared_in_one_zone(one: str, other: str) -> None:
    assert at(one) == at(other)


def test_no_moment_is_before_all() -> None:
    assert at("") == at("nonsense") < at("0900-01-01")


@pytest.mark.parametrize(
    "written", ["9999-12-31T23:59-23:59", "0001-01-01T00:00:00+23:59", "2024-13-01", "soon"]
)
def test_what_no_calendar_holds_is_the_earliest_moment(written: str) -> None:
    assert at(written) == at("")
    assert moment(at(written)) == moment(at(""))


def test_what_the_loader_accepts_can_be_dated() -> None:
    asking = BLOCK + "labels: { done: Done? }\n"
    assert b'created: "C"' in with_dates(asking.encode(), "C", "U").data
