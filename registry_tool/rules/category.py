"""The category is one of the registry's."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from registry_tool.core.finding import Problem
from registry_tool.rules.base import Rule, Subject

_NONE = "uncategorized"


def _check(subject: Subject) -> Iterator[Problem]:
    category, known = subject.workflow.metadata.category, subject.surroundings.categories
    if known and category not in {*known, _NONE}:
        close = get_close_matches(category, list(known), n=1)
        wanted = f"did you mean {close[0]!r}? " if close else ""
        yield Problem(
            ("metadata", "category"),
            f"the registry has no category {category!r}",
            f"{wanted}it has {', '.join(known)}",
        )


RULE = Rule("category", "The category is one of the registry's.", _check)
