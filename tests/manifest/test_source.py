"""The strict door: what passes means the same to every YAML and JSON reader."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.files import MAX_INTEGER
from registry_tool.core.finding import FindingsError
from registry_tool.manifest.source import MAX_BYTES, MAX_DEPTH, load_document, load_tree

# 1e+3 is a float to YAML 1.2 and JSON; PyYAML alone takes it for a string, and writes one without quotes.
_EXPONENT = re.compile(r"[-+]?[0-9.]+[eE][-+]?[0-9]+")
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff"),
    max_size=8,
).filter(lambda text: not _EXPONENT.fullmatch(text))
FLOATS = st.floats(-1e6, 1e6) | st.floats(1e21, 1e300)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | FLOATS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def refused(text: str | bytes) -> str:
    with pytest.raises(FindingsError) as caught:
        load_tree(text, "m.yaml")
    return str(caught.value)


@given(VALUES)
def test_json_is_read_as_what_it_says(value: Any) -> None:
    assert load_tree(json.dumps(value, ensure_ascii=False), "m.yaml") == value


@given(VALUES)
def test_yaml_that_a_library_wrote_is_read_or_refused_but_never_misread(value: Any) -> None:
    """PyYAML writes YAML 1.1 and leaves out quotes wherever its own reader needs none."""
    text = yaml.safe_dump(value, allow_unicode=True)
    try:
        found = load_tree(text, "m.yaml")
    except FindingsError:
        return
    assert found == yaml.safe_load(text) == value


@given(st.text("0123456789-+._:eExob~nulyTrsofa", min_size=1, max_size=7))
def test_a_plain_word_means_the_same_to_yaml_1_1_or_is_refused(text: str) -> None:
    try:
        found = load_tree(f"[{text}]", "m.yaml")
    except FindingsError:
        return
    assert isinstance(found, list)
    old = yaml.safe_load(f"[{text}]")
    # 1e+3 is a float to YAML 1.2 and JSON and a string to PyYAML alone; everything else agrees.
    assert found == old or (isinstance(found[0], float) and found[0] == float(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: ~", None),
        ("a:", None),
        ("a: TRUE", True),
        ("a: -0", 0),
        ("a: 1.50", 1.5),
        ("a: .5", 0.5),
        ("a: 1.5e3", 1500.0),
        ("a: 1e+21", 1e21),
        ("a: 'no'", "no"),
        ("a: 1.2.3", "1.2.3"),
        ("a: '2024-01-01'", "2024-01-01"),
        ("a: 2024-01", "2024-01"),
        ("a: |\n  x\n  y", "x\ny"),
        ('a: "\\u00e9\\n"', "é\n"),
    ],
)
def test_scalars(text: str, value: Any) -> None:
    found = load_tree(text, "m.yaml")
    assert found == {"a": value}
    assert isinstance(found, dict)
    assert type(found["a"]) is type(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 010", "m.yaml:1:4: 010 means different things"),
        ("a: 0x1F", "means different things"),
        ("a: 1_000", "means different things"),
        ("a: 1_0.5", "means different things"),
        ("a: off", "means different things"),
        ("a: 1e3", "means different things"),
        ("a: -12E05", "means different things"),
        ("a: 2024-01-01", "means different things"),
        ("[2024-1-1]", "means different things"),
        ("a: 2024-01-01T09:00:00Z", "means different things"),
        ("a: 2024-01-01 09:00:00.5 +08:00", "means different things"),
        ("a: 12:30:00", "means different things"),
        ("a: -.inf", "not a number that JSON can carry"),
        ("a: Infinity", "not a number that JSON can carry"),
        ("a: 123456789012345678", "beyond 2^53"),
        ("a: 9007199254740993.0", "beyond 2^53"),
        ("true: 1", "the key true is not a string"),
        ("1: 1", "the key 1 is not a string"),
        ("<<: {a: 1}", "merge keys"),
        ("? [a]\n: 1", "a key must be a plain string"),
        ("a: 1\nb: 2\na: 3", "m.yaml:3:1: duplicate key 'a'; first at line 1"),
        ("a: !!str 1", "the tag"),
        ('a: "\\0"', "m.yaml:1:4: the control character U+0000"),
        ('"\\x07": 1', "the control character U+0007"),
        ("a: [1", "not YAML"),
        ("a: 'x", "not YAML"),
        ("&x a: 1", "anchors"),
    ],
)
def test_what_readers_disagree_on_is_refused(text: str, expected: str) -> None:
    assert expected in refused(text)


def test_size_and_depth_are_bounded() -> None:
    deep = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert load_tree(deep, "m.yaml")
    assert f"nested more than {MAX_DEPTH} deep" in refused(f"[{deep}]")
    full = b"a: " + b"x" * (MAX_BYTES - 3)
    assert load_tree(full, "m.yaml")
    assert f"the file has {MAX_BYTES + 1} bytes" in refused(full + b"x")


def test_every_value_has_its_place() -> None:
    document = load_document("a:\n  - x\n  - b: 1\nc: {d: e}\n", "dir/m.yaml")
    locations = {route: document.location(route) for route in document.values}
    assert locations == {
        (): (1, 1),
        ("a",): (2, 3),
        ("a", 0): (2, 5),
        ("a", 1): (3, 5),
        ("a", 1, "b"): (3, 8),
        ("c",): (4, 4),
        ("c", "d"): (4, 8),
    }
    assert document.location(("a", 1, "b"), on_key=True) == (3, 5)
    assert document.folder == "dir/"


@pytest.mark.parametrize(
    "text", ["? a", "? a\n\n\n", "? |\n  a\n", "b: 1\n? a\n\n# more\n", "{? a\n\n}"]
)
def test_a_value_that_was_left_out_stands_in_the_file_at_its_key(text: str) -> None:
    document = load_document(text, "m.yaml")
    (route,) = (route for route, _ in document.values.items() if route and route[0] != "b")
    line, _ = document.location(route)
    assert line == document.location(route, on_key=True)[0]
