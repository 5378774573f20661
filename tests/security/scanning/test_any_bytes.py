"""Whatever a file holds, the scans end with findings and never with an error."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from tests.security.scanning.corpus import cases, one_file
from tests.security.scanning.verdicts import found_in

PATHS = ("docs/a.md", "docs/a.svg", "resources/a.json", "resources/a.docx")
SMALL = 4_000
SEEDS = [
    data
    for case in cases()
    for path, data in case.files.items()
    if path not in {"manifest.yaml", "workflow.json"} and len(data) < SMALL
]


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one changed, and a part of another file among them or the end cut off."""
    changed = bytearray(data)
    at = chance.randrange(len(changed) or 1)
    changed[at : at + 1] = chance.randbytes(1)
    other = chance.choice(SEEDS)
    if chance.random() < 0.5:
        return bytes(changed[: at + 1])
    changed[at:at] = other[chance.randrange(len(other) or 1) :]
    return bytes(changed)


@given(st.sampled_from(PATHS), st.binary(max_size=200))
def test_bytes_of_chance(path: str, content: bytes) -> None:
    for finding in found_in(one_file(path, content)):
        assert finding.help


@given(st.sampled_from(PATHS), st.integers(0, 2**32))
def test_files_of_the_corpus_damaged(path: str, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    for finding in found_in(one_file(path, damaged(chance.choice(SEEDS), chance))):
        assert finding.help
