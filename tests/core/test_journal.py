"""Many changes to a folder as one, wherever a process is killed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.core.journal import change_together, settle
from tests.core.killed import content, killed_at_each_step

OLD = {"a": b"old", "deep/er/b": b"old", "deep/c": b"stays"}
WRITES = {"a": b"new", "new/d": b"new", "mark": b"last"}
NEW = {"a": b"new", "deep/c": b"stays", "new/d": b"new", "mark": b"last"}
REMOVES, CREATED = {"deep/er/b"}, {"new/d", "mark"}


def lay(folder: Path, files: dict[str, bytes]) -> None:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def change(folder: Path) -> None:
    change_together(folder, WRITES, REMOVES, CREATED)


def test_all_changes_are_made(tmp_path: Path) -> None:
    lay(tmp_path / "out", OLD)
    change(tmp_path / "out")
    assert content(tmp_path) == {f"out/{path}": data for path, data in NEW.items()}
    assert not (tmp_path / "out/deep/er").exists()


def test_whoever_looks_after_a_kill_sees_old_or_new(tmp_path: Path) -> None:
    out, seen = tmp_path / "out", set()

    def reset() -> None:
        shutil.rmtree(tmp_path)
        lay(out, OLD)

    for _ in killed_at_each_step(lambda: change(out), reset):
        decided = (tmp_path / ".out.patch").exists()
        settle(out)
        found = content(out)
        assert found in (OLD, NEW)
        assert found == NEW or not decided
        seen.add(found == NEW)
        change_together(out, WRITES, REMOVES & found.keys(), CREATED - found.keys())
        assert content(tmp_path) == {f"out/{path}": data for path, data in NEW.items()}
    assert seen == {True, False}


def test_one_may_be_killed_while_it_ends_anothers_work(tmp_path: Path) -> None:
    out = tmp_path / "out"

    def reset() -> None:
        shutil.rmtree(tmp_path)
        lay(out, OLD)
        lay(tmp_path / ".out.patch", {str(n): data for n, data in enumerate(WRITES.values())})
        plan = '{"writes": ["a", "new/d", "mark"], "removes": ["deep/er/b"]}'
        lay(tmp_path / ".out.patch", {"plan.json": plan.encode()})

    for _ in killed_at_each_step(lambda: settle(out), reset):
        settle(out)
        assert content(tmp_path) == {f"out/{path}": data for path, data in NEW.items()}


@pytest.mark.parametrize("strange", ["new/d", "new", "deep"])
def test_what_nobody_wrote_is_not_touched(tmp_path: Path, strange: str) -> None:
    out = tmp_path / "out"
    lay(out, OLD)
    if strange == "deep":  # a link on the way
        (out / "deep").rename(tmp_path / "elsewhere")
        (out / "deep").symlink_to(tmp_path / "elsewhere")
    else:
        lay(out, {strange: b"mine"})
    before = content(tmp_path)
    with pytest.raises(UsageError, match="not as the earlier output left it"):
        change(out)
    assert content(tmp_path) == before
