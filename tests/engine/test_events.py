"""Every event is typed and documented."""

from __future__ import annotations

import re
from pathlib import Path

from registry_tool.engine.events import LEVELS, PAYLOADS

DOCS = Path(__file__).parents[2] / "docs/events.md"


def documented() -> dict[str, tuple[set[str], set[str]]]:
    """Required and optional fields by event."""
    found = {}
    for line in DOCS.read_text("utf-8").splitlines():
        if match := re.match(r"\| `(\w+)` \| (.*) \|$", line):
            optional = set(re.findall(r"\[`(\w+)`\]", match[2]))
            found[match[1]] = (
                set(re.findall(r"`(\w+)`", match[2].split(":")[0])) - optional,
                optional,
            )
    return found


def test_the_page_and_the_types_say_the_same() -> None:
    types = {
        name: (set(payload.__required_keys__), set(payload.__optional_keys__))  # type: ignore[attr-defined]
        for name, payload in PAYLOADS.items()
    }
    # A word in backticks that is not a field, such as `map`, is prose.
    shown = {
        name: (required & types[name][0], optional)
        for name, (required, optional) in documented().items()
    }
    assert shown == types


def test_levels_are_of_known_events() -> None:
    assert set(LEVELS) <= set(PAYLOADS)
