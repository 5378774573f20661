"""A run that somebody goes through step by step: what is shown, and who shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from registry_tool.core.values import Value
from registry_tool.manifest.model import Edge
from registry_tool.manifest.template import as_text


class Stepper(Protocol):
    """Shows edges one after the other; the run goes on when its calls return.

    Values are texts by block id, without what inputs that are marked personal hold.
    """

    async def before(self, edge: Edge, values: Mapping[str, str]) -> None:
        """What goes into an edge."""

    async def after(self, edge: Edge, values: Mapping[str, str]) -> None:
        """What came out of it."""


def shown_values(values: Mapping[str, Value], private: Callable[[str], str]) -> dict[str, str]:
    """Values as texts, with personal data taken out by `private`."""
    return {name: private(as_text(value)) for name, value in values.items()}
