"""YAML that the strict loader reads back exactly, and that people like to read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import MAX_INTEGER, reads_as_large_integer
from registry_tool.importers.manifest_text import TooLargeError, manifest_text
from registry_tool.manifest.source import CONTROL, load_tree

plain = st.text().map(lambda text: CONTROL.sub("", text))
texts = plain | st.text(alphabet=" \n\tab:-#'\"|>\\\r{}[]&*!%@`,?~\x85\u2028\ufeff", max_size=40)
words = st.sampled_from(
    ["no", "Yes", "1:30", "010", "0x1", "1_0", "~", "", "NaN", "INFINITY", ".inf"]
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False).filter(
        lambda number: not reads_as_large_integer(number)
    )
    | texts
    | words
    | texts.map(lambda text: (text + " word") * 30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts | words, inner, max_size=4),
)


@given(st.dictionaries(texts | words, values, max_size=4))
def test_it_reads_back_exactly(value: Any) -> None:
    assert load_tree(manifest_text(value), "x") == value


def test_it_is_readable() -> None:
    same = {"first": 1}
    value: Any = {
        "version": "1.10",
        "text": "one \n  two\n",
        "long": "word " * 30 + "end",
        "windows": "a\r\nb",
        "list": [same, same],
        "on": True,
    }
    assert manifest_text(value) == (
        'version: "1.10"\n'
        "text: |\n"
        "  one \n"
        "    two\n"
        "long: >-\n"
        "  " + "word " * 19 + "word\n"
        "  " + "word " * 10 + "end\n"
        'windows: "a\\r\\nb"\n'
        "list:\n"
        "  - first: 1\n"
        "  - first: 1\n"
        '"on": true\n'
    )


def test_half_a_character_is_refused() -> None:
    with pytest.raises(RegistryError, match="surrogate"):
        manifest_text({"a": "\ud800"})


@pytest.mark.parametrize("length", [300_000, 5_000_000])
def test_what_is_too_large_is_refused(length: int) -> None:
    with pytest.raises(TooLargeError):
        manifest_text({"a": "x" * length})
