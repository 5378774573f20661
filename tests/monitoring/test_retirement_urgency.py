"""Whose model retires and who must act: what serves, what is set, and what new users would get."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from registry_tool.manifest.model import Requirement
from registry_tool.monitoring.retirement import (
    DEPENDENT,
    DEPLOYED,
    SETTING,
    VERSION,
    Affected,
    ModelUse,
    Retirement,
)
from registry_tool.monitoring.retirement_urgency import urgent
from tests.catalogue.small import catalogue, version

GONE = Retirement("old", datetime(2027, 1, 1, tzinfo=UTC), "new", "https://example.com")
CATALOGUE = catalogue(
    version("base", "1.0.0"),
    version("base", "1.1.0"),
    version("user", "1.0.0", (Requirement("base", "^1"),)),
    version("pinned", "1.0.0", (Requirement("base", "1.0.0"),)),
    version("above", "1.0.0", (Requirement("pinned", "*"),)),
)


def use(kind: str, who: str, where: str = "edge ask", through: str = "") -> Affected:
    return Affected(GONE, ModelUse(kind, who, "old", where), through)


OLD = use(VERSION, "base:1.0.0")
NEW = use(VERSION, "base:1.1.0")
USER = use(DEPENDENT, "user:1.0.0", "requires ^1", "base:1.0.0")
PINNED = use(DEPENDENT, "pinned:1.0.0", "requires 1.0.0", "base:1.0.0")
ABOVE = use(DEPENDENT, "above:1.0.0", "requires *", "pinned:1.0.0")


@pytest.mark.parametrize(
    ("found", "acting"),
    [
        ([OLD], []),  # nobody is given it any more
        ([NEW], [NEW]),
        ([OLD, USER], []),  # the range leads to 1.1.0, which asks another model
        ([OLD, PINNED], [PINNED]),
        ([OLD, PINNED, ABOVE], [PINNED, ABOVE]),
        ([OLD, USER, NEW], [NEW]),
    ],
)
def test_what_new_users_would_be_given_counts(
    found: list[Affected], acting: list[Affected]
) -> None:
    assert urgent(found, CATALOGUE) == frozenset(acting)


@pytest.mark.parametrize("kind", [DEPLOYED, SETTING])
def test_what_serves_or_is_set_always_counts(kind: str) -> None:
    serving = use(kind, "production")
    assert urgent([serving, OLD], CATALOGUE) == {serving}


def test_a_range_that_leads_nowhere_or_is_none_asks_nobody() -> None:
    for where in ("requires ^9", "requires nonsense"):
        lost = use(DEPENDENT, "user:1.0.0", where, "base:1.0.0")
        assert urgent([OLD, lost], CATALOGUE) == frozenset()
