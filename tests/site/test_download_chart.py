from __future__ import annotations

from registry_tool.site.download_chart import SHOWN, download_chart


def test_a_bar_a_week_with_its_number() -> None:
    chart = str(download_chart([("2026-11-16", 0, 4), ("2026-11-23", 8, 12)], "8 <in> 2 weeks"))
    assert chart.count("<rect") == 2
    assert 'aria-label="8 &lt;in&gt; 2 weeks"' in chart
    assert '<rect x="0" y="71" width="9" height="1"><title>2026-11-16: 0</title>' in chart
    assert '<rect x="11" y="0" width="9" height="72"><title>2026-11-23: 8</title>' in chart


def test_the_last_weeks_are_shown_and_none_is_no_picture() -> None:
    weeks = [(f"{year}-01-01", 1, year) for year in range(1900, 2000)]
    chart = download_chart(weeks, "x")
    assert chart.count("<rect") == SHOWN
    assert "1999-01-01" in chart
    assert "1973-01-01" not in chart
    assert not download_chart([], "x")
