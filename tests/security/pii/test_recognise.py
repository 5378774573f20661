"""Every number here is a documented example or nobody's.

The mobile range 154, the county 119999 and the bank 12345678 don't exist; their check digits are right.
"""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum import iban, luhn
from stdnum.cn import ric

from registry_tool.core.finding import Problem, Severity
from registry_tool.manifest.load import load
from registry_tool.resolver.candidates import FixedSource
from registry_tool.rules.base import RuleContext, Subject, VersionContent
from registry_tool.rules.personal_data import MOST_IN_A_FILE, RULE
from registry_tool.security.pii import examples as pii_examples
from registry_tool.security.pii import recognise as pii
from registry_tool.security.pii.examples import is_documented_example
from registry_tool.security.pii.recognise import find_personal_data, mask
from tests import bounded

CARD = "453900000000001" + luhn.calc_check_digit("453900000000001")
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


def test_every_documented_example_would_be_found() -> None:
    for kind, examples in pii_examples._EXAMPLES.items():
        for text in examples:
            assert found(text) == [(kind, text)]
            assert is_documented_example(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("card", "4242 4242 4242 4242"),
        ("iban", "DE89 3704 0044 0532 0130 00"),
        ("cn-resident-id", "11010519491231002x"),
        ("phone", "+1 (202) 555-0143"),
        ("phone", "+44 20 7946 0958"),
        ("email", "Ada@Example.COM"),
        ("email", "ada@mail.example.org"),
        ("email", "ada@shop.test"),
        ("email", "123+ada@users.noreply.github.com"),
        ("email", "no-reply@corp.com"),
        ("email", "git@github.com"),
    ],
)
def test_documented_examples(kind: str, text: str) -> None:
    assert found(text) == [(kind, text)]
    assert is_documented_example(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("card", CARD),
        ("iban", "4242424242424242"),
        ("phone", "+1 202 555 1143"),
        ("email", "ada@notexample.com"),
        ("email", "ada@example.com.cn"),
    ],
)
def test_other_texts_are_no_documented_examples(kind: str, text: str) -> None:
    assert not is_documented_example(kind, text)


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


def problems(description: str = "Says hello", **files: bytes) -> list[Problem]:
    path = "registry/workflows/hello/1.0.0/manifest.yaml"
    text = MANIFEST.format(description=description)
    content = {"manifest.yaml": text.encode(), **files}
    subject = Subject(
        load(text, path),
        {name: VersionContent(data) for name, data in content.items()},
        RuleContext(FixedSource()),
        "hello",
        "1.0.0",
    )
    return list(RULE.check(subject))


def test_who_signs_the_manifest_is_not_judged() -> None:
    assert problems() == []
    (problem,) = problems("Ask ada@corp.com")
    assert (problem.path, problem.location) == ("manifest.yaml", (8, 20))
    assert problem.severity is Severity.WARNING


def test_another_value_on_the_authors_line_is_judged() -> None:
    text = (
        "{apiVersion: puppyai.com/v1, kind: Workflow, metadata: {name: hello, version: 1.0.0-a, "
        f'author: ada@corp.com, description: "{CARD}" }}, spec: {{blocks: [], edges: []}}}}'
    )
    subject = Subject(
        load(text, "manifest.yaml"),
        {"manifest.yaml": VersionContent(text.encode())},
        RuleContext(FixedSource()),
    )
    assert [problem.severity for problem in RULE.check(subject)] == [Severity.HOLD]


def test_values_are_never_repeated() -> None:
    (problem,) = problems(a=f"one\n  {CARD}\n".encode())
    assert (problem.path, problem.location, problem.severity) == ("a", (2, 3), Severity.HOLD)
    assert CARD not in problem.message + problem.help


def test_many_addresses_do_not_hide_a_card() -> None:
    found_there = problems(a=b"ada@corp.com\n" * 30 + CARD.encode())
    assert len(found_there) == MOST_IN_A_FILE
    assert found_there[0].severity is Severity.HOLD
    assert found_there[0].location == (31, 1)


def test_binary_and_compiled_files_are_left() -> None:
    files = {"workflow.json": CARD.encode(), "a.bin": b"\xff " + CARD.encode()}
    assert problems(**files) == []


def test_an_ordinary_manifest_costs_next_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(7)  # noqa: S311 - words, not keys
    words = "spec edges block the text of a review 2024-02-20T09:00:00Z 5m { id: who }".split()  # noqa: SIM905
    text = MANIFEST + " ".join(rng.choice(words) for _ in range(350))
    assert not pii._NUMBER.search(text)  # one search, and nothing else but addresses is looked for
    monkeypatch.setattr(pii, "_number_starts", lambda _: pytest.fail("looked for numbers"))
    assert {item.kind for item in find_personal_data(text)} == {"email"}
