"""Fields of GitHub's answers: of the type that they must have, or an error that names them."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.forge.github.fields import LONGEST, address, number, objects, text


@pytest.mark.parametrize(("value", "found"), [("x", "x"), (None, ""), ("y" * 900, "y" * LONGEST)])
def test_a_text_is_bounded_and_null_is_empty(value: Any, found: str) -> None:
    assert text({"a": value}, "a") == found
    assert text({}, "a") == ""


@pytest.mark.parametrize("value", [5, True, ["x"], {"a": 1}])
def test_anything_else_is_no_text(value: Any) -> None:
    with pytest.raises(RegistryError, match="GitHub's answer has no text 'a'"):
        text({"a": value}, "a")


@pytest.mark.parametrize("value", [None, -1, True, "5", 1.5])
def test_a_number_is_whole_and_from_nought(value: Any) -> None:
    assert (number({"a": 0}, "a"), number({"a": 2**40}, "a")) == (0, 2**40)
    with pytest.raises(RegistryError, match="has no number 'a'"):
        number({"a": value}, "a")


@pytest.mark.parametrize("value", [{}, "x", [{}, 5]])
def test_a_list_holds_objects_alone(value: Any) -> None:
    assert objects({"a": [{"b": 1}]}, "a") == [{"b": 1}]
    assert objects({"a": None}, "a") == objects({}, "a") == []
    with pytest.raises(RegistryError, match="has no list of objects 'a'"):
        objects({"a": value}, "a")


@pytest.mark.parametrize(
    "value", ["http://x", "javascript:alert(1)", "https://x/\x1b[31m", "https://x/\n", "", None]
)
def test_only_plain_https_addresses_are_shown(value: Any) -> None:
    assert address({"a": "https://github.com/o/r"}, "a") == "https://github.com/o/r"
    assert address({"a": value}, "a") == ""
