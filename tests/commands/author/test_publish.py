"""A version on its branch: made once, found again, gone on from, and dated."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registry_tool.commands.author.candidate import candidate_of
from registry_tool.commands.author.init import init
from registry_tool.commands.author.publish import BranchProposal, open_pull_request, propose
from registry_tool.commands.author.publishing.plan import NEW, SAME, UPDATED
from registry_tool.core.clock import FixedClock
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.finding import FindingsError
from registry_tool.manifest.load import load
from registry_tool.manifest.model import Metadata
from registry_tool.manifest.owners import OwnerAccount
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder

BRANCH = "publish/mine-1.0.0"
MANIFEST = "registry/workflows/mine/1.0.0/manifest.yaml"
ADA = OwnerAccount("ada", 1)
START = datetime(2031, 5, 4, 12, tzinfo=UTC)
LATER = START + timedelta(days=3)


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    return make_registry(git=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return init("mine", "text", tmp_path / "mine").folder


def publish(
    registry: RegistryFolder, project: Path, now: datetime = START, **more: object
) -> BranchProposal:
    how: dict[str, object] = {"owner": ADA, "clock": FixedClock(now), **more}
    return propose(registry.root, candidate_of(project), **how)  # type: ignore[arg-type]


def about(registry: RegistryFolder, branch: str = BRANCH, path: str = MANIFEST) -> Metadata:
    text = registry.git("show", f"{branch}:{path}")
    return load(text.encode() + b"\n", path).workflow.metadata


def test_dates_are_filled_in_and_reported(registry: RegistryFolder, project: Path) -> None:
    made = publish(registry, project)
    assert (made.state, made.filled) == (NEW, ("created", "updated"))
    result = about(registry)
    assert (result.created, result.updated) == ("2031-05-04T12:00:00Z", "2031-05-04T12:00:00Z")
    assert "created" not in (project / "workflow-resource.yaml").read_text()


def test_what_the_author_wrote_stays(registry: RegistryFolder, project: Path) -> None:
    file = project / "workflow-resource.yaml"
    file.write_text(file.read_text().replace("  license:", '  updated: "2030-01-01"\n  license:'))
    made = publish(registry, project)
    assert (made.filled, made.kept) == (("created",), {"updated": "2030-01-01"})
    result = about(registry)
    assert (result.created, result.updated) == ("2030-01-01", "2030-01-01")  # no later


def test_the_same_again_changes_nothing(registry: RegistryFolder, project: Path) -> None:
    publish(registry, project)
    before = registry.git("rev-parse", BRANCH)
    assert publish(registry, project, LATER).state == SAME
    assert registry.git("rev-parse", BRANCH) == before


def test_a_changed_project_updates_its_branch(registry: RegistryFolder, project: Path) -> None:
    (project / "docs/old.md").write_text("Old.\n")
    publish(registry, project)
    (project / "docs/old.md").unlink()
    (project / "docs/new.md").write_text("New.\n")
    assert publish(registry, project, LATER).state == UPDATED
    assert registry.git("rev-list", "--count", f"main..{BRANCH}") == "2"
    files = registry.git("ls-tree", "-r", "--name-only", BRANCH)
    assert "docs/new.md" in files
    assert "docs/old.md" not in files
    assert about(registry).created == "2031-05-04T12:00:00Z"
    assert about(registry).updated == "2031-05-07T12:00:00Z"


def test_owners_that_are_named_later_are_added(registry: RegistryFolder, project: Path) -> None:
    assert "owners.yaml" in publish(registry, project, owner=None).note
    added = publish(registry, project, LATER)
    assert (added.state, added.note) == (UPDATED, "")
    assert publish(registry, project, LATER, owner=None).note == ""


def test_what_will_be_held_is_reported(registry: RegistryFolder, project: Path) -> None:
    file = project / "workflow-resource.yaml"
    file.write_text(file.read_text().partition("  tests:")[0])
    (reason,) = publish(registry, project).held
    assert "no test" in reason


def test_what_a_rule_refuses_moves_no_branch(registry: RegistryFolder, project: Path) -> None:
    publish(registry, project)
    before = registry.git("rev-parse", BRANCH)
    (project / "docs/README.md").write_text("key: ghp_" + "a1B2" * 9)
    with pytest.raises(FindingsError) as refused:
        publish(registry, project, LATER)
    assert [f.path for f in refused.value.findings] == [str(project / "docs/README.md")]
    assert registry.git("rev-parse", BRANCH) == before


def test_the_next_version_keeps_when_its_line_was_made(
    registry: RegistryFolder, project: Path
) -> None:
    publish(registry, project)
    registry.git("merge", "--quiet", BRANCH)
    file = project / "workflow-resource.yaml"
    file.write_text(file.read_text().replace("1.0.0", "1.0.1"))
    publish(registry, project, LATER)
    result = about(registry, "publish/mine-1.0.1", MANIFEST.replace("1.0.0", "1.0.1"))
    assert (result.created, result.updated) == ("2031-05-04T12:00:00Z", "2031-05-07T12:00:00Z")
    with pytest.raises(RegistryError, match="published and never changes"):
        file.write_text(file.read_text().replace("1.0.1", "1.0.0"))
        publish(registry, project, LATER)


def test_a_manifest_in_one_line_is_dated_too(registry: RegistryFolder, project: Path) -> None:
    file = project / "workflow-resource.yaml"
    head, _, rest = file.read_text().partition("metadata:\n")
    _, _, spec = rest.partition("\nspec:")
    inline = 'metadata: { name: mine, version: "1.0.0", license: MIT, description: Greets }\n'
    file.write_bytes((head + inline + "\nspec:" + spec).replace("\n", "\r\n").encode())
    publish(registry, project)
    assert about(registry).created == "2031-05-04T12:00:00Z"


def test_another_machine_goes_on_from_the_remote(
    registry: RegistryFolder, project: Path, tmp_path: Path
) -> None:
    """Killed after the push, and said again on a clone that never saw the branch."""
    bare = tmp_path / "bare.git"
    registry.git("clone", "--quiet", "--bare", ".", str(bare))
    registry.git("remote", "add", "origin", str(bare))
    publish(registry, project)
    registry.git("push", "--quiet", "origin", BRANCH)
    registry.git("branch", "--quiet", "-D", BRANCH)
    assert publish(registry, project, LATER, remote="origin").state == SAME
    assert registry.git("rev-parse", BRANCH) == Repository(bare).commit(BRANCH)


def test_branches_that_have_parted_are_reported(
    registry: RegistryFolder, project: Path, tmp_path: Path
) -> None:
    bare = tmp_path / "bare.git"
    registry.git("clone", "--quiet", "--bare", ".", str(bare))
    registry.git("remote", "add", "origin", str(bare))
    publish(registry, project)
    registry.git("push", "--quiet", "origin", BRANCH)
    registry.git("branch", "--quiet", "-D", BRANCH)
    publish(registry, project, LATER)
    with pytest.raises(RegistryError, match="have parted") as caught:
        publish(registry, project, LATER, remote="origin")
    assert f"git branch -D {BRANCH}" in caught.value.hint


def test_a_link_is_not_left_out_silently(registry: RegistryFolder, project: Path) -> None:
    (project / "docs/more.md").symlink_to("README.md")
    with pytest.raises(FindingsError) as refused:
        publish(registry, project)
    assert [f.rule for f in refused.value.findings] == ["regular-files"]
    shutil.rmtree(project / "docs")


def test_a_plain_remote_gets_the_branch_and_no_request(
    registry: RegistryFolder, project: Path, tmp_path: Path
) -> None:
    bare = tmp_path / "bare.git"
    registry.git("clone", "--quiet", "--bare", ".", str(bare))
    registry.git("remote", "add", "origin", str(bare))
    publish(registry, project)
    for _ in range(2):
        assert open_pull_request(registry.root, BRANCH, "origin", "Publish mine 0.1.0") == ""
    assert registry.git("rev-parse", BRANCH) == Repository(bare).commit(BRANCH)


def test_without_a_token_nothing_is_pushed_to_a_forge(
    registry: RegistryFolder, project: Path
) -> None:
    registry.git("remote", "add", "origin", "https://github.com/ada/registry.git")
    publish(registry, project)
    with pytest.raises(UsageError, match="nobody is logged in"):
        open_pull_request(registry.root, BRANCH, "origin", "Publish mine 0.1.0")


def test_a_remote_that_is_none_is_reported_before_anything_is_made(
    registry: RegistryFolder, project: Path
) -> None:
    with pytest.raises(RegistryError, match="there is no remote 'nowhere'") as refused:
        publish(registry, project, remote="nowhere")
    assert "git remote" in refused.value.hint
    assert BRANCH not in registry.git("branch", "--list", BRANCH)
