"""The configuration of every edge, and of every `llm` block, obeys its JSON Schema: it runs as it is written."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem
from registry_tool.manifest.edge_config import edge_config_problems
from registry_tool.rules.base import Rule, Subject


def _check(subject: Subject) -> Iterator[Problem]:
    yield from edge_config_problems(subject.workflow)


RULE = Rule(
    "edge-config", "The configurations of edges and `llm` blocks obey their schemas.", _check
)
