"""Lists that are read as far as somebody looks."""

from __future__ import annotations

from collections.abc import Iterator

from puppyai.workflows import Listing


def counted(read: list[int], pages: int = 3) -> Iterator[list[int]]:
    for page in range(pages):
        read.append(page)
        yield [] if page == 1 else [page * 2, page * 2 + 1]


def test_only_what_is_looked_at_is_read() -> None:
    read: list[int] = []
    listing = Listing(counted(read))
    assert read == []
    assert listing
    assert listing[1] == 1
    assert read == [0]
    assert repr(listing) == "<Listing: 2 items in 1 pages read so far>"
    assert listing[:3] == [0, 1, 4]
    assert len(listing) == 4
    assert list(listing) == list(listing) == [0, 1, 4, 5]
    assert listing[-1] == 5
    assert [len(page) for page in listing.pages()] == [2, 0, 2]
    assert read == [0, 1, 2]
    assert 4 in listing


def test_an_empty_one_is_false() -> None:
    assert not Listing(iter([]))
    assert not Listing(iter([[], []]))
    assert list(Listing(iter([[]]))) == []


def test_two_iterations_at_once_see_the_same() -> None:
    listing = Listing(counted([]))
    one, other = iter(listing), iter(listing)
    assert [next(one), next(other), next(one), next(other)] == [0, 0, 1, 1]
    assert [*one] == [*other] == [4, 5]
