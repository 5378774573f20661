from __future__ import annotations

import re
from pathlib import Path

import pytest

from registry_tool.engine.assertions.all_assertions import ALL_ASSERTIONS
from registry_tool.manifest import assertions as names

DOCS = Path(__file__).parents[3] / "docs/tests.md"


def test_every_name_has_a_function_and_the_reverse() -> None:
    registered = [assertion.type for assertion in ALL_ASSERTIONS]
    assert [*registered, names.SET] == list(names.ASSERTIONS)
    assert not set(registered) & set(names.NOT_SUPPORTED)


def test_the_page_has_a_row_for_every_name_with_its_fields() -> None:
    rows = re.findall(r"^\| `([a-z0-9:-]+)` \| ([^|]*) \|", DOCS.read_text("utf-8"), re.MULTILINE)
    result = {name: set(re.findall(r"`([a-z]+)`", fields)) for name, fields in rows}
    fields = {name: {*own.needed, *own.optional} for name, own in names.ASSERTIONS.items()}
    assert {name: result[name] for name in result if name in fields} == fields


def test_the_page_has_a_row_for_every_name_that_is_refused() -> None:
    refused = DOCS.read_text("utf-8").split("## Not supported")[1]
    assert set(re.findall(r"^\| `([a-z0-9:-]+)` \|", refused, re.MULTILINE)) == set(
        names.NOT_SUPPORTED
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("not-contain", "did you mean 'contains'?"),
        ("javascript", "write it as `python`"),
        ("not-meteor", "WordNet"),
        ("nonsense", "known: approx"),
    ],
)
def test_an_unknown_name_has_a_way_out(name: str, expected: str) -> None:
    assert not names.is_known(name)
    assert expected in names.hint(name)
