"""Where links lead, on every version of Python alike."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.core.links import leads_inside, resolved
from registry_tool.core.output_folder import demand_inside


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """`here/` with a link out of it, one to itself, and two that lead to each other."""
    (tmp_path / "here/below").mkdir(parents=True)
    (tmp_path / "here/out").symlink_to(tmp_path)
    (tmp_path / "here/again").symlink_to("below")
    (tmp_path / "here/one").symlink_to("other")
    (tmp_path / "here/other").symlink_to("one")
    return tmp_path.resolve() / "here"


def test_links_are_followed(folder: Path) -> None:
    assert resolved(folder / "again/new") == folder / "below/new"
    assert resolved(folder / "out/new") == folder.parent / "new"


@pytest.mark.parametrize("name", ["one", "one/new", "again/../other/new"])
def test_a_circle_is_an_error(folder: Path, name: str) -> None:
    with pytest.raises(OSError, match="symbolic links") as refused:
        resolved(folder / name)
    assert refused.value.errno == errno.ELOOP
    assert not leads_inside(folder / name, folder)
    with pytest.raises(RegistryError, match="leads nowhere"):
        demand_inside(folder, folder / name)


def test_inside_and_outside(folder: Path) -> None:
    assert leads_inside(folder / "again/new", folder)
    assert not leads_inside(folder / "out/new", folder)
    with pytest.raises(RegistryError, match="leads out of"):
        demand_inside(folder, folder / "out/new")
