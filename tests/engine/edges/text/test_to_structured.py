"""Text becomes lists and objects, in the editor's five ways."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.config import typed
from registry_tool.engine.edges.text.to_structured import MODES, ConversionConfig, split_at
from registry_tool.engine.edges.text.to_structured import text_to_structured as converted


def text_to_structured(content: Value, mode: Object) -> Value:
    """As the edge does it."""
    return converted(content, typed(ConversionConfig, mode))


@pytest.mark.parametrize(
    ("mode", "text", "wanted"),
    [
        ({}, "x", {"value": "x"}),
        ({"conversion_mode": "wrap_into_dict", "dict_key": "k"}, "x", {"k": "x"}),
        ({"conversion_mode": "wrap_into_dict"}, "", {}),
        ({"conversion_mode": "parse_as_list"}, "", []),
        ({"conversion_mode": "parse_as_list"}, "[1, 'a', None]", [1, "a", None]),
        ({"conversion_mode": "parse_as_list"}, '{"a": 1}', [{"a": 1}]),
        (
            {"conversion_mode": "parse_as_list"},
            "a [1] b {'c': 2} d",
            ["a", [1], "b", {"c": 2}, "d"],
        ),
        ({"conversion_mode": "parse_as_list"}, " just text ", ["just text"]),
        ({"conversion_mode": "parse_as_list"}, "[broken] and [1]", ["[broken] and", [1]]),
        ({"conversion_mode": "parse_as_json"}, '{"a": [1]}', {"a": [1]}),
        (
            {"conversion_mode": "parse_as_json"},
            "x {'a': 1} y [2] z",
            {"text_1": "x", "dict_1": {"a": 1}, "text_2": "y", "list_1": [2], "text_3": "z"},
        ),
        ({"conversion_mode": "parse_as_json"}, " plain ", {"text_1": "plain"}),
        ({"conversion_mode": "split_by_length", "length_separator": 2}, "abcde", ["ab", "cd", "e"]),
        (
            {"conversion_mode": "split_by_character", "list_separator": [";", "|"]},
            "a; b|;c",
            ["a", "b", "c"],
        ),
    ],
)
def test_text_becomes_structured(mode: Object, text: str, wanted: Value) -> None:
    assert text_to_structured(text, mode) == wanted


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@given(JSON)
def test_json_is_read_back_with_and_without_words_around_it(value: Any) -> None:
    mode: Object = {"conversion_mode": "parse_as_json"}
    text = json.dumps(value)
    assert text_to_structured(text, mode) == value
    if isinstance(value, dict) and not set("{}[]'\"\\") & set("".join(_strings(value))):
        wrapped = text_to_structured(f"So: {text} done", mode)
        assert wrapped == {"text_1": "So:", "dict_1": value, "text_2": "done"}


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in (*value, *value.values()) for text in _strings(item)]
    if isinstance(value, list):
        return [text for item in value for text in _strings(item)]
    return [value] if isinstance(value, str) else []


def test_json_escapes_are_read_as_json_does() -> None:
    text = '{"a": "\\ud83d\\ude00", "b": "http:\\/\\/x"}'
    assert text_to_structured(text, {"conversion_mode": "parse_as_json"}) == {
        "a": "😀",
        "b": "http://x",
    }


@given(st.text(), st.sampled_from(sorted(MODES)))
def test_whatever_the_text_there_is_a_list_or_an_object_or_the_value_itself(
    text: str, mode: str
) -> None:
    found = text_to_structured(text, {"conversion_mode": mode})
    assert isinstance(found, list | dict) or json.loads(text) == found


@pytest.mark.parametrize("text", ["NaN", "-Infinity", "1e999"])
def test_what_is_no_number_stays_text(text: str) -> None:
    assert text_to_structured(text, {"conversion_mode": "parse_as_json"}) == {"text_1": text}
    whole = text_to_structured(f"[{text}]", {"conversion_mode": "parse_as_list"})
    assert whole == [f"[{text}]"]


@pytest.mark.parametrize(
    "text", ["[" * 3000, "{" * 3000, "[1" + "]" * 3000, "[" + "9" * 5000 + "]"]
)
def test_what_no_reader_takes_stays_text(text: str) -> None:
    assert text_to_structured(text, {"conversion_mode": "parse_as_list"})


@pytest.mark.parametrize("text", ["{1, 2}", "[b'x']", "[...]", "{'a': {1}}"])
def test_python_that_is_no_json_is_text(text: str) -> None:
    assert text_to_structured(text, {"conversion_mode": "parse_as_json"}) == {"text_1": text}


@given(st.text("a,;. ", max_size=12), st.lists(st.sampled_from([",", ";", ". "]), min_size=1))
def test_parts_hold_no_separator_and_lose_nothing_else(text: str, separators: list[str]) -> None:
    parts = split_at(text, separators)
    assert all(part and part == str(part).strip() for part in parts)
    assert "".join(map(str, parts)).count("a") == text.count("a")
    assert not any(mark in str(part) for part in parts for mark in separators)


@given(st.text(max_size=30), st.integers(1, 9))
def test_slices_put_together_are_the_text(text: str, size: int) -> None:
    mode: Object = {"conversion_mode": "split_by_length", "length_separator": size}
    parts = text_to_structured(text, mode)
    assert isinstance(parts, list)
    assert "".join(map(str, parts)) == text
    assert all(len(str(part)) == size for part in parts[:-1])
