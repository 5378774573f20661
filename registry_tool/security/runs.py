"""Long runs of characters of one alphabet: found many times faster than an expression finds them."""

from __future__ import annotations

from collections.abc import Iterator


class CharacterRuns:
    """The longest runs of bytes of an alphabet, `least` long or longer."""

    def __init__(self, alphabet: bytes, least: int) -> None:
        members = frozenset(alphabet)
        self._mask = bytes(1 if code in members else 0 for code in range(256))
        self._run = b"\1" * least

    def any_in(self, data: bytes) -> bool:
        """Whether there is one."""
        return self._run in data.translate(self._mask)

    def spans(self, data: bytes) -> Iterator[tuple[int, int]]:
        """(start, end) of each, in order."""
        mask = data.translate(self._mask)
        start = mask.find(self._run)
        while start >= 0:
            end = mask.find(0, start)
            end = len(mask) if end < 0 else end
            yield start, end
            start = mask.find(self._run, end)


def plain_ascii(text: str) -> str:
    """The text with a `?` for each character that isn't ASCII: every other one keeps its place."""
    return text if text.isascii() else text.encode("ascii", "replace").decode("ascii")
