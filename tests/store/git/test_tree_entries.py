"""Tree objects, also malformed ones: nothing hides an entry or makes one up."""

from __future__ import annotations

import random as random_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError
from registry_tool.store.git.tree_entries import child_of, entries_of


def test_a_mode_that_ends_like_a_folders_is_none() -> None:
    raw = b"440000 d\0" + b"x" * 20 + b"40000 e\0" + b"y" * 20
    assert child_of(raw, b"d", 20) == entries_of(raw, 20)[b"d"] == (b"440000", b"d", b"x" * 20)


@pytest.mark.parametrize("id_before", [b"x" * 20, b"\0" * 20, b"x" * 11 + b"\0" * 9])
def test_an_entry_spelled_in_a_name_is_none(id_before: bytes) -> None:
    """A folder `a 40000 hello` would be taken for `hello`, whose owners somebody else could name."""
    raw = b"100644 0\0" + id_before + b"40000 a 40000 hello\0" + b"e" * 20
    raw += b"40000 hello\0" + b"r" * 20 + b"40000 other\0" + b"o" * 20
    assert child_of(raw, b"hello", 20) == (b"40000", b"hello", b"r" * 20)
    assert child_of(raw, b"a 40000 hello", 20) == (b"40000", b"a 40000 hello", b"e" * 20)


def test_an_entry_hidden_in_ids_of_submodules_is_none() -> None:
    """Their ids are of nobody's content: in a large tree they could be read as entries that git doesn't see."""
    raw = b"".join(b"160000 %c\x00100644 a\0%s" % (98 + n, b"x" * 11) for n in range(6))
    assert child_of(raw, b"a", 20) is None
    assert child_of(raw, b"c", 20) == (b"160000", b"c", b"100644 a\0" + b"x" * 11)


NAMES = st.lists(
    st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True), min_size=1, max_size=30, unique=True
)


@given(NAMES, st.randoms(use_true_random=False))
def test_one_entry_of_a_large_tree_is_found_without_parsing_it(
    names: list[str], random: random_module.Random
) -> None:
    modes = [b"40000", b"100644", b"120000"]
    entries = [
        (random.choice(modes), name.encode(), random.randbytes(20)) for name in sorted(names)
    ]
    raw = b"".join(mode + b" " + name + b"\0" + object_id for mode, name, object_id in entries)
    for entry in entries:
        assert child_of(raw, entry[1], 20) == entry
    assert child_of(raw, b"absent-from-it", 20) is None


def test_a_zero_before_a_mode_hides_nothing() -> None:
    raw = b"040000 a\0" + b"x" * 20 + b"0100644 b\0" + b"y" * 20
    assert entries_of(raw, 20)[b"a"][0] == b"40000"
    assert child_of(raw, b"b", 20) == (b"100644", b"b", b"y" * 20)
    for broken in (raw + b"z", raw[:-1], raw + raw, b"100644 a/b\0" + b"x" * 20):
        with pytest.raises(RegistryError, match="malformed"):
            entries_of(broken, 20)


def test_bytes_inside_an_id_are_no_entry() -> None:
    inside = b"40000 b\0".ljust(20, b"x")
    raw = b"40000 a\0" + inside + b"40000 b\0" + b"y" * 20
    assert child_of(raw, b"b", 20) == (b"40000", b"b", b"y" * 20)
