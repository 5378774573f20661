from __future__ import annotations

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.engine.testing.selection import cases_named

NAMES = ("Happy customer", "angry customer", "angry", "a*b")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("happy", {"Happy customer"}),
        ("CUSTOMER", {"Happy customer", "angry customer"}),
        ("angry", {"angry"}),
        ("a*", {"angry customer", "angry", "a*b"}),
        ("a*b", {"a*b"}),
    ],
)
def test_a_part_a_pattern_or_the_name(wanted: str, found: set[str]) -> None:
    assert cases_named(NAMES, [wanted]) == found


@pytest.mark.parametrize("wanted", ["hapy customer", "z*", "", " "])
def test_a_name_that_means_none_lists_them(wanted: str) -> None:
    with pytest.raises(UsageError, match="no test is named like") as error:
        cases_named(NAMES, ["angry", wanted])
    assert "'Happy customer', 'angry customer'" in error.value.hint
    assert (wanted != "hapy customer") or error.value.hint.startswith(
        "did you mean 'Happy customer'?"
    )
