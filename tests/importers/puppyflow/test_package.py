"""Template packages: resources are mounted into their blocks, files come along."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.importers.imported import Loss
from registry_tool.importers.puppyflow.package import is_package, resource_paths, unpacked
from registry_tool.importers.puppyflow.read import read


def package(*resources: Any) -> dict[str, Any]:
    blocks = [
        {"id": "a", "type": "text", "data": {"content": "", "storage_class": "external"}},
        {"id": "k", "type": "structured", "data": {"indexingList": [{"type": "vector"}]}},
        {"id": "f", "type": "file", "data": {"content": [{"fileName": "x.pdf", "task_id": "t"}]}},
    ]
    return {
        "metadata": {"id": "demo", "name": "Demo", "author": "Somebody", "tags": ["a", "a/b", 3]},
        "workflow": {"blocks": blocks, "edges": []},
        "resources": {"format": "separate", "resources": list(resources)},
    }


def resource(type_: str, block: str, path: str, **more: Any) -> dict[str, Any]:
    source = {"path": path, "format": "structured" if path.endswith(".json") else "text"}
    return {"id": path, "type": type_, "block_id": block, "source": source, **more}


def mounted(item: Any, content: bytes) -> tuple[Any, list[Loss], dict[str, bytes]]:
    losses: list[Loss] = []
    workflow, files = unpacked(package(item), {item["source"]["path"]: content}, losses)
    return workflow["blocks"], losses, files


def test_stored_content_is_put_in_place() -> None:
    item = resource("external_storage", "a", "resources/a.txt", mounted_path="data.content")
    blocks, losses, _ = mounted(item, "é\r\n".encode())
    assert blocks[0]["data"] == {"content": "é\r\n"}
    assert losses == []


def test_a_vector_collection_has_content_and_settings() -> None:
    paths = {
        "content": "data.content",
        "entries": "data.indexingList[0].entries",
        "indexing_config": "data.indexingList[0]",
    }
    item = resource("vector_collection", "k", "r.json", mounted_paths=paths)
    blocks, losses, _ = mounted(
        item, b'{"content": [1], "indexing_config": {"key_path": []}, "z": 1}'
    )
    assert blocks[1]["data"] == {
        "content": [1],
        "indexingList": [{"type": "vector", "key_path": []}],
    }
    assert [loss.what for loss in losses] == ["z"]


def test_a_file_comes_along() -> None:
    blocks, _, files = mounted(resource("file", "f", "resources/x.pdf"), b"%PDF")
    assert files == {"resources/x.pdf": b"%PDF"}
    assert blocks[2]["data"]["content"] == [
        {"fileName": "x.pdf", "fileType": "pdf", "path": "x.pdf"}
    ]


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (resource("external_storage", "nobody", "r.txt"), "there is no block 'nobody'"),
        (resource("hologram", "a", "r.txt"), "its type is 'hologram'"),
        (
            resource("external_storage", "a", "r.txt", mounted_path="data..x"),
            "not a path into a block",
        ),
        (resource("external_storage", "a", "r.txt", mounted_path="id"), "not a path into a block"),
    ],
)
def test_what_has_no_place_is_reported(item: Any, why: str) -> None:
    _, losses, _ = mounted(item, b"x")
    assert why in losses[0].why


def test_a_missing_file_is_reported() -> None:
    losses: list[Loss] = []
    unpacked(package(resource("external_storage", "a", "r.txt")), {}, losses)
    assert [loss.why for loss in losses] == ["'r.txt' is not there"]


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../x", "C:\\x", "a\\b", "nul"])
def test_paths_that_leave_the_folder_are_refused(path: str) -> None:
    with pytest.raises(RegistryError, match="the path") as error:
        resource_paths(package(resource("file", "f", path)))
    assert error.value.location == "resources[0].source.path"


def test_metadata_is_the_packages() -> None:
    value = package()
    assert is_package(value)
    assert read(value, name="x").manifest["metadata"] == {
        "name": "demo",
        "version": "0.1.0",
        "author": "Somebody",
        "tags": ["a"],
    }
