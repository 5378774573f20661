"""Whatever single thing is done to a chain, it shows, and the first link that is wrong is named."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError
from registry_tool.core.hash_chain import Chain, ChainProblem, first_broken, hash_of, link_path


@dataclass(frozen=True)
class Link:
    number: int
    previous: str
    environment: str = "production"


def read(data: bytes, location: str) -> Link:
    try:
        return Link(**json.loads(data))
    except (ValueError, TypeError):
        raise RegistryError("not a valid link", location=location) from None


def chain(length: int, first: str = "") -> list[tuple[str, bytes]]:
    files: list[tuple[str, bytes]] = []
    previous = first
    for number in range(1, length + 1):
        data = json.dumps({"number": number, "previous": previous}).encode()
        files.append((link_path("a", number), data))
        previous = hash_of(data)
    return files


LINKS = Chain("link", read)


def broken(files: list[tuple[str, bytes]], links: Chain[Link] = LINKS) -> ChainProblem | None:
    return first_broken(links.check(files, "a", "production"))


@given(st.integers(0, 6))
def test_a_whole_chain_holds(length: int) -> None:
    assert broken(chain(length)) is None


@given(st.integers(0, 4))
def test_what_was_taken_out_is_missing(at: int) -> None:
    files = chain(6)
    assert broken(files[:at] + files[at + 1 :]) == ChainProblem(
        link_path("a", at + 2), f"the link {at + 1} is missing"
    )


@given(st.integers(0, 4))
def test_what_was_changed_shows_in_the_next_one(at: int) -> None:
    files = chain(6)
    files[at] = (files[at][0], files[at][1] + b" ")
    assert broken(files) == ChainProblem(
        link_path("a", at + 2), "the link before it was changed or taken out"
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"number": 7}, "the link says that it is number 7"),
        ({"environment": "staging"}, "the link is another environment's"),
        ({"previous": "00"}, "the link before it was changed or taken out"),
        ({"more": 1}, "not a valid link"),
    ],
)
def test_a_wrong_member_is_named(change: dict[str, object], reason: str) -> None:
    files = chain(3)
    path, data = files[1]
    files[1] = (path, json.dumps({**json.loads(data), **change}).encode())
    assert broken(files) == ChainProblem(path, reason)


def test_only_a_chain_that_follows_another_begins_with_a_hash() -> None:
    files = chain(2, first=hash_of(b"the month before"))
    assert broken(files) == ChainProblem(files[0][0], "the link before it was changed or taken out")
    assert broken(files, Chain("link", read, follows=True)) is None


def test_those_after_an_unreadable_one_are_checked_still() -> None:
    files = chain(3)
    files[0] = (files[0][0], b"{")
    found = [one.problem for one in LINKS.check(files, "a", "production")]
    assert found == ["not a valid link", "the link before it was changed or taken out", ""]
