"""What one commit shows, and what is kept when the branch moves."""

from __future__ import annotations

import json

import pytest

from registry_tool.catalogue import load
from registry_tool.commands.live.snapshot import Snapshot
from registry_tool.commands.maintain.index import index
from registry_tool.core.errors import NotFoundError
from registry_tool.core.values import Object
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder


def snapshot(registry: RegistryFolder, before: Snapshot | None = None) -> Snapshot:
    return Snapshot(Repository(registry.root), registry.git("rev-parse", "HEAD"), before)


def version(resource: Object) -> object:
    metadata = resource["metadata"]
    assert isinstance(metadata, dict)
    return metadata["version"]


@pytest.fixture
def greeters(registry: RegistryFolder) -> RegistryFolder:
    registry.add("hello", "1.0.0")
    registry.add("hello", "1.10.0")
    registry.add("hello", "2.0.0-rc.1")
    registry.add("other", "0.1.0")
    index(registry.root)
    registry.commit("Publish")
    return registry


def test_what_a_version_or_a_range_means(greeters: RegistryFolder) -> None:
    shown = snapshot(greeters)
    for wanted, number in (
        ("", "1.10.0"),
        ("1.0.0", "1.0.0"),
        ("^1", "1.10.0"),
        ("latest", "1.10.0"),
    ):
        assert version(shown.resource("hello", wanted)) == number
    status = shown.resource("hello")["status"]
    assert isinstance(status, dict)
    assert status["latest"] is True
    assert shown.resource("hello", "1.0.0")["status"] != status
    with pytest.raises(NotFoundError, match="no version of hello is \\^3"):
        shown.resource("hello", "^3")
    with pytest.raises(NotFoundError, match="neither a version nor a range"):
        shown.resource("hello", "one")


@pytest.mark.parametrize("name", ["helo", "../..", "hello/1.0.0", "", "a\0", "x" * 300])
def test_an_unknown_name_is_missing_with_the_nearest_one(
    greeters: RegistryFolder, name: str
) -> None:
    with pytest.raises(NotFoundError, match="no workflow") as caught:
        snapshot(greeters).line(name)
    assert ("hello" in caught.value.hint) == (name.startswith("hel"))


def test_summaries_need_no_version_where_the_indexes_are_current(
    greeters: RegistryFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = snapshot(greeters)
    monkeypatch.setattr(load, "load_version", lambda *_: pytest.fail("a version was read"))
    assert list(shown.summaries) == ["hello", "other"]


def test_what_the_indexes_lack_is_read(greeters: RegistryFolder) -> None:
    greeters.add("hello", "1.11.0")
    greeters.add("new", "1.0.0")
    greeters.commit("Publish more, and leave the indexes to the job")
    shown = snapshot(greeters)
    assert [(s["name"], s["version"]) for s in shown.summaries.values()] == [
        ("hello", "1.11.0"),
        ("new", "1.0.0"),
        ("other", "0.1.0"),
    ]


def test_without_indexes_everything_is_read(registry: RegistryFolder) -> None:
    registry.add("hello", "1.0.0")
    registry.commit("Publish")
    assert list(snapshot(registry).summaries) == ["hello"]


def test_when_the_branch_moves_only_what_has_changed_is_read_again(
    greeters: RegistryFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(greeters)
    kept = before.line("other")
    assert before.line("hello").latest.number == "1.10.0"
    assert len(before.summaries) == 2
    owners = greeters.root / "registry/workflows/hello/owners.yaml"
    owners.write_text(owners.read_text() + "yanked: { '1.10.0': broken }\n")
    greeters.commit("Yank")
    after = snapshot(greeters, before)
    assert after.line("other") is kept
    assert after.line("hello").latest.number == "1.0.0"
    assert after.summaries["hello"]["version"] == "1.0.0"
    assert (
        before.line("hello").latest.number == "1.10.0"
    )  # a request that began before sees one commit
    with pytest.raises(NotFoundError, match="that may still be chosen"):
        after.resource("hello", "~1.10")


def test_numbers_that_have_changed_are_reported(greeters: RegistryFolder) -> None:
    before = snapshot(greeters)
    assert before.summaries["hello"]["downloads"] == 0
    metadata = greeters.root / "registry/metadata"
    metadata.mkdir(exist_ok=True)
    (metadata / "downloads.json").write_text('{"hello": 7}\n')
    greeters.commit("Refresh the numbers")
    assert snapshot(greeters, before).summaries["hello"]["downloads"] == 7
    assert snapshot(greeters).summaries["hello"]["downloads"] == 7


def test_versions_are_counted_again_where_something_changed_alone(
    greeters: RegistryFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(greeters)
    assert before.version_count == 4
    greeters.add("hello", "1.11.0")
    greeters.commit("Publish")
    after, looked = snapshot(greeters, before), list[str]()
    folders = after.tree.folders

    def noted(path: str) -> list[str]:
        looked.append(path)
        return folders(path)

    monkeypatch.setattr(after.tree, "folders", noted)
    assert after.version_count == 5
    assert looked == ["registry/workflows", "registry/workflows/hello"]


def test_lists_are_there_before_a_build(greeters: RegistryFolder) -> None:
    shown = snapshot(greeters)
    ((path, document),) = shown.latest()
    assert path == "api/v1/workflows.json"
    value = json.loads(document)
    assert [one["name"] for one in value["workflows"]] == ["hello", "other"]
    assert (value["pagination"]["total"], value["pagination"]["next"]) == (2, None)
    ((path, document),) = shown.page(1)
    assert (path, len(json.loads(document)["workflows"])) == ("api/v1/workflows/page/1.json", 2)
    assert not list(shown.page(2))
    assert not list(shown.page(0))
