"""The configurations of edges, `llm` blocks and environments obey their schemas: they do what they say."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem
from registry_tool.manifest.edge_config import edge_config_problems
from registry_tool.rules.base import Rule, Subject


def _check(subject: Subject) -> Iterator[Problem]:
    yield from edge_config_problems(subject.workflow)


RULE = Rule(
    "edge-config",
    "The configurations of edges, `llm` blocks and environments obey their schemas.",
    _check,
)
