from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import (
    MAX_INTEGER,
    append_text,
    canonical_json,
    inside,
    parse_json,
    reads_as_large_integer,
    unsafe_path,
    write_atomic,
)
from registry_tool.core.values import Value

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False).filter(
        lambda f: not reads_as_large_integer(f)
    )
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda below: (
        st.lists(below) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), below)
    ),
    max_leaves=10,
)


@given(JSON)
def test_canonical_json_reads_back(value: Value) -> None:
    again = json.loads(canonical_json(value))
    assert canonical_json(again) == canonical_json(value)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers(-9, 9)))
def test_canonical_json_does_not_know_the_order_of_keys(value: dict[str, int]) -> None:
    turned = dict(reversed(list(value.items())))
    assert canonical_json(dict(value)) == canonical_json(dict(turned))


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 2}',
        "NaN",
        "[1e999]",
        str(2**53),
        "9007199254740992.0",
        "[" * 100_000,
        "{",
        b"\xff",
        "9" * 5000,
    ],
)
def test_what_json_readers_disagree_on_is_refused(text: str | bytes) -> None:
    with pytest.raises(RegistryError, match="not JSON"):
        parse_json(text, location="x.json")


@pytest.mark.parametrize("path", ["a", "a/b.txt", "docs/README.md", "ä/名.json", "a-b_c.d"])
def test_safe_paths(path: str) -> None:
    assert unsafe_path(path) is None


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/a",
        "../a",
        "a/../b",
        "a//b",
        "a/",
        "a\\b",
        "C:x",
        "%2e%2e/a",
        "con",
        "a/NUL.txt",
        "a./b",
        "a ",
        "a\nb",
        "a\x00",
    ],
)
def test_unsafe_paths(path: str, tmp_path: Path) -> None:
    assert unsafe_path(path)
    with pytest.raises(RegistryError):
        inside(tmp_path, path)


@given(st.text())
def test_a_path_that_is_safe_stays_inside(path: str) -> None:
    if unsafe_path(path) is None:
        root = Path("/root/of/it")
        assert str(inside(root, path)).startswith("/root/of/it/")
        assert ".." not in inside(root, path).parts


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "a/b.txt"
    write_atomic(file, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomic(file, "\ud800")
    assert file.read_text() == "old"
    assert [path.name for path in file.parent.iterdir()] == ["b.txt"]
    assert file.stat().st_mode & 0o777 == 0o644


def test_infinity_is_no_canonical_json() -> None:
    with pytest.raises(ValueError, match="inf"):
        canonical_json(math.inf)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-MAX_INTEGER, MAX_INTEGER)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=8,
    )
)
def test_the_quick_way_spells_like_the_standard(value: Value) -> None:
    assert canonical_json(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "value", [{"\ufb33": 1, "\U0001f600": 2}, {"a": 1.0}, 1e21, "\x7f\x1f\u2028"]
)
def test_where_python_would_spell_otherwise(value: Value) -> None:
    assert canonical_json(value) == rfc8785.dumps(value)


def test_where_no_file_can_be_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    for location in (tmp_path / "file/below", tmp_path / "folder", tmp_path / ("x" * 300)):
        for write in (write_atomic, append_text):
            with pytest.raises(RegistryError, match="can't be written") as refused:
                write(location, "y")
            assert refused.value.location == str(location)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]
