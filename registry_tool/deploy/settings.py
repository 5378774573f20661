"""Settings of deployments, read strictly: every refusal names its place, the reason and the fix."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from registry_tool.core.clock import seconds
from registry_tool.core.errors import UsageError
from registry_tool.core.suggest import did_you_mean
from registry_tool.core.values import Frozen, Value

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Part:
    """An object of the settings and where it stands (`registry.yaml: environments.production.strategy`)."""

    value: Frozen
    location: str

    def only(self, known: Iterable[str]) -> None:
        """Refuse every other key, but `x-…`."""
        names = list(known)
        for key in self.value:
            if key not in names and not key.startswith("x-"):
                raise self.error(
                    "", f"the key {key[:_SHOWN]!r} is not known",
                    did_you_mean(key, names, f"it has {', '.join(names)}"),
                )  # fmt: skip

    def text(self, key: str, default: str) -> str:
        """A text."""
        item = self.value.get(key, default)
        if not isinstance(item, str):
            raise self.error(key, "it must be a text", "put it in quotes")
        return item

    def choice(self, key: str, among: Iterable[str], default: str) -> str:
        """One of some words."""
        names = list(among)
        item = self.text(key, default)
        if item not in names:
            raise self.error(key, f"{item[:_SHOWN]!r} is not known", f"use {', '.join(names)}")
        return item

    def number(
        self, key: str, default: float | None, low: float, high: float = math.inf
    ) -> float | None:
        """A number between two bounds; the default where the key is absent."""
        if key not in self.value:
            return default
        item = self.value[key]
        if isinstance(item, bool) or not isinstance(item, int | float) or not low <= item <= high:
            bounds = f"from {low:g} to {high:g}" if high < math.inf else f"of at least {low:g}"
            raise self.error(key, f"it must be a number {bounds}", "correct it")
        return float(item)

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number between two bounds."""
        item = self.value.get(key, default)
        if isinstance(item, bool) or not isinstance(item, int) or not low <= item <= high:
            raise self.error(key, f"it must be a whole number from {low} to {high}", "correct it")
        return item

    def duration(self, key: str) -> float:
        """A duration such as 10m, in seconds; 0 where the key is absent."""
        item = self.value.get(key, "0s")
        try:
            return seconds(item if isinstance(item, str) else repr(item))
        except ValueError as wrong:
            raise self.error(key, str(wrong)[:120], "write it like 90s, 10m or 1h30m") from None

    def part(self, key: str) -> Part | None:
        """An object below; None where the key is absent."""
        item = self.value.get(key)
        if item is None:
            return None
        if not isinstance(item, dict):
            raise self.error(key, "it must be an object", "see docs/deployments.md")
        return Part(item, self.place_of(key))

    def parts(self, key: str) -> Iterator[Part]:
        """The objects of a list below; none where the key is absent."""
        items = self.value.get(key, [])
        if not isinstance(items, list):
            raise self.error(key, "it must be a list", "see docs/deployments.md")
        for number, item in enumerate(items):
            location = f"{self.place_of(key)}[{number}]"
            if not isinstance(item, dict):
                raise UsageError(
                    "it must be an object", location=location, hint="see docs/deployments.md"
                )
            yield Part(item, location)

    def place_of(self, key: str) -> str:
        """Where a key stands."""
        return f"{self.location}.{key}" if key else self.location

    def error(self, key: str, reason: str, hint: str) -> UsageError:
        """A refusal of a key."""
        return UsageError(reason, location=self.place_of(key), hint=hint)


def as_part(value: Value, location: str) -> Part:
    """A part out of any JSON value; `UsageError` where it is not an object."""
    if not isinstance(value, dict):
        raise UsageError("it must be an object", location=location, hint="see docs/deployments.md")
    return Part(value, location)
