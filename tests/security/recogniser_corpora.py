"""The corpora of the recognisers: readable files of one text a line, of our own making; and numbers of nobody."""

from __future__ import annotations

from pathlib import Path

from stdnum import luhn

from tests.marks import expanded

FOLDER = Path(__file__).parent
CARD = "453900000000001" + luhn.calc_check_digit("453900000000001")
"""Of a bank that does not exist, with a right check digit."""


def lines(path: str) -> list[str]:
    """Every line of a corpus with its marks replaced; the first one, a comment, says what it holds."""
    first, *rest = (FOLDER / path).read_text().splitlines()
    assert first.startswith("# ")
    return [expanded(line) for line in rest]


def labelled(path: str) -> list[tuple[str, str]]:
    """(label, text) of every line `label | text`."""
    return [(label, text) for label, _, text in (line.partition(" | ") for line in lines(path))]
