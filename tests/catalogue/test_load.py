"""A tree becomes the catalogue, or says which version can't be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.catalogue.load import load_catalogue, load_settings
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.manifest.digest import digest
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository
from registry_tool.store.tree import FolderTree
from tests.conftest import RegistryFolder


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    made = make_registry(git=True)
    for number in ("1.10.0", "1.9.0", "2.0.0-rc.1"):
        made.add("hello", number)
    made.add("a", "1.0.0", hello="^1.0.0")
    return made


def test_versions_are_sorted_by_precedence_and_the_latest_is_a_release(
    registry: RegistryFolder,
) -> None:
    found = load_catalogue(FolderTree(registry.root))
    assert [line.name for line in found.lines] == ["a", "hello"]
    line = found.by_name["hello"]
    assert [v.number for v in line.versions] == ["1.9.0", "1.10.0", "2.0.0-rc.1"]
    assert line.latest.number == "1.10.0"
    assert [version.reference for version in found.dependents["hello"]] == ["a:1.0.0"]
    assert line.owners.is_owner(1)


def test_a_versions_digest_and_files_are_those_of_its_folder(registry: RegistryFolder) -> None:
    version = load_catalogue(FolderTree(registry.root)).by_name["a"].latest
    folder = registry.root / version.directory
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert version.digest == digest(files)
    assert version.size == sum(map(len, files.values()))
    assert [file.path for file in version.files] == sorted(files)
    assert version.readme == "# a\n\nGreets.\n"


def test_a_folder_and_its_commit_are_the_same_catalogue(registry: RegistryFolder) -> None:
    tree = GitTree(Repository(registry.root), registry.commit("Publish"))
    assert load_catalogue(tree) == load_catalogue(FolderTree(registry.root))


def test_a_yanked_version_is_not_the_latest(registry: RegistryFolder) -> None:
    owners = registry.root / "registry/workflows/hello/owners.yaml"
    owners.write_text("owners: [{ login: a, id: 1 }]\nyanked: { 1.10.0: It leaks }\n")
    line = load_catalogue(FolderTree(registry.root)).by_name["hello"]
    assert line.latest.number == "1.9.0"
    assert line.by_number["1.10.0"].yanked == "It leaks"


def test_files_beside_workflows_and_empty_lines_are_passed_by(registry: RegistryFolder) -> None:
    (registry.root / "registry/workflows/README.md").write_text("hello")
    folder = registry.root / "registry/workflows/planned"
    folder.mkdir()
    (folder / "owners.yaml").write_text("owners: [{ login: a, id: 1 }]\n")
    found = load_catalogue(FolderTree(registry.root))
    assert [line.name for line in found.lines] == ["a", "hello"]


def test_the_first_version_that_cannot_be_read_is_named(registry: RegistryFolder) -> None:
    compiled = registry.root / "registry/workflows/hello/1.9.0/workflow.json"
    compiled.write_text("{")
    with pytest.raises(RegistryError, match=r"hello/1.9.0/workflow.json:1:2: not JSON"):
        load_catalogue(FolderTree(registry.root))
    compiled.unlink()
    with pytest.raises(RegistryError, match="no compiled workflow") as caught:
        load_catalogue(FolderTree(registry.root))
    assert "check --fix" in caught.value.hint


def test_downloads_are_read_where_there_are_any(registry: RegistryFolder) -> None:
    tree = FolderTree(registry.root)
    assert load_catalogue(tree).downloads == {}
    (registry.root / "registry/metadata").mkdir()
    (registry.root / "registry/metadata/downloads.json").write_text('{"hello": 3}')
    assert load_catalogue(tree).downloads == {"hello": 3}


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        ("downloads", '{"hello": "3"}', "expected int, got str"),
        ("downloads", '{"hello": -1}', "expected int >= 0"),
        ("ratings", "[4.5]", "expected object, got array"),
        ("ratings", '{"hello": 4.5', "not JSON"),
    ],
)
def test_tables_of_anything_else_are_refused_with_their_file(
    registry: RegistryFolder, kind: str, text: str, reason: str
) -> None:
    file = registry.root / f"registry/metadata/{kind}.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    with pytest.raises(RegistryError, match=reason) as caught:
        load_catalogue(FolderTree(registry.root))
    assert caught.value.location.startswith(f"registry/metadata/{kind}.json")
    assert "refresh-stats" in caught.value.hint


def test_another_folder_is_no_registry(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="this is not a registry") as caught:
        load_settings(FolderTree(tmp_path))
    assert "--registry" in caught.value.hint
