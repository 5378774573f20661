from __future__ import annotations

import pytest

from registry_tool.core.values import Value
from registry_tool.manifest.json_path import parse_path, select

DATA: Value = {"a": {"b": [1, {"c": "x"}], "d e": 2}, "list": [{"n": 1}, {"n": 2}, {}], "0": "z"}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$", DATA),
        ("", DATA),
        ("$.a.b[0]", 1),
        ("a.b.1.c", "x"),
        ("$['a']['d e']", 2),
        ('$.a["d e"]', 2),
        ("$.a.b[-1].c", "x"),
        ("$.list[*].n", [1, 2]),
        ("$.list.*.n", [1, 2]),
        ("$.a.*[0]", [1]),
        ("0", "z"),
        ("$.nothing[*]", []),
    ],
)
def test_a_path_finds(path: str, found: Value) -> None:
    assert select(DATA, path) == found


@pytest.mark.parametrize("path", ["$.no", "$.a.b[2]", "a.b.x", "$.a.b[-3]"])
def test_a_path_to_nothing_is_reported(path: str) -> None:
    with pytest.raises(KeyError):
        select(DATA, path)


@pytest.mark.parametrize("path", ["$..a", "$[", "a[?(@.b)]", "a..b", "a[1:2]", "$.a b]"])
def test_a_path_of_another_form_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="makes no sense"):
        parse_path(path)
