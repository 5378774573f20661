"""Where state is, what a clone says of it, and what it never takes for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.store.branch_names import state_branch_names
from registry_tool.store.git.repository import Repository
from registry_tool.store.state.branch import StateBranch
from registry_tool.store.state.home import state_remote
from registry_tool.store.state.notes import LostStateError, StateNotes, UnreachableError
from tests.store.state.hub import NAME, TIME, WHO, Hub, branch_of, git, read


@pytest.mark.parametrize(
    "words",
    [(), ("--single-branch",), ("--depth=1",), ("--depth=1", "--no-single-branch"), ("--bare",)],
    ids=" ".join,
)
def test_any_clone_reads_and_writes_what_its_remote_holds(hub: Hub, words: tuple[str, ...]) -> None:
    clone = hub.clone("clone", *words)
    hub.write("two")
    branch = branch_of(clone)
    assert read(branch) == "two"
    branch.write(lambda _: {"b.txt": b"x"}, "x", WHO)
    assert StateBranch(Repository(hub.folder), NAME).files().read("b.txt") == b"x"
    assert git(hub.folder, "rev-list", "--count", NAME) == "3"


def test_what_a_clone_saw_last_is_reported_as_of_then(hub: Hub) -> None:
    clone = hub.clone("clone")
    hub.vanish()
    said: list[str] = []
    notes = StateNotes(may_be_old=True, say=said.append)
    branch = branch_of(clone, notes)
    assert read(branch) == "one"
    assert read(branch) == "one"
    (sentence,) = said
    assert "the remote origin can't be read" in sentence
    assert f"as of {TIME} (commit {branch.tip()[:12]} of {NAME})" in sentence
    assert notes.oldest is not None
    with pytest.raises(UnreachableError, match="nobody here knows"):
        branch_of(clone).tip()
    with pytest.raises(UnreachableError):
        branch.write(lambda _: {"b.txt": b"x"}, "x", WHO)


def test_what_a_clone_never_saw_is_not_nothing(hub: Hub) -> None:
    clone = hub.clone("clone", "--single-branch")
    hub.vanish()
    with pytest.raises(UnreachableError, match="has never seen its branch deployments"):
        branch_of(clone, StateNotes(may_be_old=True)).tip()
    names = StateNotes(may_be_old=True)
    with pytest.raises(UnreachableError, match="never seen its branches runs"):
        state_branch_names(Repository(clone), "runs-*", "origin", names)


def test_months_that_were_seen_are_known_without_the_remote(hub: Hub) -> None:
    hub.write("x", "runs-2026-02")
    clone = hub.clone("clone")
    hub.vanish()
    repository, notes = Repository(clone), StateNotes(may_be_old=True)
    assert state_branch_names(repository, "runs-*", "origin", notes) == ["runs-2026-02"]
    with pytest.raises(UnreachableError):
        state_branch_names(repository, "runs-*", "origin", StateNotes())


def test_a_remote_that_went_back_is_noticed_until_it_is_mended(hub: Hub) -> None:
    clone = hub.clone("clone")
    hub.write("two")
    newest = branch_of(clone).tip()
    git(hub.folder, "update-ref", f"refs/heads/{NAME}", f"{newest}~1")
    said: list[str] = []
    branch = branch_of(clone, StateNotes(say=said.append))
    assert read(branch) == "one"
    assert "something was taken away" in said[0]
    git(clone, "gc", "-q", "--prune=now")
    assert branch_of(clone).lost() == newest
    git(clone, "push", "-q", "origin", f"{newest}:refs/heads/{NAME}")
    assert branch_of(clone).lost() == ""
    assert read(branch_of(clone)) == "two"


def test_a_branch_that_is_gone_is_no_empty_one(hub: Hub) -> None:
    clone = hub.clone("clone")
    git(hub.folder, "update-ref", "-d", f"refs/heads/{NAME}")
    with pytest.raises(LostStateError, match="had a branch deployments") as caught:
        branch_of(clone).tip()
    command = caught.value.hint.split("`")[1]
    git(clone, *command.split()[1:])
    assert read(branch_of(clone)) == "one"


@pytest.mark.parametrize("other", ["audit", "runs-2026-02"])
@pytest.mark.parametrize("bare", [False, True])
def test_a_fresh_clone_does_not_take_a_lost_branch_for_an_empty_one(
    hub: Hub, other: str, *, bare: bool
) -> None:
    hub.write("x", other)
    commit = git(hub.folder, "rev-parse", NAME)
    git(hub.folder, "update-ref", "-d", f"refs/heads/{NAME}")
    clone = hub.folder if bare else hub.clone("fresh")
    branch = StateBranch(Repository(clone), NAME, "" if bare else "origin", StateNotes(True))
    with pytest.raises(LostStateError, match=f"has no branch deployments, but {other}, which"):
        branch.tip()
    with pytest.raises(LostStateError, match="it was lost"):
        branch.write(lambda _: {"a.txt": b"begin anew"}, "x", WHO)
    git(hub.folder, "update-ref", f"refs/heads/{NAME}", commit)
    assert read(branch) == "one"


def test_a_registry_that_deployed_nothing_has_nothing(hub: Hub) -> None:
    git(hub.folder, "update-ref", "-d", f"refs/heads/{NAME}")
    hub.write("x", "schedules")
    clone = hub.clone("fresh")
    assert branch_of(clone).tip() == ""
    assert StateBranch(Repository(hub.folder), NAME).tip() == ""


def test_a_month_may_go(hub: Hub) -> None:
    hub.write("x", "runs-2026-02")
    clone = hub.clone("clone")
    repository = Repository(clone)
    month = StateBranch(repository, "runs-2026-02", "origin", may_go=True)
    assert month.remove()
    assert month.tip() == ""
    assert repository.refs("refs/registry-tool/origin/runs-2026-02") == {}


def test_state_that_only_the_clone_has_is_not_overlooked(tmp_path: Path) -> None:
    empty = tmp_path / "hub.git"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(empty))
    hub = Hub(empty)
    hub.write("x", "main")
    clone = hub.clone("clone")
    assert branch_of(clone).tip() == ""  # the benign twin: nobody has any
    StateBranch(Repository(clone), NAME).write(lambda _: {"a.txt": b"mine"}, "x", WHO)
    with pytest.raises(LostStateError, match="the state has two homes"):
        branch_of(clone).tip()
    with pytest.raises(LostStateError):
        branch_of(clone).write(lambda _: {"a.txt": b"x"}, "x", WHO)
    repository = Repository(clone)
    own = StateBranch(repository, NAME, state_remote(repository, "."))
    assert read(own) == "mine"


def test_commits_that_only_the_clone_has_are_reported(hub: Hub) -> None:
    clone = hub.clone("clone")
    git(clone, "branch", "-q", NAME, f"origin/{NAME}")
    said: list[str] = []
    assert read(branch_of(clone, StateNotes(say=said.append))) == "one"
    hub.write("two")
    assert read(branch_of(clone, StateNotes(say=said.append))) == "two"
    assert said == []
    StateBranch(Repository(clone), NAME).write(lambda _: {"a.txt": b"mine"}, "x", WHO)
    assert read(branch_of(clone, StateNotes(say=said.append))) == "two"
    assert "commits that origin lacks" in said[0]


def test_a_clone_of_a_clone_is_reported_where_the_state_is(hub: Hub, tmp_path: Path) -> None:
    clone = hub.clone("clone")
    second = tmp_path / "second"
    git(tmp_path, "clone", "-q", str(clone), str(second))
    with pytest.raises(LostStateError, match="origin is itself a clone"):
        branch_of(second).tip()
    git(second, "remote", "add", "registry", str(hub.folder))
    git(second, "config", "registry-tool.remote", "registry")
    assert read(branch_of(second)) == "one"


def test_a_clone_of_a_shallow_clone(hub: Hub, tmp_path: Path) -> None:
    hub.write("two")
    shallow = hub.clone("shallow", "--depth=1", "--no-single-branch", "--bare")
    second = tmp_path / "second"
    git(tmp_path, "clone", "-q", str(shallow), str(second))
    assert read(branch_of(second)) == "two"
    git(shallow, "remote", "remove", "origin")
    StateBranch(Repository(shallow), NAME).write(lambda _: {"a.txt": b"three"}, "x", WHO)
    assert read(branch_of(second)) == "three"


def test_another_remote_that_has_it_is_named(hub: Hub, tmp_path: Path) -> None:
    fork = tmp_path / "fork.git"
    git(tmp_path, "clone", "-q", "--bare", "--single-branch", str(hub.folder), str(fork))
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(fork), str(clone))
    git(clone, "remote", "add", "upstream", str(hub.folder))
    git(clone, "fetch", "-q", "upstream")
    with pytest.raises(LostStateError, match="but upstream has one"):
        branch_of(clone).tip()
