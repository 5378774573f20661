"""What a command should say about where it read: once, and how old the oldest of it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class RegistryNotes:
    """Sentences for the user, each shown once. `oldest` is when the oldest document of a registry was fetched."""

    notify: Callable[[str], None] = lambda _: None
    said: dict[str, None] = field(default_factory=dict)
    oldest: dict[str, str] = field(default_factory=dict)

    def say(self, sentence: str) -> None:
        """Show a sentence, once."""
        if sentence not in self.said:
            self.said[sentence] = None
            self.notify(sentence)

    def used_kept(self, location: str, fetched: str) -> None:
        """A document of a registry was used as it was fetched once (RFC 3339 in UTC), without asking."""
        self.oldest[location] = min(fetched, self.oldest.get(location, fetched))

    @property
    def as_of(self) -> tuple[str, ...]:
        """A sentence a registry that was read offline."""
        return tuple(
            f"offline: {location} as of {fetched}" for location, fetched in self.oldest.items()
        )
