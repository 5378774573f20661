from __future__ import annotations

from datetime import date

import pytest

from registry_tool.catalogue.ratings import (
    KEPT_WEEKS,
    downloads_by_name,
    grown,
    rating_of,
    week_before,
    week_of,
    with_week,
    workflow_of_file,
)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("greet-1.0.0.wfpkg", "greet"),
        ("text-2-speech-10.2.0-rc.1.wfpkg", "text-2-speech"),
        ("greet-1.0.0-rc-2.0.0.wfpkg", "greet"),
        ("greet-1.0.wfpkg", ""),
        ("Greet-1.0.0.wfpkg", ""),
        ("1.0.0.wfpkg", ""),
        ("greet-1.0.0.zip", ""),
        ("", ""),
    ],
)
def test_whose_package_a_file_is(file: str, name: str) -> None:
    assert workflow_of_file(file) == name


def test_versions_count_together() -> None:
    files = {"greet-1.0.0.wfpkg": 3, "greet-1.1.0.wfpkg": 4, "notes.txt": 9}
    assert downloads_by_name(files) == {"greet": 7}


@pytest.mark.parametrize(
    ("reactions", "rating"),
    [
        ({}, None),
        ({"THUMBS_UP": 2}, None),
        ({"THUMBS_UP": 3}, 5.0),
        ({"THUMBS_UP": 2, "THUMBS_DOWN": 1}, 3.7),
        ({"THUMBS_UP": 1, "CONFUSED": 1, "THUMBS_DOWN": 1, "EYES": 90}, 2.7),
        ({"EYES": 50}, None),
    ],
)
def test_a_rating_is_the_mean_of_enough_votes(
    reactions: dict[str, int], rating: float | None
) -> None:
    assert rating_of(reactions) == rating


def test_weeks_begin_on_mondays_and_the_oldest_go() -> None:
    assert week_of(date(2026, 11, 29)) == "2026-11-23" == week_of(date(2026, 11, 23))
    assert week_before("2026-01-05") == "2025-12-29"
    many = {f"{year}-01-01": year for year in range(1800, 1800 + KEPT_WEEKS)}
    kept = with_week(many, "2026-11-23", 5000)
    assert (len(kept), min(kept), kept["2026-11-23"]) == (KEPT_WEEKS, "1801-01-01", 5000)


def test_quiet_weeks_are_told_and_the_first_is_only_where_counting_began() -> None:
    weeks = {"2026-11-02": 10, "2026-11-09": 12, "2026-11-30": 20}
    assert list(grown(weeks)) == [
        ("2026-11-09", 2, 12),
        ("2026-11-16", 0, 12),
        ("2026-11-23", 0, 12),
        ("2026-11-30", 8, 20),
    ]
    assert list(grown({"2026-11-02": 10})) == []
