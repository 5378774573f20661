"""Small indexes in memory."""

from __future__ import annotations

from registry_tool.core.values import Frozen
from registry_tool.site.search.query.index_files import IndexFiles
from registry_tool.sources.search import index_of

WORKFLOWS: tuple[Frozen, ...] = (
    {"name": "key-word", "tags": ["nlp"], "author": "ada@x.org", "category": "text", "score": 85,
     "models": ["o/gpt-4"], "updated": "2026-05-01T00:00:00Z"},
    {"name": "summary", "description": "Sums texts up: 合同风险 and words", "tags": ["nlp", "long"],
     "category": "legal", "score": 95, "downloads": 40, "rating": 4.5, "offline": True,
     "updated": "2026-04-30T00:00:00Z"},
    {"name": "words", "description": "Counts keywords", "category": "text", "deprecated": "old", "score": 40},
)  # fmt: skip


def made(*workflows: Frozen) -> IndexFiles:
    """An index of these, or of `WORKFLOWS`."""
    return index_of(workflows or WORKFLOWS)
