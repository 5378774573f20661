"""Foreign ids: kept where they can be, renamed the same way every time, refused where they are hostile."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError
from registry_tool.importers.imported import Loss
from registry_tool.importers.puppyflow.ids import checked_id, renamed, with_ids
from registry_tool.manifest.names import ID


@given(st.lists(st.text(min_size=1, max_size=80), unique=True, max_size=8))
def test_new_ids_are_valid_and_unique(ids: list[str]) -> None:
    losses: list[Loss] = []
    mapping = renamed(ids, "blocks", losses)
    assert mapping == renamed(ids, "blocks", [])
    assert all(ID.fullmatch(new) for new in mapping.values())
    assert len(set(mapping.values())) == len(ids)
    assert len(losses) == sum(old != new for old, new in mapping.items())


@pytest.mark.parametrize("value", ["", None, 7, "a\x00b", "x" * 257, "a\u200bb", "a\ud800"])
def test_hostile_ids_are_refused(value: Any) -> None:
    with pytest.raises(RegistryError) as error:
        checked_id(value, "blocks[0].id")
    assert error.value.location == "blocks[0].id"


def test_every_mention_of_a_block_follows() -> None:
    data: Any = {
        "query_id": {"a b": "label"},
        "docs": ["a b", "c"],
        "data_source": [{"id": "a b", "label": "a b"}],
        "cases": {
            "one": {
                "conditions": [{"block": "a b", "parameters": {"value": "a b"}}],
                "thens": [{"from": "a b", "to": "c"}],
            }
        },
        "extra_configs": {"vector_config": {"data_source": [{"id": "a b"}]}, "note": "a b"},
        "content": "a b",
        "note": "a b",
    }
    assert with_ids(data, {"a b": "ab", "c": "c"}, "load") == {
        "query_id": {"ab": "label"},
        "docs": ["ab", "c"],
        "data_source": [{"id": "ab", "label": "a b"}],
        "cases": {
            "one": {
                "conditions": [{"block": "ab", "parameters": {"value": "a b"}}],
                "thens": [{"from": "ab", "to": "c"}],
            }
        },
        "extra_configs": {"vector_config": {"data_source": [{"id": "ab"}]}, "note": "a b"},
        "content": "ab",
        "note": "a b",
    }
