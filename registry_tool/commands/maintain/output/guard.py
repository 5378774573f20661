"""A page that can't be made is replaced by a plain notice and reported: one version never hides the others.

`check-pr` refuses what can't be made (commands/review/pages.py); this is for what was published before, and by
another tool.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from registry_tool.core.bounded import bounded
from registry_tool.core.errors import RegistryError

SECONDS: Final = 20
"""Of processor time for one part; check-pr gives a whole version half of it."""
MEMORY: Final = 2**30
MOST_FILE: Final = 16 * 2**20
Files = Iterator[tuple[str, bytes]]


@dataclass
class PageGuard:
    """Makes pages; `unmade` names those that stand as plain notices, each with its version and the reason."""

    unmade: list[str] = field(default_factory=list)

    def files(self, reference: str, make: Callable[[], Files], plain: Callable[[], Files]) -> Files:
        """The files of a part, or its plain form where it can't be made."""
        try:
            with bounded(SECONDS, MEMORY):
                made = list(make())
            _demand_sizes(made)
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as error:  # noqa: BLE001 - whatever it is (a library's panic, too), the others are published
            self.unmade.append(f"{reference}: {_reason(error)}")
            made = list(plain())
        yield from made


def _demand_sizes(made: list[tuple[str, bytes]]) -> None:
    for path, content in made:
        if len(content) > MOST_FILE:
            raise RegistryError(f"it would have {len(content)} bytes", location=path)


def _reason(error: BaseException) -> str:
    """An error in a line: what went wrong, and of what nobody foresaw the place in the tool."""
    if isinstance(error, RegistryError):
        return str(error)
    at = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(at.filename).name}:{at.lineno}"
