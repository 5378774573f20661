from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.files import pretty_json
from registry_tool.core.output_folder import (
    MARK,
    count_files,
    demand_inside,
    demand_output,
    demand_place,
    demand_unmixed,
    is_or_is_above,
)
from registry_tool.core.replacing import replacing


def output(folder: Path, files: dict[str, str], registry: str = "Ours", *, keep: Path) -> None:
    """Writes an output as `build` does."""
    demand_output(folder, registry, (keep,))
    mark = {"registry": registry, **count_files(files).to_value()}
    contents = {**files, MARK: pretty_json(mark)}
    same = {
        p for p, t in contents.items() if (folder / p).is_file() and (folder / p).read_text() == t
    }
    with replacing(folder) as new:
        for path, text in contents.items():
            (new / path).parent.mkdir(parents=True, exist_ok=True)
            (new / path).write_text(text)
        demand_unmixed(folder, contents.keys(), same)


def found(root: Path) -> dict[str, str]:
    """Every file and link below a folder by what it holds."""
    return {
        str(path.relative_to(root)): str(path.readlink()) if path.is_symlink() else path.read_text()
        for path in root.rglob("*")
        if path.is_symlink() or path.is_file()
    }


NAMES = st.sampled_from(["a", "b", "index.html", "sub/a", "sub/deep/b", ".git/HEAD", MARK])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), NAMES),
        st.tuples(st.just("link"), NAMES),
        st.tuples(st.just("delete"), NAMES),
        st.tuples(st.just("build"), st.sets(st.sampled_from(["a", "index.html", "sub/a", "c"]))),
        st.tuples(st.just("build elsewhere"), st.sets(st.sampled_from(["a", "c"]))),
    ),
    max_size=8,
)


@given(STEPS)
@example([("build", {"a"}), ("delete", "a"), ("write", "a"), ("build", set())])
def test_whatever_is_there_only_what_an_output_wrote_goes(steps: list[tuple[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        play(Path(name), steps)


def play(base: Path, steps: list[tuple[str, object]]) -> None:
    """A user and builds at work in one folder: what the user put there stays, but where an output wrote."""
    folder, mine, written = base / "out", dict[str, str](), set[str]()
    (base / "root").mkdir()
    for number, (kind, what) in enumerate(steps):
        if kind.startswith("build"):
            before = found(base)
            try:
                files = dict.fromkeys(sorted(what), f"built {number}")  # type: ignore[call-overload]
                output(folder, files, "Ours" if kind == "build" else "Theirs", keep=base / "root")
            except RegistryError:
                assert found(base) == before
            else:
                written = {f"out/{path}" for path in files}
            assert mine.items() <= found(base).items()
            continue
        path = folder / str(what)
        taken = str(path.relative_to(base)) in found(base)
        if kind == "delete" and taken:
            path.unlink()
            mine.pop(str(path.relative_to(base)), None)
        elif kind != "delete" and not taken and str(what) != MARK:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                if kind == "write":
                    path.write_text(f"mine {number}")
                else:
                    path.symlink_to("nowhere")
            except (FileExistsError, NotADirectoryError, IsADirectoryError):
                continue
            if str(path.relative_to(base)) not in written:
                mine[str(path.relative_to(base))] = (
                    "nowhere" if kind == "link" else f"mine {number}"
                )


def spellings(target: Path, base: Path) -> list[Path]:
    link, above = base / "link", base / "above"
    link.symlink_to(target)
    above.symlink_to(target.parent)
    return [
        target,
        link,
        above / target.name,
        target / ".." / target.name,
        Path(os.path.relpath(target)),
        Path(f"{target}/."),
    ]


@pytest.mark.parametrize("what", ["root", "parent", "here", "home", "above-home", "repository"])
def test_what_must_stay_is_refused_by_every_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    base = tmp_path / "base"
    targets = {
        "root": base / "deep/root",
        "parent": base / "deep",
        "here": base / "here",
        "home": base / "homes/ada",
        "above-home": base / "homes",
        "repository": base / "clone",
    }
    for folder in targets.values():
        folder.mkdir(parents=True, exist_ok=True)
    (base / "clone/.git").write_text("gitdir: elsewhere\n")
    monkeypatch.chdir(base / "here")
    monkeypatch.setenv("HOME", str(base / "homes/ada"))
    for name in spellings(targets[what], tmp_path):
        with pytest.raises(UsageError, match=r"such as build/site"):
            demand_place(name, (base / "deep/root",))
    demand_place(base / "deep/root/build/site", (base / "deep/root",))
    demand_place(base / "here/site", (base / "deep/root",))


@pytest.mark.parametrize("inside", [".git/site", ".GIT/site", "bare.git/site", "bare.git/refs/x"])
def test_nothing_is_written_into_git_s_own_folder(tmp_path: Path, inside: str) -> None:
    (tmp_path / "bare.git/refs").mkdir(parents=True)
    (tmp_path / "bare.git/objects").mkdir()
    (tmp_path / "bare.git/HEAD").write_text("ref: refs/heads/main\n")
    with pytest.raises(UsageError, match="inside git's own"):
        demand_place(tmp_path / inside)


def test_a_folder_on_a_disk_without_letter_case_is_known_again(tmp_path: Path) -> None:
    """Such a disk gives one folder by two spellings; here two links do, compared by what they lead to."""
    (tmp_path / "Clone").mkdir()
    (tmp_path / "clone").symlink_to("Clone")
    assert is_or_is_above(tmp_path / "clone", tmp_path / "Clone/sub")
    assert not is_or_is_above(tmp_path / "clone/sub", tmp_path / "Clone")


def test_links_in_a_circle_and_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("other")
    (tmp_path / "other").symlink_to("one")
    (tmp_path / "file").touch()
    for name in ("one", "one/site", "file"):
        with pytest.raises(UsageError):
            demand_place(tmp_path / name)


def test_the_mark_names_its_registry(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    output(folder, {"a": "1"}, keep=tmp_path / "root")
    with pytest.raises(UsageError, match="the output of 'Ours', not of 'Theirs'"):
        demand_output(folder, "Theirs")
    (folder / MARK).write_text("{}")
    with pytest.raises(UsageError, match="not of 'Ours'"):
        demand_output(folder, "Ours")
    (folder / MARK).write_text("{")
    with pytest.raises(RegistryError, match="not JSON"):
        demand_output(folder, "Ours")
    (folder / MARK).unlink()
    with pytest.raises(UsageError, match="no earlier output made them"):
        demand_output(folder, "Ours")


def test_what_doesn_t_belong_there_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    output(folder, {"a": "1", "gone": "2"}, keep=tmp_path / "root")
    (folder / "notes.txt").touch()
    with pytest.raises(UsageError, match=r"would lose gone, notes\.txt, a; nothing was removed"):
        output(folder, {"a": "3"}, keep=tmp_path / "root")
    assert found(folder)["a"] == "1"
    (folder / "notes.txt").unlink()
    output(folder, {"a": "3"}, keep=tmp_path / "root")
    assert set(found(folder)) == {"a", MARK}


def test_the_count_doesn_t_depend_on_order_and_can_be_patched() -> None:
    assert count_files(["a", "b", MARK]) == count_files(["b", "a"])
    assert count_files(["a", "b"]) != count_files(["a", "c"])
    assert count_files([]).paths == "0" * 64
    total = sum(int(count_files([path]).paths, 16) for path in "ab") % 2**256
    assert int(count_files(["a", "b"]).paths, 16) == total


def test_a_link_leads_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root/indexes").symlink_to(tmp_path)
    with pytest.raises(RegistryError, match="by a link"):
        demand_inside(tmp_path / "root", tmp_path / "root/indexes/a.json")
    demand_inside(tmp_path / "root", tmp_path / "root/a.json")
