"""How much personal data is recognised, and how many harmless texts are: measured on two corpora."""

from __future__ import annotations

import pytest
from stdnum.cn import ric

from registry_tool.core.values import Value
from registry_tool.security.handling import PersonalDataError, handle_inputs, private_text
from registry_tool.security.pii.examples import is_documented_example
from registry_tool.security.pii.recognise import find_personal_data, mask
from tests import bounded
from tests.security.recogniser_corpora import labelled, lines

RECOGNISED, MISTAKEN = 0.95, 0.02
PERSONAL = labelled("personal/recognised.txt")
HARMLESS = lines("personal/harmless.txt")
ID = "11999919900307123" + ric.calc_check_digit("119999199003071230")


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


@pytest.mark.parametrize("mode", ["mask", "strip", "reject"])
def test_every_mode_meets_odd_spellings(mode: str) -> None:
    for _, text in PERSONAL:
        if not list(find_personal_data(text)):
            continue
        if mode == "reject":
            with pytest.raises(PersonalDataError) as error:
                handle_inputs({"text": text}, mode, ())
            assert text not in str(error.value)
        else:
            (left,) = handle_inputs({"text": text}, mode, ()).values()
            assert not list(find_personal_data(str(left))), text
        assert not list(find_personal_data(private_text(text)))


@pytest.mark.parametrize(
    "number",
    [4242424242424242, 15400000000, int(ID), 4242424242424242.0, 8615400000000],
)
@pytest.mark.parametrize("mode", ["mask", "strip", "reject"])
def test_a_json_number_is_recognised(number: Value, mode: str) -> None:
    with pytest.raises(PersonalDataError) as error:
        handle_inputs({"deep": [{"number": number}]}, mode, ())
    assert str(number) not in str(error.value)


@pytest.mark.parametrize(
    "number", [0, 1708419600, 1708419600000, 4096, 3.5, 1e300, float("nan"), True]
)
def test_other_json_numbers_pass(number: Value) -> None:
    assert str(handle_inputs({"n": number}, "mask", ())["n"]) == str(number)


@pytest.mark.parametrize(
    "unit", ["１", "＠", "a＠", "4\u00a0", "+１.", "１\u200b", "例", "例@", "4242 4242 4242 4242 "]
)
def test_much_odd_text_takes_no_square(unit: str) -> None:
    text = unit * (250_000 // len(unit))
    with bounded.ends():
        found = list(find_personal_data(text))
    assert bool(found) == unit.startswith("4242")
