"""The parser of acceptance labels: exactly the labels that are written as words, and the id of who set them."""

from __future__ import annotations

import hashlib
import random
import re

from registry_tool.commands.review.acceptance import LABEL_DIGITS, LABEL_HEAD, acceptance_from
from registry_tool.core.errors import UsageError
from tests.fuzz.target import Target

_FORM = re.compile(r"accept-[0-9a-f]{8}-[0-9a-f]{32}\Z")
_WORD = re.compile(r"[\w-]+")


def check(data: bytes) -> None:
    """A text's labels are its words of that form; a label's own text gives it back; texts never join into one."""
    text = data.decode("utf-8", "replace")
    found = acceptance_from([text]).labels
    assert found == {word for word in _WORD.findall(text) if _FORM.match(word)}, "other labels"
    for label in found:
        assert len(label) == 8 + LABEL_HEAD + LABEL_DIGITS <= 50, "longer than a forge's labels"
        assert acceptance_from([label]).labels == {label}, "a label is not read as itself"
    half = len(text) // 2
    parts = acceptance_from([text[:half], text[half:]]).labels
    alone = acceptance_from([text[:half]]).labels | acceptance_from([text[half:]]).labels
    assert parts == alone, "two texts join into a label"
    digest = hashlib.sha256(data).hexdigest()
    made = f"accept-{digest[:LABEL_HEAD]}-{digest[LABEL_HEAD : LABEL_HEAD + LABEL_DIGITS]}"
    assert made in acceptance_from([f"{text}\n{made}\n{text}"]).labels, "a label is not found"
    _who(text)


def _who(text: str) -> None:
    """An id is digits of ASCII and reads as itself; everything else is refused."""
    for word in text.split()[:4]:
        try:
            by = acceptance_from([], word).by
        except UsageError as error:
            says_enough_of_an_id(error)
        else:
            assert re.fullmatch("[0-9]{1,18}", word), "no id is read as one"
            assert by == int(word), "another id"


def says_enough_of_an_id(error: UsageError) -> None:
    """The option's name is the place, which the command knows; the reason quotes the word."""
    assert error.reason and error.hint, "an error without a reason or a way out"


def _mutated(data: bytes, rng: random.Random) -> bytes:
    """A label with a sign changed, glued to something, or among words."""
    head = "".join(rng.choice("0123456789abcdef") for _ in range(rng.choice((7, 8, 8, 8, 9))))
    bits = "".join(rng.choice("0123456789abcdef") for _ in range(rng.choice((31, 32, 32, 32, 33))))
    glue = ("", " ", ",", "\n", "-", "_", ".", "\u00e9", "\u0660", "\u200b", "\x00", '"', "accept-")
    label = f"{rng.choice(glue)}accept-{head}-{bits}{rng.choice(glue)}".encode()
    at = rng.randint(0, len(data))
    return data[:at] + label + data[at:]


def _seeds() -> dict[str, bytes]:
    label = f"accept-{'0a' * 4}-{'1b' * 16}"
    return {
        "one": label.encode(),
        "two": f"{label}, accept-{'f' * 8}-{'e' * 32}".encode(),
        "upper case": label.upper().encode(),
        "other digits": label.replace("0", "\u0660").encode(),
        "in a word": f"x{label}y {label}-1 \u00e9{label}".encode(),
        "ids": b"583231 0 007 -1 1e3 \xd9\xa3\xd9\xa4 999999999999999999 1000000000000000000",
        "empty": b"",
    }


TARGET = Target(
    "label",
    "registry_tool/commands/review/acceptance.py",
    check,
    _seeds,
    ("accept-", "-", "0a0a0a0a", "1b" * 16, "\u0660", "\u200b"),
    _mutated,
    largest=2048,
)
