"""Many changes to a folder as one, wherever a process is killed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry_tool.core import journal
from registry_tool.core.errors import UsageError
from registry_tool.core.journal import change_together, settle
from tests.core.killed import ON_THE_DISK, content, killed_at_each_step

OLD = {"a": b"old", "deep/er/b": b"old", "deep/c": b"stays", "mark": b"first"}
WRITES = {"a": b"new", "new/d": b"new", "mark": b"last"}
NEW = {"a": b"new", "deep/c": b"stays", "new/d": b"new", "mark": b"last"}
REMOVES, CREATED = {"deep/er/b"}, {"new/d"}
LATER = {"deep/c": b"newer", "new/d": b"newer", "mark": b"the very last"}
LATEST = {"a": b"new", **LATER}
STEPS = (*ON_THE_DISK, (journal, "exchange"))


def lay(folder: Path, files: dict[str, bytes]) -> None:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def change(folder: Path) -> None:
    change_together(folder, WRITES, REMOVES, CREATED)


def change_again(folder: Path) -> None:
    change_together(folder, LATER, (), ())


@pytest.fixture(params=["exchanged", "in its place"])
def in_place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[bool]:
    """Also as on a system that can't exchange two folders."""
    if request.param == "in its place":
        monkeypatch.setattr(journal, "can_exchange", lambda: False)
    yield request.param == "in its place"


def beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir() if path != folder)


def test_all_changes_are_made_again_and_again(tmp_path: Path, in_place: bool) -> None:
    out = tmp_path / "out"
    lay(out, OLD)
    for _ in range(3):
        change(out)
        assert content(out) == NEW
        assert not (out / "deep/er").exists()
        change_again(out)
        assert content(out) == LATEST
        change_together(out, OLD, {"new/d"}, {"deep/er/b"})
        assert content(out) == OLD
    assert beside(out) == ([] if in_place else [".out.patch", ".out.twin"])


def test_what_stays_is_once_on_the_disk_and_only_what_changes_is_touched(tmp_path: Path) -> None:
    out, twin = tmp_path / "out", tmp_path / ".out.twin"
    lay(out, OLD)
    change(out)
    assert (out / "deep/c").samefile(twin / "deep/c")
    assert content(twin) == OLD
    folders = {out.stat().st_ino, twin.stat().st_ino}
    change_again(out)
    assert {out.stat().st_ino, twin.stat().st_ino} == folders, "no third folder was filled"
    assert (out / "a").samefile(twin / "a")
    assert content(twin) == NEW


def test_whoever_looks_sees_old_or_new_wherever_it_is_killed(tmp_path: Path) -> None:
    out, seen = tmp_path / "out", set()

    def reset() -> None:
        shutil.rmtree(tmp_path)
        lay(out, OLD)
        change(out)

    for _ in killed_at_each_step(lambda: change_again(out), reset, steps=STEPS):
        assert content(out) in (NEW, LATEST), "also who does not settle"
        settle(out)
        seen.add(content(out) == LATEST)
        assert content(out) in (NEW, LATEST)
        change_again(out)
        assert content(out) == LATEST
        change_together(out, OLD, {"new/d"}, {"deep/er/b"})
        assert content(out) == OLD
        assert beside(out) == [".out.patch", ".out.twin"]
    assert seen == {True, False}


def test_the_first_change_may_be_killed_too(tmp_path: Path, in_place: bool) -> None:
    out, seen = tmp_path / "out", set()

    def reset() -> None:
        shutil.rmtree(tmp_path)
        lay(out, OLD)

    for _ in killed_at_each_step(lambda: change(out), reset, steps=STEPS):
        assert in_place or content(out) in (OLD, NEW)
        decided = (tmp_path / ".out.patch").exists()
        settle(out)
        found = content(out)
        assert found in (OLD, NEW)
        assert found == NEW or not decided
        seen.add(found == NEW)
        change_together(out, WRITES, REMOVES & found.keys(), CREATED - found.keys())
        assert content(out) == NEW
    assert seen == {True, False}


def test_one_may_be_killed_while_it_ends_anothers_work(tmp_path: Path) -> None:
    out = tmp_path / "out"

    def reset() -> None:
        shutil.rmtree(tmp_path)
        lay(out, OLD)
        change(out)
        change_again(out)
        shutil.rmtree(tmp_path / ".out.twin")  # as if the exchange were still to come
        out.rename(tmp_path / ".out.twin")
        lay(out, NEW)

    for _ in killed_at_each_step(lambda: settle(out), reset, steps=STEPS):
        assert content(out) in (NEW, LATEST)
        settle(out)
        assert content(out) == LATEST


def test_a_patch_of_another_folder_is_dropped(tmp_path: Path) -> None:
    out = tmp_path / "out"
    lay(out, OLD)
    change(out)
    shutil.rmtree(out)
    other = {"x": b"1", "mark": b"another"}
    lay(out, other)
    settle(out)
    assert (content(out), beside(out)) == (other, [])
    change_together(out, {"x": b"2", "mark": b"yet another"}, (), ())
    assert content(out) == {"x": b"2", "mark": b"yet another"}
    shutil.rmtree(out)
    settle(out)
    assert beside(out) == []
    lay(out, OLD)
    change(out)
    assert content(out) == NEW


def test_a_twin_that_somebody_spoilt_is_made_anew(tmp_path: Path) -> None:
    out, twin = tmp_path / "out", tmp_path / ".out.twin"
    lay(out, OLD)
    change(out)
    (twin / "mark").unlink()
    change_again(out)
    assert content(out) == LATEST
    shutil.rmtree(twin)
    change_together(out, OLD, {"new/d"}, {"deep/er/b"})
    assert content(out) == OLD


def test_folders_that_cannot_be_exchanged_after_all_are_changed_in_their_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "exchange", lambda one, other: False)
    out = tmp_path / "out"
    lay(out, OLD)
    change(out)
    assert content(out) == NEW
    change_again(out)
    assert content(out) == LATEST


def test_what_an_earlier_release_decided_is_carried_out(tmp_path: Path) -> None:
    out = tmp_path / "out"
    lay(out, OLD)
    lay(tmp_path / ".out.patch", {str(n): data for n, data in enumerate(WRITES.values())})
    plan = {"writes": list(WRITES), "removes": list(REMOVES)}
    lay(tmp_path / ".out.patch", {"plan.json": json.dumps(plan).encode()})
    settle(out)
    assert (content(out), beside(out)) == (NEW, [])


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
