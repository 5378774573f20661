"""Personal data in inputs: kept, masked, stripped or refused; and texts that leave a run."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Value
from registry_tool.security.handling import (
    PERSONAL,
    PersonalDataError,
    PrivateText,
    handle_inputs,
    private_text,
    private_value,
)
from registry_tool.security.pii.recognise import find_personal_data
from tests.security.recogniser_corpora import labelled

MAIL, CARD, PHONE, IBAN = (
    "ada.lovelace@corp.dev",
    "4539 1488 0343 6467",
    "+49 151 23456789",
    "DE75 5121 0800 1245 1261 99",
)
ITEMS = [MAIL, CARD, PHONE, IBAN]
_pieces = st.lists(
    st.sampled_from([*ITEMS, " ", "\n", "x", "1", "+", "@", "a.b", "4539", "[EMAIL]", "你"])
    | st.text(max_size=3),
    max_size=9,
).map("".join)
_values = st.recursive(
    _pieces | st.integers(-99, 99) | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_pieces, inner, max_size=3),
    max_leaves=6,
)


def leaves(value: Value) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)]
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in (key, *leaves(item))]
    return []


def test_keep_changes_nothing() -> None:
    given_ = {"text": f"write to {MAIL}", "n": 1}
    assert handle_inputs(given_, "keep", {"text"}) == given_


def test_mask_puts_the_kind_in_its_place_wherever_it_stands() -> None:
    inputs: dict[str, Value] = {
        "text": f"{MAIL} paid with {CARD}",
        "deep": {"a": [PHONE, {MAIL: IBAN, "n": 7}], "b": None},
    }
    assert handle_inputs(inputs, "mask", ()) == {
        "text": "[EMAIL] paid with [CARD]",
        "deep": {"a": ["[PHONE]", {"[EMAIL]": "[IBAN]", "n": 7}], "b": None},
    }


def test_strip_takes_it_out() -> None:
    assert handle_inputs({"text": f"{MAIL} paid"}, "strip", ()) == {"text": " paid"}


def test_keys_that_become_the_same_stay_apart() -> None:
    inputs: dict[str, Value] = {"book": {MAIL: 1, "ben@corp.dev": 2, "[EMAIL] 2": 3}}
    handled = handle_inputs(inputs, "mask", ())["book"]
    assert isinstance(handled, dict)
    assert sorted(handled.values(), key=str) == [1, 2, 3]


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        (MAIL, "an e-mail address"),
        (CARD, "a payment card's number"),
        (PHONE, "a phone number"),
        (IBAN, "a bank account (IBAN)"),
        ("110105199003077219", "a Chinese resident id"),
    ],
)
def test_reject_names_the_input_and_the_kind_and_not_the_value(item: str, kind: str) -> None:
    for value in (item, f"so: {item}!", [[item]], {"k": {"l": item}}, {item: 1}):
        with pytest.raises(PersonalDataError) as caught:
            handle_inputs({"fine": "x", "text": value}, "reject", (), "greeter:1.0.0")
        assert caught.value.reason.startswith(f"the input 'text' holds {kind}")
        assert item not in str(caught.value)
        assert caught.value.hint
    assert handle_inputs({"text": "nothing"}, "reject", ()) == {"text": "nothing"}


def test_a_card_as_a_number_cant_be_hidden_and_is_refused_in_words() -> None:
    number = 4539148803436467
    for mode in ("mask", "strip"):
        with pytest.raises(PersonalDataError, match="as a JSON number") as caught:
            handle_inputs({"n": [number]}, mode, ())
        assert str(number) not in str(caught.value)
    with pytest.raises(PersonalDataError, match="a payment card's number"):
        handle_inputs({"n": number}, "reject", ())
    assert handle_inputs({"n": 4539148803436468}, "mask", ()) == {"n": 4539148803436468}


@pytest.mark.parametrize(("mode", "instead"), [("mask", PERSONAL), ("strip", "")])
def test_a_marked_input_is_hidden_whole(mode: str, instead: str) -> None:
    inputs: dict[str, Value] = {
        "name": "Ada Lovelace",
        "empty": "",
        "file": {"name": "Ada", "age": 36, "tags": ["tall"]},
        "other": "Ada Lovelace",
    }
    assert handle_inputs(inputs, mode, {"name", "empty", "file"}) == {
        "name": instead,
        "empty": "",
        "file": {"name": instead, "age": None, "tags": [instead]},
        "other": "Ada Lovelace",
    }


def test_a_marked_number_cant_be_hidden() -> None:
    for mode in ("mask", "strip"):
        with pytest.raises(PersonalDataError, match="only text can be hidden") as caught:
            handle_inputs({"age": 36}, mode, {"age"})
        assert "36" not in str(caught.value)


def test_reject_refuses_whatever_a_marked_input_holds() -> None:
    for value in ("Ada", 0, False, ["x"]):
        with pytest.raises(PersonalDataError, match="marked as personal"):
            handle_inputs({"name": value}, "reject", {"name"})
    for nothing in ("", None, [], {}):
        assert handle_inputs({"name": nothing}, "reject", {"name"}) == {"name": nothing}


@given(_values, st.sampled_from(["mask", "strip"]), st.booleans())
def test_nothing_recognised_is_left_and_twice_is_once(
    value: Value, mode: str, marked: bool
) -> None:
    names = {"x"} if marked else set()
    try:
        once = handle_inputs({"x": value}, mode, names)
    except PersonalDataError:
        assert marked
        return
    assert not [found for leaf in leaves(once["x"]) for found in find_personal_data(leaf)]
    assert handle_inputs(once, mode, names) == once


@given(_values)
def test_reject_passes_exactly_what_holds_nothing(value: Value) -> None:
    holds = any(True for leaf in leaves(value) for _ in find_personal_data(leaf))
    try:
        handle_inputs({"x": value}, "reject", ())
    except PersonalDataError:
        assert holds
    else:
        assert not holds


def test_stripping_a_long_hostile_text_ends() -> None:
    """Each address that is taken out makes another one of its neighbours."""
    text = "a" * 500 + "a@b.cc" * 500
    handled = handle_inputs({"x": text}, "strip", ())["x"]
    assert isinstance(handled, str)
    assert not list(find_personal_data(handled))


def test_private_text_takes_out_credentials_and_personal_data() -> None:
    token = "ghp_" + "a1B2" * 9
    said = private_text(f"{MAIL} sent {token} and {CARD}")
    assert said == "[EMAIL] sent [SECRET] and [CARD]"
    assert private_value({"k": [f"x {MAIL}", 1, None]}) == {"k": ["x [EMAIL]", 1, None]}


@pytest.mark.parametrize(
    "quote",
    [
        "{}",
        "can't read {!r}",
        "{0!r:.40}",
        "got '{0:.30}…'",
        "twice: {0} and {0}",
    ],
)
def test_what_is_quoted_of_a_personal_input_is_taken_out(quote: str) -> None:
    value = 'Ada "the countess" Lovelace,\nborn 1815 in London'
    private = PrivateText([value])
    for text in (quote.format(value), quote.format(json.dumps(value))):
        said = private(text)
        assert "Ada" not in said, said
        assert PERSONAL in said


def test_parts_of_a_structure_are_known_too() -> None:
    private = PrivateText([{"name": "Grace Hopper", "born": 1906, "ok": True}])
    assert private("no 'Grace Hopper' of 1906 is True") == f"no '{PERSONAL}' of {PERSONAL} is True"


def test_short_values_and_the_placeholder_itself_are_no_needles() -> None:
    assert PrivateText(["a", PERSONAL, ""])("a cat") == "a cat"
    assert PrivateText([PERSONAL])(PERSONAL) == PERSONAL


def test_an_errors_words_are_cleaned_and_its_class_stays() -> None:
    error = PrivateText(["Ada Lovelace"]).error(
        PersonalDataError("no Ada Lovelace", location="x", hint=f"ask {MAIL}")
    )
    assert isinstance(error, PersonalDataError)
    assert str(error) == f"x: no {PERSONAL} (ask [EMAIL])"
    assert error.args == (f"no {PERSONAL}",)
    assert isinstance(PrivateText().error(RegistryError("x")), RegistryError)


CORPUS = labelled("personal/recognised.txt")


ID = "11999919900307123" + ric.calc_check_digit("119999199003071230")


@pytest.mark.parametrize("mode", ["mask", "strip", "reject"])
def test_every_mode_meets_odd_spellings(mode: str) -> None:
    for _, text in CORPUS:
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


@pytest.mark.parametrize("mode", ["mask", "strip", "reject"])
def test_a_picture_can_be_searched_for_nothing_and_is_refused(mode: str) -> None:
    picture = {"photos": [{"url": "data:image/png;base64,iVBORw0KGgo="}]}
    with pytest.raises(PersonalDataError, match="'photos' holds a picture"):
        handle_inputs(picture, mode, ())
    assert handle_inputs(picture, "keep", ()) == picture


@pytest.mark.parametrize("begins", ["iVBORw0KGgo", "/9j/4AAQ", "R0lGODlh", "UklGRhAAAABXRUJQ"])
def test_a_bare_picture_is_refused_too_since_a_workflow_can_write_its_address(begins: str) -> None:
    for value in (begins + "A" * 60, [f"\n{begins}{'A' * 60}"]):
        with pytest.raises(PersonalDataError, match="'photo' holds a picture"):
            handle_inputs({"photo": value}, "mask", ())
    words = {"photo": f"{begins} is how some begin"}
    assert handle_inputs(words, "mask", ()) == words
