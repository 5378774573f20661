"""Ledgers put together: in any order, again, and never two that contradict each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.engine.batch.ledger import segments_of
from registry_tool.engine.batch.merge import merge
from tests.engine.batch.ledgers import filled, held, key


def test_ledgers_merge_in_any_order_and_again(tmp_path: Path) -> None:
    one, two = filled(tmp_path / "1", 1, 2), filled(tmp_path / "2", 2, 3)
    assert merge([one, two], tmp_path / "a") == 2
    assert merge([two], tmp_path / "b") == 1
    assert merge([one, two], tmp_path / "b") == 2
    assert held(tmp_path / "a") == held(tmp_path / "b") == dict.fromkeys(map(key, (1, 2, 3)), False)
    names = [[path.name for path in segments_of(tmp_path / name)] for name in "ab"]
    assert names[0] == names[1]


def test_a_segment_that_has_grown_since_takes_the_place_of_its_beginning(tmp_path: Path) -> None:
    ledger = filled(tmp_path / "l", 1, 2)
    (segment,) = segments_of(ledger)
    copy = tmp_path / "all" / segment.name
    copy.parent.mkdir()
    copy.write_bytes(segment.read_bytes()[:-20])
    merge([ledger], tmp_path / "all")
    assert copy.read_bytes() == segment.read_bytes()
    segment.write_bytes(segment.read_bytes()[:-20])
    merge([ledger], tmp_path / "all")
    assert len(held(tmp_path / "all")) == 2
    segment.write_bytes(segment.read_bytes().replace(b"success", b"sucCess"))
    with pytest.raises(RegistryError, match="which has its name"):
        merge([ledger], tmp_path / "all")


def test_what_is_no_ledger_is_not_merged(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("empty", "nowhere"):
        with pytest.raises(NotFoundError, match="there is no ledger"):
            merge([tmp_path / name], tmp_path / "all")
    (tmp_path / "other").mkdir()
    (tmp_path / "other/segment-x.jsonl").write_text("{}\n")
    with pytest.raises(RegistryError, match="not a segment of a ledger"):
        merge([tmp_path / "other"], tmp_path / "all")
    assert not (tmp_path / "all").exists()
