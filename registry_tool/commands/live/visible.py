"""A commit of a private registry without what somebody may not read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registry_tool.catalogue.model import Line, RegistrySettings
from registry_tool.catalogue.summaries import Summary
from registry_tool.commands.live.rendered import RenderedDocuments
from registry_tool.commands.live.view import RegistryView

_MOST_BYTES: Final = 2**20
"""Of what is kept for one person: many may look."""


class VisibleSnapshot(RegistryView):
    """Of the `whole`, the workflows of these `names`. What isn't theirs is as if it were not there."""

    def __init__(
        self, whole: RegistryView, names: frozenset[str], counts: Mapping[str, int]
    ) -> None:
        self.commit, self.tree = whole.commit, whole.tree
        self.rendered = RenderedDocuments(_MOST_BYTES)
        self._whole = whole
        self._summaries = {n: one for n, one in whole.summaries.items() if n in names}
        self._count = sum(count for name, count in counts.items() if name in names)

    @property
    def settings(self) -> RegistrySettings:
        """The registry's settings."""
        return self._whole.settings

    @property
    def summaries(self) -> Mapping[str, Summary]:
        """Of what they may read."""
        return self._summaries

    @property
    def version_count(self) -> int:
        """Of what they may read."""
        return self._count

    def find_line(self, name: str) -> Line | None:
        """A workflow that they may read."""
        return self._whole.find_line(name) if name in self._summaries else None
