"""Where numbers may start: the expressions that are quick find what trying every place finds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from hypothesis import example, given
from hypothesis import strategies as st
from stdnum import luhn

from registry_tool.security.pii import numbers
from registry_tool.security.pii.mail import addresses
from registry_tool.security.pii.phones import phone_finder
from registry_tool.security.pii.recognise import MASKS, Kind, find_personal_data
from registry_tool.security.pii.text import plain_text
from tests.security.recogniser_corpora import labelled, lines

_TAKEN = "\uffff"
_AFTER_MASK = "".join(rf"(?<!{re.escape(mask)})" for mask in MASKS.values())
_STARTS = re.compile(
    r"(?=\+|\((?:00)?\d{2,4}\)|(?<!\d\.)\d|[A-Za-z]{2}\d\d)"
    r"(?:(?<![^\W_])|(?<=[g-zG-Z])|(?<=[g-zG-Z][A-Za-z])|(?<=[g-zG-Z][A-Za-z]{2})|(?<=\\[nrt])|"
    rf"(?<=\\u[0-9a-fA-F]{{4}})){_AFTER_MASK}",
    re.ASCII,
)
_TAIL = re.compile(r"(?<=\d)(?<!\d{9})(?=\d{15,18}[Xx]?(?![0-9A-Za-z]|\.\d))", re.ASCII)


def slowly(original: str) -> list[tuple[int, int, Kind]]:
    """What is found where every place is tried for every form."""
    plain = plain_text(original)
    text, found = plain.text, list[tuple[int, int, Kind]]()
    starts = [match.start() for match in _STARTS.finditer(text)]
    tails = {match.start() for match in _TAIL.finditer(text)}
    letters = [start for start in starts if text[start].isalpha()]
    digits = [start for start in starts if not text[start].isalpha()]
    checked = sorted({*digits, *tails})

    def take(kind: Kind, spans: Iterator[tuple[int, int]]) -> None:
        nonlocal text
        for start, end in list(spans):
            found.append((*plain.original(start, end), kind))
            text = text[:start] + _TAKEN * (end - start) + text[end:]

    def tried(starts: list[int], end_of: Callable[[str, int], int]) -> Iterator[tuple[int, int]]:
        done = 0
        for start in starts:
            if start >= done and (end := end_of(text, start)):
                yield start, (done := end)

    take("iban", tried(letters, numbers.iban_end))
    take("cn-resident-id", tried(checked, numbers.resident_id_end))
    take("card", tried(checked, numbers.card_finder()))
    take("cn-resident-id", tried(digits, numbers.old_resident_id_end))
    take("email", addresses(text, (_TAKEN, *MASKS.values())))
    take("phone", tried(digits, phone_finder()))
    return sorted(found)


_TEXTS = [text for _, text in labelled("personal/recognised.txt")]
_TEXTS += lines("personal/harmless.txt")
_PIECES = st.one_of(
    st.sampled_from(_TEXTS),
    st.sampled_from(_TEXTS).flatmap(
        lambda text: st.integers(0, len(text)).map(lambda at: text[at:])
    ),
    st.text("0123456789", min_size=1, max_size=24),
    st.text("0123456789 -.+(", min_size=1, max_size=24),
    st.sampled_from(
        [*" -./()+@\\X\n", "00", "86", "\\n", "\\u4f60", "a", "gX", "ABC", *MASKS.values()]
    ),
    st.sampled_from(["１", "中", "\u200b", "\xad", "é", "1 (", "+ 4", "(010) ", " 转", " ext "]),
)


@given(st.lists(_PIECES, max_size=8).map("".join))
@example("\\u4f60+4915112345678")
@example("+4300000")
@example("a\\u4f6a4242424242424242")
@example("g\xad4242\u200b424242424242\xad \u200ba@b.org")
def test_the_quick_way_finds_what_trying_every_place_finds(text: str) -> None:
    found = [(item.start, item.end, item.kind) for item in find_personal_data(text)]
    assert found == slowly(text)


@given(st.text("0123456789", min_size=1, max_size=19))
def test_a_check_digit_is_right_where_the_library_says_so(digits: str) -> None:
    assert numbers.has_luhn_digit(digits) == luhn.is_valid(digits)
