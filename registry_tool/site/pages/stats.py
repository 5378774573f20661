"""The registry in numbers."""

from __future__ import annotations

from collections.abc import Mapping

from registry_tool.site.contexts import Context, Words, category_title
from registry_tool.site.pages.rendering import Files, Page, render
from registry_tool.site.site import Counts, Site

_FACETS = {
    "categories": "by_category",
    "licence": "by_licence",
    "edges": "by_edges",
    "models": "by_models",
    "providers": "by_providers",
}
_ROWS = 20


def stats_files(counts: Counts, site: Site) -> Files:
    """`stats/`: how much there is, by facet and month."""

    def worded(words: Words) -> Context:
        numbers = [
            (counts.workflows, words["count_workflows"]),
            (counts.versions, words["count_versions"]),
            (counts.authors, words["count_authors"]),
            (counts.categories, words["count_categories"]),
            (counts.tags, words["count_tags"]),
        ]
        tables = [
            (
                words[word],
                words["name"],
                _rows({_named(facet, key, words, site): n for key, n in found.items()}),
            )
            for facet, word in _FACETS.items()
            if (found := counts.facets.get(facet))
        ]
        if counts.months:
            tables.append((words["by_month"], words["month"], _months(counts.months)))
        return {"title": words["stats"], "numbers": numbers, "tables": tables}

    yield from render(Page("stats/index.html", "stats", worded), site)


def _named(facet: str, key: str, words: Words, site: Site) -> str:
    if facet != "categories":
        return key
    return category_title(site.settings.categories.get(key, ""), key, words)


def _rows(found: Mapping[str, int]) -> list[tuple[str, int, int]]:
    """(name, count, greatest count), the greatest first."""
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:_ROWS]
    most = max((count for _, count in ordered), default=0)
    return [(name, count, most) for name, count in ordered]


def _months(found: Mapping[str, int]) -> list[tuple[str, int, int]]:
    ordered = sorted(found.items(), reverse=True)[:_ROWS]
    most = max((count for _, count in ordered), default=0)
    return [(name, count, most) for name, count in ordered]
