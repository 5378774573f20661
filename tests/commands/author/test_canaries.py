from __future__ import annotations

from pathlib import Path

from registry_tool.commands.author.canaries import plant_canaries

ROOT = Path(__file__).parents[3]


def test_a_published_workflow_isolates_what_it_reads() -> None:
    found = plant_canaries("sentiment-analysis:1.2.0", str(ROOT))
    document = found.to_value()
    assert document["workflow"] == "sentiment-analysis:1.2.0"
    assert document["sources"] == ["the input text"]
    places = {place for outcome in found.report.outcomes for _, place in outcome.reached}
    assert places == {"the prompt of main-flow"}
    assert not any(outcome.failures or outcome.ran for outcome in found.report.outcomes)
