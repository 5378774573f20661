"""The ways that a workflow's edges have to other hosts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from registry_tool.core.records import Record, field

if TYPE_CHECKING:
    from registry_tool.engine.providers.http.base import Fetcher
    from registry_tool.engine.providers.web_search.base import WebSearch
    from registry_tool.engine.providers.web_search.cohere_rerank import Reranker


class OutboundServices(Record, frozen=True):
    """One workflow's ways to other hosts: a called workflow has its own.

    `web_search` and `rerankers` hold services by name, `secrets` the hosts (`host` or `host:port`) of each secret.
    `hosts` are those that the workflow declares. `recorded` ones give recorded answers alone, and need no secret.
    """

    fetcher: Fetcher | None = None
    web_search: Mapping[str, WebSearch] = field(default_factory=dict)
    rerankers: Mapping[str, Reranker] = field(default_factory=dict)
    secrets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    recorded: bool = False
    hosts: frozenset[str] = frozenset()
