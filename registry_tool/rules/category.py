"""The category is one of the registry's."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem
from registry_tool.core.suggest import perhaps
from registry_tool.rules.base import Rule, Subject

_NONE = "uncategorized"


def _check(subject: Subject) -> Iterator[Problem]:
    category, known = subject.workflow.metadata.category, subject.context.categories
    if known and category not in {*known, _NONE}:
        yield Problem(
            ("metadata", "category"),
            f"the registry has no category {category!r}",
            f"{perhaps(category, known)}it has {', '.join(known)}",
        )


RULE = Rule("category", "The category is one of the registry's.", _check)
