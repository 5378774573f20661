"""What a run may save: a manifest of three kilobytes asks for terabytes, by doubling a text in a map."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.engine.edges.all_edges import config_of, edge_kind
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.room import Room
from registry_tool.manifest.model import Edge


def save(services: Services, path: str, text: str) -> None:
    edge = Edge("e", "save", (), ("saved",), {"path": path, "content": text})
    asyncio.run(edge_kind("save").run(EdgeCall(edge, {}, {}), config_of(edge), services))


def test_a_run_saves_so_many_bytes_and_no_more(tmp_path: Path) -> None:
    services = Services(workspace=tmp_path, room=Room(bytes=10))
    save(services, "a.txt", "12345")
    save(services, "a.txt", "1234")
    with pytest.raises(EdgeError, match="saves at most 256 MiB in 10000 files and folders"):
        save(services, "b.txt", "12")
    save(replace(services, resources=None), "b.txt", "1")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.txt"]
    with pytest.raises(EdgeError):
        save(replace(services, resources=None), "c.txt", "1")


def test_and_so_many_files(tmp_path: Path) -> None:
    services = Services(workspace=tmp_path, room=Room(files=1))
    save(services, "a.txt", "")
    with pytest.raises(EdgeError) as caught:
        save(services, "b.txt", "")
    assert "several runs" in caught.value.hint
    assert not (tmp_path / "b.txt").exists()


def test_folders_count_once_and_the_deepest_path_is_short(tmp_path: Path) -> None:
    services = Services(workspace=tmp_path, room=Room(files=5))
    save(services, "a/b/c.txt", "")
    save(services, "a/b/d.txt", "")
    with pytest.raises(EdgeError, match="files and folders"):
        save(services, "a/e/f.txt", "")
    for path in ("a/" * 33 + "f", "/".join(["x" * 200] * 6)):
        with pytest.raises(EdgeError, match="more than 1024 bytes or 32 folders"):
            save(Services(workspace=tmp_path), path, "")
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a", "b", "c.txt", "d.txt"]


def test_two_runs_have_a_room_each() -> None:
    one, other = Services(), Services()
    one.room.take(1)
    assert one.room.bytes == other.room.bytes - 1
    with pytest.raises(RegistryError):
        one.room.take(other.room.bytes)
