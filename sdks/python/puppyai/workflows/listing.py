"""Lists that are read page by page, as far as somebody looks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar, overload

T = TypeVar("T")


class Listing(Sequence[T]):
    """A list whose pages are fetched when an iteration reaches them, once each.

    `for` fetches lazily; `len()` and an index fetch what they need. Not meant for several threads at once.
    """

    def __init__(self, pages: Iterable[Sequence[T]]) -> None:
        self._coming = iter(pages)
        self._pages: list[Sequence[T]] = []
        self._items: list[T] = []

    def __iter__(self) -> Iterator[T]:
        position = 0
        while position < len(self._items) or self._fetch():
            if position < len(self._items):
                yield self._items[position]
                position += 1

    def pages(self) -> Iterator[Sequence[T]]:
        """Page by page, as the registry keeps them."""
        position = 0
        while position < len(self._pages) or self._fetch():
            yield self._pages[position]
            position += 1

    def __len__(self) -> int:
        """How many there are; fetches all pages."""
        self._fetch_all()
        return len(self._items)

    def __bool__(self) -> bool:
        """Whether there is one; fetches pages until the first."""
        return next(iter(self), _NONE) is not _NONE

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        """One item, or some; fetches pages until they are there."""
        last = index if isinstance(index, int) else index.stop
        if last is None or last < 0 or (isinstance(index, slice) and (index.start or 0) < 0):
            self._fetch_all()
        while last is not None and last >= len(self._items) and self._fetch():
            pass
        return self._items[index]

    def __repr__(self) -> str:
        return f"<Listing: {len(self._items)} items in {len(self._pages)} pages read so far>"

    def _fetch_all(self) -> None:
        while self._fetch():
            pass

    def _fetch(self) -> bool:
        """Fetch one more page; False where there is none."""
        page = next(self._coming, None)
        if page is None:
            return False
        self._pages.append(page)
        self._items.extend(page)
        return True


_NONE = object()


class AsyncListing(Generic[T]):
    """A list for `async for`; each iteration fetches its pages anew, in a thread."""

    def __init__(self, make: Callable[[], Listing[T]]) -> None:
        self._make = make

    def __aiter__(self) -> AsyncIterator[T]:
        return self._items()

    async def pages(self) -> AsyncIterator[Sequence[T]]:
        """Page by page, as the registry keeps them."""
        import asyncio

        coming = (await asyncio.to_thread(self._make)).pages()
        while (page := await asyncio.to_thread(next, coming, None)) is not None:
            yield page

    async def all(self) -> list[T]:
        """All items; fetches all pages."""
        return [item async for item in self]

    async def _items(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page:
                yield item
