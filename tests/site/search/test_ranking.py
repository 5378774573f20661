"""The one table of ranks, and the script that is written out of it."""

from __future__ import annotations

from pathlib import Path

from registry_tool.site.search.document import COLUMNS, FACETS, RANKS
from registry_tool.site.search.layout import SHORTEST_TAILED
from registry_tool.site.search.ranking import RANKING, script

ASSETS = Path(__file__).parents[3] / "site_templates/assets"


def test_the_script_is_written_out_of_the_table() -> None:
    """`python scripts/search_ranking.py` writes it."""
    assert (ASSETS / "search-ranking.js").read_text("utf-8") == script()


def test_the_table_speaks_of_what_the_index_has() -> None:
    assert set(RANKING.worth) == set(RANKS)
    assert {*RANKING.dimensions.values()} | {"is"} >= set(FACETS) - {"score"}
    assert {*RANKING.orders.values()} == set(COLUMNS)
    assert RANKING.typos.one_from == SHORTEST_TAILED
    assert set(RANKING.single) <= set(FACETS)
