"""Lists, objects and sets as they were, for a way that turns out to lead nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_Holder = list[Any] | dict[Any, Any] | set[Any]  # of whatever: they are only copied


def kept(*holders: _Holder) -> Callable[[], None]:
    """What brings these back to what they hold now; lists in objects, too."""
    before = [(holder, _copy(holder)) for holder in holders]

    def back() -> None:
        for holder, was in before:
            holder.clear()
            if isinstance(holder, list):
                holder.extend(was)
            else:
                holder.update(was)

    return back


def _copy(holder: _Holder) -> _Holder:
    if isinstance(holder, dict):
        return {key: list(item) if isinstance(item, list) else item for key, item in holder.items()}
    return holder.copy()
