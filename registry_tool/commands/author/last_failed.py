"""Which tests failed last time, remembered on this machine for `--last-failed`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from registry_tool.core.files import write_atomic
from registry_tool.core.folders import cache_folder
from registry_tool.engine.testing.run_cases import CaseResult


class LastFailed:
    """The names that failed, of one project or reference; they lie in the user's cache, not in the project."""

    def __init__(self, about: str, folder: Path | None = None) -> None:
        digest = hashlib.sha256(about.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        self._file = (folder or cache_folder()) / "last-failed" / f"{digest}.json"

    def names(self) -> frozenset[str]:
        """What failed; nothing where that is not known."""
        try:
            value = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return frozenset()
        names = value if isinstance(value, list) else []
        return frozenset(name for name in names if isinstance(name, str))

    def remember(self, cases: Iterable[CaseResult]) -> None:
        """Keep how these cases went; what is known of others stays."""
        known = set(self.names())
        for case in cases:
            (known.discard if case.passed else known.add)(case.name)
        if known:
            write_atomic(self._file, json.dumps(sorted(known)).encode())
        else:
            self._file.unlink(missing_ok=True)
