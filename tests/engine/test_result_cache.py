"""Remembered results: forgotten in time, and never taken for another question's."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from registry_tool.core.clock import FixedClock
from registry_tool.engine.edges.all_edges import config_of
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.result_cache import (
    FolderCache,
    cache_key,
    folder_cache,
    prune_caches,
)
from registry_tool.manifest.model import Edge
from tests.security.scanning.files import png

KEY = "ab" * 32
EDGE = Edge("e", "llm", ("a",), ("b",), {"prompt": "{{a}} {{v}}", "cache": True})
CALL = EdgeCall(EDGE, {"a": "x"}, {"a": "x", "v": 1, "unused": 2})


def key(call: EdgeCall, callee: str = "") -> str | None:
    return cache_key(call, config_of(call.edge), Services(), callee)


def test_what_was_put_is_got_until_its_time_has_passed(tmp_path: Path) -> None:
    clock = FixedClock(datetime.fromtimestamp(0, UTC))
    cache = FolderCache(tmp_path, kept=100, clock=clock)
    assert cache.get(KEY) is None
    cache.put(KEY, {"b": {"é": [1, None]}})
    (file,) = tmp_path.rglob("*.json")
    os.utime(file, (0, -99))
    assert cache.get(KEY) == {"b": {"é": [1, None]}}
    os.utime(file, (0, -101))
    assert cache.get(KEY) is None
    assert not file.exists()


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b"\xff"])
def test_a_broken_file_counts_as_none(tmp_path: Path, data: bytes) -> None:
    cache = FolderCache(tmp_path)
    cache.put(KEY, {"b": 1})
    next(tmp_path.rglob("*.json")).write_bytes(data)
    assert cache.get(KEY) is None


def test_a_short_retention_has_a_folder_of_its_own_that_pruning_knows(tmp_path: Path) -> None:
    for retention in ("1h", "", "9999d"):
        folder_cache(tmp_path, retention).put(KEY, {"b": retention})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["results-2592000", "results-3600"]
    later = next(tmp_path.rglob("*.json")).stat().st_mtime + 3700
    assert prune_caches(tmp_path, later, dry_run=True) == 1
    assert prune_caches(tmp_path, later) == 1
    assert prune_caches(tmp_path, later) == 0
    assert len(list(tmp_path.rglob("*.json"))) == 1


CHANGES: dict[str, Callable[[EdgeCall], EdgeCall]] = {
    "an input": lambda call: replace(call, inputs={"a": "y"}),
    "a name that is used": lambda call: replace(call, scope={**call.scope, "v": 2}),
    "true for 1": lambda call: replace(call, scope={**call.scope, "v": True}),
    "the prompt": lambda call: replace(
        call, edge=replace(EDGE, config={**EDGE.config, "prompt": "{{a}}{{v}}"})
    ),
    "the kind": lambda call: replace(call, edge=replace(EDGE, type="generate")),
    "a target": lambda call: replace(call, edge=replace(EDGE, targets=("c",))),
    "a schema": lambda call: replace(call, target_schemas={"b": {"type": "string"}}),
    "what the run was given": lambda call: replace(call, given={"a": 1}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_another_question_has_another_key(change: str) -> None:
    assert key(CHANGES[change](CALL)) not in {key(CALL), None}


def test_what_is_not_used_changes_no_key() -> None:
    assert key(replace(CALL, scope={**CALL.scope, "unused": 3})) == key(CALL)
    assert key(replace(CALL, edge=replace(EDGE, id="other"))) == key(CALL)
    assert key(CALL, "sha256:x") != key(CALL)


def test_a_number_that_cannot_be_hashed_exactly_has_no_key() -> None:
    assert key(replace(CALL, inputs={"a": 2**60})) is None


@pytest.mark.parametrize("kind", ["branch", "loop", "map", "save", "load"])
def test_deeds_are_not_remembered(kind: str) -> None:
    with pytest.raises(EdgeError, match="must be false"):
        config_of(replace(EDGE, type=kind, config={**NEEDED.get(kind, {}), "cache": True}))


MOVE = {"from": "a", "to": "b"}
NEEDED: dict[str, Any] = {
    "branch": {
        "cases": {"a": {"conditions": [{"block": "a", "condition": "is_list"}], "thens": [MOVE]}}
    },
    "map": {"edge": {"type": "llm"}},
    "save": {"path": "x"},
}


def test_another_picture_below_the_same_name_is_another_question(tmp_path: Path) -> None:
    picture = tmp_path / "photo.png"
    config = {"prompt": "What?", "images": "{{a}}", "cache": True}
    call = EdgeCall(replace(EDGE, config=config), {"a": "photo.png"}, {"a": "photo.png"})

    def asked() -> str | None:
        return cache_key(call, config_of(call.edge), Services(resources=tmp_path))

    assert asked() is None  # a picture that is none has no result to remember
    picture.write_bytes(png())
    first = asked()
    assert first == asked()
    assert first is not None
    picture.write_bytes(png(pixels=b"\0\1\1\1\1"))
    assert asked() not in {first, None}
