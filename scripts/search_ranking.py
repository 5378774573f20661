"""Writes site_templates/assets/search-ranking.js out of registry_tool/site/search/ranking.json.

Run it after every change of the table; tests/site/search/test_ranking.py tells when it is out of step.
"""

from __future__ import annotations

from pathlib import Path

from registry_tool.site.search.ranking import script

(Path(__file__).parents[1] / "site_templates/assets/search-ranking.js").write_text(
    script(), "utf-8"
)
