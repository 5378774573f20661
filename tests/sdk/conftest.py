"""A small registry as the SDK meets one: a clone, its built site, an address, a live one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import pytest

from registry_tool.commands.maintain.build import build
from registry_tool.commands.maintain.serve import server
from tests.conftest import RegistryFolder
from tests.made_once import put_copy
from tests.sdk.live_registry import LiveRegistry, live_registry
from tests.serving import serving

ROOT = Path(__file__).parents[2]


def make_clone(folder: Path) -> None:
    """`hello` in two versions, and `caller`, which requires it."""
    registry = RegistryFolder(folder, git=True)
    registry.lay("hello", "1.0.0")
    registry.lay("hello", "1.1.0")
    registry.lay("caller", "1.0.0", hello="^1.0.0")
    registry.compile()
    registry.commit("Publish")


def make_published(folder: Path) -> None:
    """The design document's workflow and what it requires, as they are published."""
    registry = RegistryFolder(folder, git=True)
    for name in ("sentiment-analysis/1.2.0", "text-preprocessor/1.6.0"):
        copytree(ROOT / "registry/workflows" / name, folder / "registry/workflows" / name)
    registry.commit("Publish")


def make_published_site(folder: Path) -> None:
    """What `registry-tool build` makes of it."""
    with TemporaryDirectory() as above:
        root = Path(above) / "clone"
        put_copy(make_published, root)
        build(root, folder)


def make_site(folder: Path) -> None:
    """What `registry-tool build` makes of it."""
    with TemporaryDirectory() as above:
        root = Path(above) / "clone"
        put_copy(make_clone, root)
        build(root, folder)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    put_copy(make_clone, tmp_path / "clone")
    return tmp_path / "clone"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    put_copy(make_site, tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    with serving(server(site, "127.0.0.1", 0)) as running:
        yield f"http://127.0.0.1:{running.server_port}"


@pytest.fixture
def live(site: Path) -> Iterator[LiveRegistry]:
    registry = LiveRegistry(site)
    with live_registry(registry):
        yield registry
    assert registry.violations == []
