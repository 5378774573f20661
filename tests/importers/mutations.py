"""Foreign files with parts that are gone, or something else."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any


def change(value: Any, changes: Sequence[tuple[tuple[Any, ...], Any]]) -> None:
    """Put something else at each route that there is, or nothing where it is `gone`."""
    for route, new in changes:
        holder: Any = value
        for step in route[:-1]:
            holder = holder[step] if isinstance(holder, dict | list) and has(holder, step) else None
        if not isinstance(holder, dict | list) or not has(holder, route[-1]):
            continue
        if new == "gone":
            del holder[route[-1]]
        else:
            holder[route[-1]] = copy.deepcopy(new)


def has(holder: Any, step: Any) -> bool:
    return (
        step in holder if isinstance(holder, dict) else isinstance(step, int) and step < len(holder)
    )
