"""What a dispatched batch may name as its items: a plain file of the checkout, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from registry_tool.commands.batch.items_file import job_items
from registry_tool.core.errors import NotFoundError, RegistryError

JOB = {"GITHUB_ACTIONS": "true"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "checkout"
    for folder in ("data", ".git"):
        (made / folder).mkdir(parents=True)
    for file in ("data/items.jsonl", ".git/config", "../kept.jsonl"):
        (made / file).write_text("{}\n")
    (made / "linked.jsonl").symlink_to("../kept.jsonl")
    (made / "near").symlink_to("..")
    os.mkfifo(made / "waits")
    return made


def test_a_job_reads_a_file_of_its_checkout(root: Path) -> None:
    assert job_items(Path("data/items.jsonl"), JOB, root) == Path("data/items.jsonl")


@pytest.mark.parametrize(
    "path",
    [
        *(
            "../kept.jsonl",
            "data/../../kept.jsonl",
            "near/kept.jsonl",
            "linked.jsonl",
            "waits",
            "data",
        ),
        *(
            ".git/config",
            "/proc/self/environ",
            "/dev/zero",
            "/etc/passwd",
            "C:/items",
            "a\\b",
            "nul",
        ),
    ],
)
def test_and_nothing_else(root: Path, path: str) -> None:
    with pytest.raises(RegistryError):
        job_items(Path(path), JOB, root)


@pytest.mark.parametrize("path", ["-", "data/nothing.jsonl"])
def test_what_is_not_there_is_said(root: Path, path: str) -> None:
    with pytest.raises(NotFoundError, match="no such file in the repository"):
        job_items(Path(path), JOB, root)


def test_whoever_sits_at_the_machine_reads_what_they_like(root: Path) -> None:
    assert job_items(Path("/dev/stdin"), {}, root) == Path("/dev/stdin")
