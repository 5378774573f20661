"""A batch's options: where results are kept, and how many processes are usual."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from registry_tool.runtime.batch.session import BatchOptions, usual_processes


def test_results_are_kept_beside_the_output_unless_a_folder_is_named() -> None:
    how = BatchOptions(Path("in.jsonl"), Path("deep/out.jsonl"))
    assert how.ledger_folder == Path("deep/out.jsonl.ledger")
    assert BatchOptions(Path("in"), Path("out"), Path("own")).ledger_folder == Path("own")


@pytest.mark.parametrize(
    ("cores", "concurrency", "provider", "processes"),
    [
        (8, 1, "", 1),
        (8, 100, "", 1),
        (8, 101, "openai", 2),
        (8, 10_000, "", 8),
        (None, 10_000, "", 1),
        (8, 10_000, "local", 1),  # it takes every core by itself
    ],
)
def test_a_process_for_every_hundred_at_once_as_far_as_there_are_cores(
    cores: int | None, concurrency: int, provider: str, processes: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert usual_processes(concurrency, provider) == processes
