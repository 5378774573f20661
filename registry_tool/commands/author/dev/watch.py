"""Saves in a project's folder, several at once as one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from registry_tool.core.errors import RegistryError
from registry_tool.sources.project import SKIPPED

if TYPE_CHECKING:
    from watchfiles import Change

_QUIET: Final = 30
"""Milliseconds without another save that end a burst."""
_LONGEST: Final = 400
"""Milliseconds after which a burst that goes on is reported."""


def saves(folder: Path, stop: Event | None = None) -> Iterator[tuple[str, ...]]:
    """The paths below `folder` that were written, made or removed, each time that some were.

    Saves while the last ones are handled are reported together at the next turn. It ends with `stop`, and with
    `KeyboardInterrupt`. `RegistryError` where the system can't watch.
    """
    from watchfiles import watch

    inside = folder.resolve()
    try:
        for changes in watch(
            inside,
            watch_filter=_Filter(inside),
            step=_QUIET,
            debounce=_LONGEST,
            stop_event=stop,
            rust_timeout=_LONGEST,
        ):
            yield tuple(sorted({Path(path).relative_to(inside).as_posix() for _, path in changes}))
    except OSError as error:
        raise RegistryError(
            f"the system can't watch this folder: {error}",
            location=str(folder),
            hint="raise its limit on watched files, or set WATCHFILES_FORCE_POLLING=1",
        ) from None


class _Filter:
    """Lets through files of a project, not what editors and tools leave beside them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, _: Change, path: str) -> bool:
        parts = Path(path).relative_to(self._folder).parts
        hidden = any(part.startswith(".") or part in SKIPPED for part in parts)
        return bool(parts) and not hidden and not path.endswith("~")
