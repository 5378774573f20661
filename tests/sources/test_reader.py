"""The right reader for a location; and all of them say the same of one registry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from registry_tool.commands.maintain.build import output_files
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.core.errors import NotFoundError
from registry_tool.sources.api_reader import ApiReader
from registry_tool.sources.base import NotFetchedError
from registry_tool.sources.configuration.choice import RegistryChoice, choose_registry
from registry_tool.sources.configuration.named import NamedRegistry
from registry_tool.sources.reader import Reader, near, open_one, open_reader
from registry_tool.sources.tree_reader import TreeReader
from registry_tool.store.tree import FolderTree
from tests.conftest import RegistryFolder
from tests.serving import serving


@pytest.fixture
def clone(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    made = make_registry(git=True)
    made.lay("base", "1.0.0")
    made.lay("base", "1.1.0")
    made.lay("user", "2.0.0", base="^1")
    made.compile()
    owners = made.root / "registry/workflows/base/owners.yaml"
    owners.write_text(owners.read_text() + 'yanked: { "1.1.0": leaks }\n')
    made.commit("Publish")
    return made


def built(clone: RegistryFolder, folder: Path) -> Path:
    """The output of a clone."""
    files = dict(output_files(OutputSource(FolderTree(clone.root))))
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    with serving(server):
        yield f"http://127.0.0.1:{server.server_port}"


def contents_of(reader: Reader) -> object:
    """All that a reader says, but where it reads."""
    versions = [
        reader.with_digest(candidate)
        for name in reader.names()
        for candidate in reader.versions(name)
    ]
    return (
        list(reader.names()),
        [(c.name, c.version, c.digest, c.yanked, c.notice) for c in versions],
        [list(reader.requires(candidate)) for candidate in versions],
        [dict(reader.files(candidate)) for candidate in versions],
        [(one["name"], one["version"]) for one in reader.summaries()],
        list(reader.versions("nothing")),
    )


def one(folder: Path) -> Reader:
    return open_one(NamedRegistry("public", str(folder)), RegistryChoice())


def test_a_folder_a_bare_clone_a_built_site_and_a_server_say_the_same(
    clone: RegistryFolder, tmp_path: Path
) -> None:
    assert isinstance(one(clone.root), TreeReader)
    said = contents_of(open_reader(str(clone.root)))
    assert contents_of(one(clone.root)) == said
    clone.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    assert contents_of(open_reader(str(tmp_path / "bare.git"))) == said
    site = built(clone, tmp_path / "site")
    assert isinstance(one(site), ApiReader)
    assert contents_of(open_reader(str(site))) == said
    with served(site) as address:
        assert contents_of(open_reader(address)) == said


def test_where_there_is_no_registry_the_ways_are_reported(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="there is no registry here") as error:
        open_reader(str(tmp_path))
    assert "--registry" in error.value.hint


def test_a_near_name_is_offered() -> None:
    assert near("gret", ["greet", "other"]) == "did you mean greet?"
    assert near("zzz", ["greet"]) == ""


def test_offline_nothing_is_asked() -> None:
    found = choose_registry("https://127.0.0.1:1", offline=True, environ={})
    with pytest.raises(NotFetchedError, match="nothing is asked offline"):
        open_reader(found).names()
