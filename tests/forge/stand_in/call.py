"""One request to the stand-in, and a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.forge.stand_in.server import Person

Answer = tuple[int, Any]


@dataclass(frozen=True)
class Call:
    """A request that fits the description."""

    words: dict[str, str]
    query: dict[str, str]
    body: Any
    person: Person | None

    @property
    def login(self) -> str:
        """Who asks."""
        return self.person.login if self.person else ""


class RefusalError(Exception):
    def __init__(self, status: int, message: str, *errors: dict[str, str]) -> None:
        super().__init__(message)
        self.status = status
        self.value: dict[str, Any] = {"message": message, "documentation_url": "https://docs"}
        if errors:
            self.value["errors"] = list(errors)
