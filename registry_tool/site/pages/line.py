"""A workflow's own pages: its latest version, and all that changes with time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from registry_tool.catalogue.model import Line
from registry_tool.catalogue.score import Reason, score
from registry_tool.site import links
from registry_tool.site.contexts import Context, Words
from registry_tool.site.download_chart import Week, download_chart
from registry_tool.site.facts.line import line_facts
from registry_tool.site.pages import version
from registry_tool.site.pages.badges import line_badge
from registry_tool.site.pages.diffs import compare_files
from registry_tool.site.pages.feeds import line_feed
from registry_tool.site.pages.rendering import Files
from registry_tool.site.site import Site, Summary


def line_files(line: Line, summary: Summary, dependents: Sequence[Summary], site: Site) -> Files:
    """Page, feed and badge of a workflow; `summary` is its own, `dependents` those of workflows that require it.

    The differences of its versions are `diffs.diff_files`, a pair at a time.
    """
    shown = line_facts(line, summary, dependents)
    points = score(line.latest)

    def more(words: Words) -> Context:
        reasons = [_reason(reason, words) for reason in points.reasons]
        total = {"total": points.total, "of": points.of, "reasons": reasons}
        weeks = cast(list[Week], shown["weeks"])
        label = words["downloads_chart"].format(
            n=sum(count for _, count, _ in weeks), weeks=len(weeks)
        )
        return {"line": shown, "score": total, "chart": download_chart(weeks, label)}

    yield from version.pages(links.line_page(line.name), line.latest, site, more)
    yield from line_feed(line, site)
    yield from compare_files(line, site)
    yield line_badge(line)


def _reason(reason: Reason, words: Words) -> Context:
    key = f"score_{reason.id.replace('-', '_')}"
    return {
        "points": reason.points,
        "of": reason.of,
        "title": words[key],
        "why": words[f"{key}_given" if reason.given else f"{key}_how"],
    }
