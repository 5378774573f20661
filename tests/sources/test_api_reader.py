"""A built API below a folder: pages to their end, and what is damaged or missing is told with its place."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from registry_tool.api.layout import ROOT
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.resolver.candidates import Candidate
from registry_tool.sources.api_reader import ApiReader, is_built_api


def page(folder: Path, path: str, following: str | None, *names: str) -> None:
    said = dict.fromkeys(("author", "description", "category", "updated"), "")
    items = [{**said, "name": name, "version": "1.0.0", "tags": []} for name in names]
    value = {"workflows": items, "pagination": {"next": following}}
    write(folder, path, json.dumps(value))


def write(folder: Path, path: str, text: str) -> None:
    file = folder / ROOT / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_pages_are_read_to_their_end_and_a_circle_ends(tmp_path: Path) -> None:
    page(tmp_path, "workflows.json", "workflows/page/2.json", "b")
    page(tmp_path, "workflows/page/2.json", "workflows.json", "a", "c")
    reader = ApiReader(str(tmp_path))
    assert list(reader.names()) == ["a", "b", "c"]
    assert [one["name"] for one in reader.summaries()] == ["a", "b", "c"]


@pytest.mark.parametrize("text", ["{", "[]", '{"workflows": [5], "pagination": {"next": null}}'])
def test_a_damaged_page_is_reported_with_its_place(tmp_path: Path, text: str) -> None:
    write(tmp_path, "workflows.json", text)
    with pytest.raises(RegistryError) as error:
        ApiReader(str(tmp_path)).names()
    assert error.value.location.endswith("workflows.json") or "workflows.json" in str(error.value)


def test_a_workflow_that_is_not_there_has_no_versions_but_a_missing_package_is_an_error(
    tmp_path: Path,
) -> None:
    reader: Any = ApiReader(str(tmp_path))
    assert list(reader.versions("nothing")) == []
    with pytest.raises(NotFoundError, match="No such file") as error:
        reader.files(Candidate("a", "1.0.0", "sha256:x"))
    assert error.value.location.endswith("packages/a/a-1.0.0.wfpkg")


def test_a_folder_is_an_api_by_its_index(tmp_path: Path) -> None:
    assert not is_built_api(tmp_path)
    write(tmp_path, "index.json", "{}")
    assert is_built_api(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_or_a_device_in_a_folder_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    page(tmp_path, "workflows.json", None)
    (tmp_path / ROOT / "tags").mkdir()
    os.mkfifo(tmp_path / ROOT / "tags" / "pipe.json")
    (tmp_path / ROOT / "tags" / "device.json").symlink_to("/dev/zero")
    reader = ApiReader(str(tmp_path))
    for tag in ("pipe", "device"):
        with pytest.raises(RegistryError, match="not a regular file"):
            reader.group("tags", tag)


def test_a_file_in_a_folder_has_a_size(tmp_path: Path) -> None:
    write(tmp_path, "workflows.json", "[]")
    with (tmp_path / ROOT / "workflows.json").open("wb") as file:
        file.truncate(2**35)
    with pytest.raises(RegistryError, match="more than"):
        ApiReader(str(tmp_path)).summaries()
