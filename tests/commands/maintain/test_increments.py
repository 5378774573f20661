"""An output that was brought along by what differs equals one that was built from nothing, byte for byte."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree, rmtree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry_tool.commands.maintain import build_mark
from registry_tool.commands.maintain.build import build_source, output_files
from registry_tool.commands.maintain.build_mark import read_mark
from registry_tool.commands.maintain.output import content as contents
from registry_tool.commands.maintain.output import existing, folder, full_build, lists, state
from registry_tool.commands.maintain.output.branch import write_branch
from registry_tool.commands.maintain.output.increment import Patch, Previous, patch_between
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.core.journal import settle
from registry_tool.core.output_folder import MARK
from registry_tool.site.templates import messages
from registry_tool.store.branch import Branch
from registry_tool.store.git.commit_tree import GitTree
from tests.commands.maintain.histories import WHO, History, history
from tests.core.killed import content, killed_at_each_step


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("histories") / "bare.git"
    subprocess.run(["git", "init", "--quiet", "--bare", folder], check=True)
    return folder


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pages and lists so small that a few workflows fill them."""
    for module in (state, lists, contents):
        monkeypatch.setattr(module, "PAGE", 2)
    monkeypatch.setattr(full_build, "fixed_files", fixed_once)
    monkeypatch.setattr(lists, "LATEST", dict.fromkeys(lists.LATEST, 3))
    yield


FIXED: dict[str, dict[str, bytes]] = {}
REAL = full_build.fixed_files


def fixed_once(of: OutputSource) -> Iterator[tuple[str, bytes]]:
    """A few files of what knows no workflow, made once for the same settings."""
    key = repr((of.settings, of.base_url, messages("en")["generated"]))
    if key not in FIXED:
        FIXED[key] = dict(list(REAL(of))[:9])
    return iter(FIXED[key].items())


def source(made: History, base_url: str = "https://example.com/r") -> OutputSource:
    return OutputSource(GitTree(made.repository, made.commit), made.commit, made.commit, base_url)


def patch(made: History, old: dict[str, bytes]) -> Patch | None:
    wanted = source(made)
    mark = read_mark(old[MARK])
    assert mark is not None
    previous = Previous(old.get)
    return patch_between(wanted, previous, mark, wanted.mark)


@pytest.mark.parametrize("maker", ["_templates_digest", "code_digest"])
def test_other_templates_or_another_tool_build_all_anew(
    repository: Path, monkeypatch: pytest.MonkeyPatch, maker: str
) -> None:
    made = history(repository, 3)
    output = dict(output_files(source(made)))
    made.own()
    made.record()
    assert patch(made, output) is not None
    monkeypatch.setattr(build_mark, maker, lambda: "sha256:another")
    assert patch(made, output) is None


def test_rewritten_history_is_built_anew(repository: Path) -> None:
    made = history(repository, 3)
    output = dict(output_files(source(made)))
    made.commit = ""
    made.record()
    assert patch(made, output) is None


def applied(found: Patch, old: dict[str, bytes]) -> dict[str, bytes]:
    assert not found.created & old.keys()
    assert found.removes <= old.keys()
    kept = {path: data for path, data in old.items() if path not in found.removes}
    return {**kept, **found.writes}


@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9), steps=st.integers(2, 9))
def test_an_increment_equals_a_build_from_nothing(repository: Path, seed: int, steps: int) -> None:
    made = history(repository, seed)
    output = dict(output_files(source(made)))
    done = Counter[str]()
    for _ in range(steps):
        name = made.step()
        found = patch(made, output)
        wanted = dict(output_files(source(made)))
        if found is not None:
            done[name] += 1
            new = applied(found, output)
            assert new.keys() == wanted.keys(), name
            assert {path for path in new if new[path] != wanted[path]} == set(), name
        output = wanted


def test_what_agents_look_for_costs_a_version_as_much_in_any_registry(repository: Path) -> None:
    made = history(repository, 1)
    output = dict(output_files(source(made)))
    counted = 0
    for _ in range(12):
        before = set(made.versions())
        made.add()
        made.record()
        found, added = patch(made, output), set(made.versions()) - before
        if found is None or not added:
            output = dict(output_files(source(made)))
            continue
        ((name, number),) = added
        server, skills = f"v0.1/servers/com.example/{name}/versions", ".well-known/agent-skills"
        lists = {
            "v0.1/servers/index.html",
            f"{skills}/index.json",
            ".claude-plugin/marketplace.json",
        }
        own = {f"{server}/{number}", f"{server}/index.html", f"{server}/latest"}
        changed = {path for path, data in found.writes.items() if output.get(path) != data}
        written = {path for path in changed if path.startswith(("v0.1/", ".claude", skills))}
        assert written <= lists | own | {f"{skills}/{name}/SKILL.md"}
        assert f"{server}/{number}" in written
        output, counted = applied(found, output), counted + 1
    assert counted > 5


KINDS = (
    "add",
    "yank",
    "deprecate",
    "own",
    "numbers",
    "nothing",
    "settings",
    "tombstone",
    "templates",
)


def in_folder(made: History, home: Path) -> dict[str, bytes]:
    """The output in a folder, brought along."""
    (home / "root/registry").mkdir(parents=True, exist_ok=True)
    build_source(source(made), home / "out", home / "root")
    return content(home / "out")


def on_branch(made: History, home: Path) -> dict[str, bytes]:
    """The output on a branch, brought along."""
    branch = Branch(made.repository, home.name, alone=True)
    write_branch(source(made), branch, source(made).mark, WHO)
    return dict(_contents(branch.files()))


@pytest.mark.parametrize("bring", [in_folder, on_branch])
@settings(max_examples=2, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9))
def test_a_target_equals_a_build_from_nothing_after_any_kind_of_change(
    repository: Path,
    tmp_path_factory: pytest.TempPathFactory,
    bring: Callable[[History, Path], dict[str, bytes]],
    seed: int,
) -> None:
    """For a folder too large to be replaced as a whole, and for a branch, by what each says of itself."""
    made, home = history(repository, seed), tmp_path_factory.mktemp("target")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(existing, "SMALL", 0)
        made.add()
        made.record()
        assert bring(made, home) == dict(output_files(source(made)))
        for kind in made.chance.sample(KINDS, 5):
            if kind == "templates":
                patched.setitem(messages("en"), "generated", f"Made anew, {seed}")
                patched.setattr(build_mark, "_templates_digest", lambda: "sha256:another")
            else:
                getattr(made, kind)()
                made.record()
            found, wanted = bring(made, home), dict(output_files(source(made)))
            assert found.keys() == wanted.keys(), kind
            assert {path for path in found if found[path] != wanted[path]} == set(), kind


def folders(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "root/registry").mkdir(parents=True)
    return tmp_path / "root", tmp_path / "out"


@pytest.mark.parametrize("small", [0, 20_000])
def test_a_folder_is_brought_along(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    monkeypatch.setattr(existing, "SMALL", small)
    root, out = folders(tmp_path)
    made = history(repository, 7)
    for _ in range(3):
        result = build_source(source(made), out, root)
        wanted = dict(output_files(source(made)))
        assert content(out) == wanted
        assert result.written + result.kept == len(wanted)
        made.step()
    assert build_source(source(made), out, root).kept > 0
    assert build_source(source(made), out, root).written == 0
    left = {path.name for path in tmp_path.iterdir() if path.name.startswith(".out")}
    assert left <= (set() if small else {".out.patch", ".out.twin"})


def test_a_branch_is_brought_along(repository: Path) -> None:
    made = history(repository, 7)
    branch = Branch(made.repository, "site-7", alone=True)
    for _ in range(3):
        write_branch(source(made), branch, source(made).mark, WHO)
        found = dict(_contents(branch.files()))
        assert found == dict(output_files(source(made)))
        made.step()
    assert not made.repository.text("log", "--format=%P", branch.tip())


def _contents(tree: GitTree) -> Iterator[tuple[str, bytes]]:
    for name in made_entries(tree):
        yield name, tree.read(name)


def made_entries(tree: GitTree) -> list[str]:
    listed = tree.repository.text("ls-tree", "-r", "-z", "--name-only", tree.tree)
    return [name for name in listed.split("\0") if name]


@pytest.mark.parametrize("small", [0, 20_000])
def test_a_folder_is_old_or_new_wherever_a_build_is_killed(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    monkeypatch.setattr(existing, "SMALL", small)
    root, out = folders(tmp_path)
    made = history(repository, 11)
    build_source(source(made), out, root)
    old, kept = content(out), tmp_path / "kept"
    copytree(out, kept)
    made.own()
    made.record()
    new = dict(output_files(source(made)))
    found = patch(made, old)
    mark = read_mark(old[MARK])
    assert found is not None
    assert mark is not None
    seen = set()

    def reset() -> None:
        settle(out)
        rmtree(out)
        copytree(kept, out)

    for _ in killed_at_each_step(lambda: folder.apply(found, out, mark), reset, stride=17):
        assert content(out) in (old, new), "whoever looks sees one of them"
        settle(out)
        seen.add(content(out) == new)
        assert content(out) in (old, new)
    assert seen == {True, False}
    build_source(source(made), out, root)
    assert content(out) == new
