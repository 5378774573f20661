"""Values of a run in memory and in files."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.values import Value
from registry_tool.engine.value_store import ValueStore, is_large

values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
    ),
)


@given(st.lists(st.tuples(st.sampled_from("abc"), values), max_size=12))
def test_it_holds_what_a_dict_would_hold(writes: list[tuple[str, Value]]) -> None:
    store, plain = ValueStore(large=20), dict[str, Value]()
    for name, value in writes:
        store[name] = plain[name] = value
    assert dict(store) == plain
    assert len(store) == len(plain)
    for name in list(plain):
        del store[name], plain[name]
        assert name not in store
    assert not store


def test_files_go_with_the_store() -> None:
    store = ValueStore(large=10)
    store["a"] = "x" * 10
    store["b"] = "y"
    assert store.in_files == {"a"}
    folder = store._folder
    assert isinstance(folder, Path)
    assert len(list(folder.iterdir())) == 1
    store["a"] = "short"
    assert not list(folder.iterdir())
    del store
    assert not folder.exists()


def test_looking_at_the_size_stops_early() -> None:
    assert is_large("x" * 100, 100)
    assert not is_large("x" * 99, 100)
    assert is_large([["x" * 50], {"k": "x" * 50}], 100)
    assert not is_large(1e300, 1)
