"""How old recorded answers are, and who says so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from registry_tool.report.recorded_answers import RecordedAnswers, dated

NOW = datetime(2024, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("by_git", "by_manifest", "age"),
    [
        (
            "2024-02-20T12:00:00+01:00",
            "2024-01-01",
            "9 days old (2024-02-20, in git since then)",
        ),
        (
            "",
            "2024-02-01",
            "29 days old (2024-02-01, the manifest's date: git's history isn't here)",
        ),
        ("2024-03-02T00:00:00Z", "", "0 days old (2024-03-02, in git since then)"),
        ("", "", "of unknown age"),
        ("", "2024-02-30", "of unknown age"),
        (
            "",
            "2024-02-01t12:00:00z",
            "28 days old (2024-02-01, the manifest's date: git's history isn't here)",
        ),
    ],
)
def test_git_knows_better_than_the_manifest(by_git: str, by_manifest: str, age: str) -> None:
    assert dated(1, ("m",), by_git, by_manifest, NOW).age == age


def test_as_data() -> None:
    value = dated(2, ("m", "n"), "", "2024-02-01", NOW).to_value()
    assert value == {
        "count": 2,
        "models": ["m", "n"],
        "date": "2024-02-01",
        "dated_by": "manifest",
        "days": 29,
    }
    assert RecordedAnswers(0).to_value()["days"] is None
