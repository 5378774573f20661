"""Every number here is a documented example or nobody's.

The mobile range 154, the county 119999 and the bank 12345678 don't exist; their check digits are right.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum import iban, luhn
from stdnum.cn import ric

from registry_tool.security.pii import numbers
from registry_tool.security.pii import recognise as pii
from registry_tool.security.pii.examples import is_documented_example
from registry_tool.security.pii.mail import addresses
from registry_tool.security.pii.phones import phone_finder
from registry_tool.security.pii.recognise import MASKS, Kind, find_personal_data, mask
from registry_tool.security.pii.text import plain_text
from tests import bounded
from tests.security.recogniser_corpora import CARD, labelled, lines

AMEX = "37123456789012"
AMEX += luhn.calc_check_digit(AMEX)
UNIONPAY = "622202123456789012"
UNIONPAY += luhn.calc_check_digit(UNIONPAY)
IBAN = f"DE{iban.calc_check_digits('DE00123456780000123456')}123456780000123456"
ID = "11999919900307123"
ID += ric.calc_check_digit(ID + "0")
PHONE = "+86 154 0000 0000"


def found(text: str) -> list[tuple[str, str]]:
    return [(item.kind, text[item.start : item.end]) for item in find_personal_data(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Card {CARD}.", [("card", CARD)]),
        (f"卡号{CARD}，谢谢", [("card", CARD)]),
        (f"{UNIONPAY[:6]} {UNIONPAY[6:]}", [("card", f"{UNIONPAY[:6]} {UNIONPAY[6:]}")]),
        (
            f"{AMEX[:4]}-{AMEX[4:10]}-{AMEX[10:]}",
            [("card", f"{AMEX[:4]}-{AMEX[4:10]}-{AMEX[10:]}")],
        ),
        ("pay 4242 4242 4242 4242 123", [("card", "4242 4242 4242 4242")]),
        ("4000 4242 4242 4242 4242", [("card", "4242 4242 4242 4242")]),
        (f"IBAN {IBAN} and", [("iban", IBAN)]),
        ("GB82 WEST 1234 5698 7654 32 TODAY", [("iban", "GB82 WEST 1234 5698 7654 32")]),
        (f"身份证{ID}", [("cn-resident-id", ID)]),
        ("11010519491231002x", [("cn-resident-id", "11010519491231002x")]),
        (f"call {PHONE}!", [("phone", PHONE)]),
        ("+1 (415) 103-2671", [("phone", "+1 (415) 103-2671")]),
        ("手机15400000000", [("phone", "15400000000")]),
        ("154-0000-0000", [("phone", "154-0000-0000")]),
        ("联系ada.l+x@mail.corp.cn。", [("email", "ada.l+x@mail.corp.cn")]),
        ("<ada@corp.com>. And", [("email", "ada@corp.com")]),
        ("15400000000@corp.com", [("email", "15400000000@corp.com")]),
        (r'"\nada@corp.com\n15400000000"', [("email", "ada@corp.com"), ("phone", "15400000000")]),
        (rf'"\u53f7{CARD}"', [("card", CARD)]),
        (f"{PHONE}, ada@corp.com", [("phone", PHONE), ("email", "ada@corp.com")]),
    ],
)
def test_personal_data_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        CARD[:-1] + str((int(CARD[-1]) + 1) % 10),  # a wrong check digit
        f"0.{CARD}",  # a fraction
        f"{CARD}.5",
        f"a{CARD}",  # a hash
        f"{CARD}f",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
        "2024-02-20T09:00:00Z 1708419600000 1708419600000000000",
        "+2024-01-01 12:00",  # a line of a diff
        "5500e840-e29b-4111-1111-111111111111",
        "DE00123456780000123456",
        "ZZ82 WEST 1234 5698 7654 32",
        "119999199002301233",  # 30 February, with its check digit
        "119999199003071231",  # a wrong check digit
        "115400000000",
        "12912345678",
        "1e+12345678",
        "ada@localhost",
        "logo@2x.png",
        "actions/checkout@v4.1.2",
        "@decorator.call",
        "{{user}}@corp.com",
        ".@corp.com",
        "ada.@corp.com",
        "a" * 65 + "@corp.com",
    ],
)
def test_what_only_looks_alike_is_left(text: str) -> None:
    assert found(text) == []


def test_mask_names_the_kind() -> None:
    text = f"{CARD}|{IBAN}|{ID}|{PHONE}|ada@corp.com"
    assert mask(text) == "[CARD]|[IBAN]|[ID]|[PHONE]|[EMAIL]"


_PIECES = st.sampled_from(
    (CARD, AMEX, IBAN, ID, PHONE, "+86", "15400000000", "4242 4242 4242 4242", "a@b.co", "a@b.co-")
) | st.sampled_from((*"@.-_ +()7x]\uffff", "\\n", "\\u", "GB82", "[CARD]"))


@given(st.lists(_PIECES, max_size=12).map("".join) | st.text())
@example("+86 138 0013 4242 4242 4242 4242")
@example("a@b.co-15400000000")
@example("4242424242424242.+86 154 0000 0000")
@example("a@b.com@c.com_@d.com")
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask(text)
    assert mask(once) == once
    assert found(once) == []


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_places_are_in_order_and_apart(text: str) -> None:
    end = 0
    for item in find_personal_data(text):
        assert end <= item.start < item.end <= len(text)
        end = item.end


@pytest.mark.parametrize(
    "unit", [*"07aAX@.+-( _\\\u4f60", "a@", "1 ", "4-", "+1", "GB82", "a.", "4 (", "13"]
)
def test_a_megabyte_takes_no_square(unit: str) -> None:
    with bounded.ends():
        assert list(find_personal_data(unit * (1_000_000 // len(unit)))) == []


@pytest.mark.parametrize("unit", ["1 ", "4-", "+1", "GB8", "4 (", "7", "a"])
def test_what_is_no_number_is_never_judged(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One expression passes over it; no form is tried on it."""
    tried: list[int] = []
    for name in ("resident_id_end", "old_resident_id_end", "iban_end"):
        monkeypatch.setattr(pii.numbers, name, lambda text, start: tried.append(start) or 0)
    for name in ("card_finder", "phone_finder"):
        owner = pii.numbers if name == "card_finder" else pii
        monkeypatch.setattr(owner, name, lambda *_: lambda text, start: tried.append(start) or 0)
    assert list(find_personal_data(unit * 20_000)) == []
    assert len(tried) <= 5  # a run's beginning


MANIFEST = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata:
  name: hello
  version: "1.0.0"
  author: "Ada <ada@corp.com>"
  homepage: https://corp.com/@ada@corp.com
  description: {description}
spec:
  blocks: []
  edges: []
"""


def test_an_ordinary_manifest_costs_next_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(7)  # noqa: S311 - words, not keys
    words = "spec edges block the text of a review 2024-02-20T09:00:00Z 5m { id: who }".split()  # noqa: SIM905
    text = MANIFEST + " ".join(rng.choice(words) for _ in range(350))
    assert not pii._NUMBER.search(text)  # one search, and nothing else but addresses is looked for
    monkeypatch.setattr(pii, "_number_starts", lambda _: pytest.fail("looked for numbers"))
    assert {item.kind for item in find_personal_data(text)} == {"email"}


RECOGNISED, MISTAKEN = 0.95, 0.02


PERSONAL = labelled("personal/recognised.txt")


HARMLESS = lines("personal/harmless.txt")


def test_the_corpora_are_large_enough() -> None:
    assert len(set(PERSONAL)) == len(PERSONAL) >= 150
    assert len(set(HARMLESS)) == len(HARMLESS) >= 150
    assert {kind for kind, _ in PERSONAL} == {"card", "iban", "cn-resident-id", "phone", "email"}


def test_personal_data_is_recognised() -> None:
    missed = [
        (kind, text)
        for kind, text in PERSONAL
        if kind not in {i.kind for i in find_personal_data(text)}
    ]
    assert len(missed) <= (1 - RECOGNISED) * len(PERSONAL), missed


def test_harmless_texts_are_not() -> None:
    mistaken = [
        text
        for text in HARMLESS
        for item in find_personal_data(text)
        if not is_documented_example(item.kind, text[item.start : item.end])
    ]
    assert len(mistaken) <= MISTAKEN * len(HARMLESS), mistaken


def test_masking_leaves_nothing_that_is_recognised() -> None:
    for _, text in PERSONAL:
        assert not list(find_personal_data(mask(text))), text


@pytest.mark.parametrize(
    "unit", ["１", "＠", "a＠", "4\u00a0", "+１.", "１\u200b", "例", "例@", "4242 4242 4242 4242 "]
)
def test_much_odd_text_takes_no_square(unit: str) -> None:
    text = unit * (250_000 // len(unit))
    with bounded.ends():
        found = list(find_personal_data(text))
    assert bool(found) == unit.startswith("4242")


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


_CORPUS_PIECES = st.one_of(
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


@given(st.lists(_CORPUS_PIECES, max_size=8).map("".join))
@example("\\u4f60+4915112345678")
@example("+4300000")
@example("a\\u4f6a4242424242424242")
@example("g\xad4242\u200b424242424242\xad \u200ba@b.org")
def test_the_quick_way_finds_what_trying_every_place_finds(text: str) -> None:
    found = [(item.start, item.end, item.kind) for item in find_personal_data(text)]
    assert found == slowly(text)
