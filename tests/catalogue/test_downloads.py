from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from registry_tool.catalogue.downloads import (
    KEPT_WEEKS,
    load_weeks,
    week_before,
    week_of,
    weekly_growth,
    with_week,
)
from registry_tool.core.errors import RegistryError
from registry_tool.store.tree import FolderTree


def test_weeks_begin_on_mondays_and_the_oldest_go() -> None:
    assert week_of(date(2026, 11, 29)) == "2026-11-23" == week_of(date(2026, 11, 23))
    assert week_before("2026-01-05") == "2025-12-29"
    many = {f"{year}-01-01": year for year in range(1800, 1800 + KEPT_WEEKS)}
    kept = with_week(many, "2026-11-23", 5000)
    assert (len(kept), min(kept), kept["2026-11-23"]) == (KEPT_WEEKS, "1801-01-01", 5000)


def test_quiet_weeks_are_reported_and_the_first_is_only_where_counting_began() -> None:
    weeks = {"2026-11-02": 10, "2026-11-09": 12, "2026-11-30": 20}
    assert list(weekly_growth(weeks)) == [
        ("2026-11-09", 2, 12),
        ("2026-11-16", 0, 12),
        ("2026-11-23", 0, 12),
        ("2026-11-30", 8, 20),
    ]
    assert list(weekly_growth({"2026-11-02": 10})) == []


def test_a_history_is_read_by_week(tmp_path: Path) -> None:
    tree = FolderTree(tmp_path)
    assert load_weeks(tree, "greet") == {}
    file = tmp_path / "registry/metadata/downloads/greet.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"weeks": {"2026-11-23": 3, "2026-11-16": 1}}))
    assert list(load_weeks(tree, "greet").items()) == [("2026-11-16", 1), ("2026-11-23", 3)]


@pytest.mark.parametrize("week", ["2026-11-24", "2026-11", "20261123", "x", ""])
def test_a_week_begins_on_a_monday(tmp_path: Path, week: str) -> None:
    file = tmp_path / "registry/metadata/downloads/greet.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"weeks": {week: 3}}))
    with pytest.raises(RegistryError, match="not the Monday of a week"):
        load_weeks(FolderTree(tmp_path), "greet")
