"""The configuration of an edge of type `search`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from registry_tool.core.values import Frozen
from registry_tool.engine.edges.asking.services import QueryConfig
from registry_tool.engine.edges.asking.settings import ModelConfig
from registry_tool.engine.edges.ranking.documents import DocumentsConfig

_USUAL = 10


@dataclass(frozen=True, kw_only=True)
class SearchConfig(DocumentsConfig, ModelConfig, QueryConfig):
    """Where is searched, for what, and how much; `written` has the fields that a service reads of its own."""

    search_type: Literal["web", "qa", "elastic", "keyword", "llm", "vector"] = "web"
    sub_search_type: Literal["google", "google_v2", "ddg", "duckduckgo", "perplexity"] | None = None
    top_k: int | None = None
    read_pages: bool = False
    filter_unreachable_pages: bool = False
    llm_prompt_template: str = ""
    written: Frozen = field(default_factory=dict)

    @property
    def most(self) -> int:
        """How many results are wanted at most."""
        return self.top_k or _USUAL
