"""An output on a branch of a remote: what is fetched and pushed for it, and what is left of it by a kill."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from registry_tool.commands.maintain.build import output_files
from registry_tool.commands.maintain.output import full_build
from registry_tool.commands.maintain.output.branch import write_branch
from registry_tool.commands.maintain.output.existing import BuildResult
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.core.output_folder import MARK
from registry_tool.store.branch import Branch
from registry_tool.store.git import loose_objects
from registry_tool.store.git.commands import Commands
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.object_reader import ObjectReader
from registry_tool.store.git.partial import FOLDER, PartialRepository
from registry_tool.store.git.repository import Repository
from tests.commands.maintain.histories import WHO, History, history
from tests.core.killed import killed_at_each_step

MOST_CALLS = 12
"""Git processes of a publish to a branch: one that reads, one a step of what is read, a look and a push."""


@pytest.fixture(autouse=True, scope="module")
def few_fixed_files() -> Iterator[None]:
    """What knows no workflow is the same throughout."""
    few = [("404.html", b"Not here"), ("assets/site.css", b"body {}")]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(full_build, "fixed_files", lambda _: iter(few))
        yield


@dataclass
class Remote:
    """A registry's clone with a history, and its remote, which knows filters."""

    made: History
    bare: Repository

    def source(self) -> OutputSource:
        commit = self.made.commit
        return OutputSource(GitTree(self.clone(), commit), commit, commit, "")

    def clone(self) -> Repository:
        """The clone as another process finds it: none talks to git through a pipe of the one that it came from."""
        return Repository(self.made.repository.git_dir)

    def publish(self) -> tuple[PartialRepository, BuildResult]:
        partial = PartialRepository(self.clone(), "origin")
        branch = Branch(partial, "site", "origin", alone=True)
        return partial, write_branch(self.source(), branch, self.source().mark, WHO)

    def shown(self) -> dict[str, bytes]:
        tree = GitTree(Repository(self.bare.git_dir), self.bare.commit("refs/heads/site"))
        listed = self.bare.text("ls-tree", "-r", "-z", "--name-only", tree.tree)
        return {path: tree.read(path) for path in listed.split("\0") if path}

    def wanted(self) -> dict[str, bytes]:
        return dict(output_files(self.source()))

    def objects(self) -> set[str]:
        """What the remote holds, by id."""
        words = ("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
        return set(self.bare.text(*words).split())

    def forget(self) -> None:
        """What a job's fresh clone has of the branch: nothing."""
        shutil.rmtree(self.made.repository.git_dir / FOLDER)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Remote:
    """One whose branch shows its history so far."""
    folder = tmp_path_factory.mktemp("published")
    for name in ("remote.git", "clone.git"):
        subprocess.run(["git", "init", "--quiet", "--bare", folder / name], check=True)
    bare = Repository(folder / "remote.git")
    bare.run("config", "uploadpack.allowFilter", "true")
    made = history(folder / "clone.git", 5)
    made.repository.run("remote", "add", "origin", "../remote.git")
    for _ in range(8):
        made.add()
    made.record()
    found = Remote(made, bare)
    found.publish()
    return found


@pytest.fixture
def remote(published: Remote, tmp_path: Path) -> Remote:
    for name in ("remote.git", "clone.git"):
        shutil.copytree(published.made.repository.git_dir.with_name(name), tmp_path / name)
    made = replace(
        published.made,
        repository=Repository(tmp_path / "clone.git"),
        chance=random.Random(7),  # noqa: S311 - no secret
        files=dict(published.made.files),
    )
    return Remote(made, Repository(tmp_path / "remote.git"))


def blobs_read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Ids of what is read from now on, kept as it goes."""
    read: set[str] = set()
    one, some = ObjectReader.read, ObjectReader._read_some

    def read_one(self: ObjectReader, object_id: str) -> tuple[str, bytes] | None:
        read.add(object_id)
        return one(self, object_id)

    def read_some(self: ObjectReader, object_ids: list[str]) -> list[bytes | None]:
        read.update(object_ids)
        return some(self, object_ids)

    monkeypatch.setattr(ObjectReader, "read", read_one)
    monkeypatch.setattr(ObjectReader, "_read_some", read_some)
    return read


@pytest.mark.parametrize("step", ["add", "own", "yank", "numbers", "nothing"])
def test_only_the_blobs_that_are_read_are_fetched(
    remote: Remote, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    getattr(remote.made, step)()
    remote.made.record()
    remote.forget()
    shown = remote.bare.commit("refs/heads/site")
    before, read = remote.objects(), blobs_read(monkeypatch)
    partial, output = remote.publish()
    calls = partial.calls
    packs = (partial.git_dir / "objects/pack").glob("*.idx")
    listed = [
        line.split()
        for p in packs
        for line in partial.text("verify-pack", "-v", str(p)).splitlines()
    ]
    fetched = {words[0] for words in listed if words[1:2] == ["blob"]}
    assert paths_of(remote, shown, fetched - read) == []
    assert len(fetched) == partial.fetched
    monkeypatch.undo()
    assert partial.fetched < len(remote.shown()) / 3
    assert calls <= MOST_CALLS
    assert not (remote.objects() - before) & fetched
    assert len(remote.objects() - before) <= output.written * 4, (
        "and nothing is sent that was there"
    )
    if step == "add":
        assert remote.shown() == remote.wanted()


def paths_of(remote: Remote, commit: str, ids: set[str]) -> list[str]:
    """The paths of blobs in a commit."""
    listed = remote.bare.text("ls-tree", "-r", "-z", commit).split("\0")
    return [line.split("\t")[1] for line in listed if line and line.split()[2] in ids]


GIT = ((Commands, "_execute"), (ObjectReader, "_start"), (subprocess.Popen, "communicate"))


@pytest.mark.parametrize(
    ("steps", "stride"), [(GIT, 1), (((loose_objects, "_write"),), 41)], ids=["git", "objects"]
)
def test_a_branch_is_old_or_new_wherever_a_publish_is_killed(
    remote: Remote, steps: tuple[tuple[type, str], ...], stride: int
) -> None:
    old, tip = remote.shown(), remote.bare.commit("refs/heads/site")
    remote.made.add()
    remote.made.own()
    remote.made.record()
    new = remote.wanted()
    assert new != old
    seen = []

    def reset() -> None:
        now = remote.bare.find("refs/heads/site")
        assert remote.bare.move("refs/heads/site", tip, now)

    for _ in killed_at_each_step(remote.publish, reset, stride, steps):
        seen.append(remote.shown())
        assert seen[-1] in (old, new)
        remote.publish()
        assert remote.shown() == new, "the next one completes"
        assert read_commit(remote) == remote.made.commit
    assert old in seen
    assert new in seen
    remote.bare.run("fsck", "--strict")


def read_commit(remote: Remote) -> str:
    return str(remote.shown()[MARK].decode().split('"origin": "')[1].split('"')[0])
