from __future__ import annotations

from collections.abc import Iterable

import pytest

from registry_tool.commands.maintain.output.lists import best_of, by_update


def entry(name: str, day: int) -> dict[str, object]:
    return {"name": name, "updated": f"2026-01-{day:02}T00:00:00Z"}


ALL = {name: entry(name, day) for day, name in enumerate("abcdef", 1)}


@pytest.mark.parametrize(
    ("name", "day", "reads"),
    [
        ("g", 9, False),
        ("g", 1, False),
        ("a", 9, False),
        ("f", 9, False),
        ("f", 1, True),
        ("e", 1, True),
    ],
)
def test_everything_is_read_only_where_somebody_left(name: str, day: int, reads: bool) -> None:
    read = []
    after = {**ALL, name: entry(name, day)}

    def everything() -> Iterable[dict[str, object]]:
        read.append(1)
        return after.values()

    known = sorted(ALL.values(), key=by_update)[:3]  # type: ignore[arg-type]
    found = best_of(known, [(name, after[name])], 3, by_update, everything)  # type: ignore
    assert found == sorted(after.values(), key=by_update)[:3]  # type: ignore[arg-type]
    assert bool(read) is reads
