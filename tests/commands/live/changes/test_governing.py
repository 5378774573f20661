"""What changes of an owners' file, as files: nothing but what was asked, and nothing where it is so already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest

from registry_tool.commands.live.changes.gatekeeper import ChangeResult, Gatekeeper, ProposedChange
from registry_tool.commands.live.changes.governing import OwnersEdit, Withdrawal, govern, withdraw
from registry_tool.core.errors import NotFoundError
from registry_tool.core.finding import FindingsError
from registry_tool.manifest.owners import Owners, read_owners
from registry_tool.security.tokens.principal import Principal
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder

ADA = Principal(1, "ada")
PATH = "registry/workflows/hello/owners.yaml"


class Files:
    """Keeps what a change would write instead of judging it; stands where a gatekeeper does."""

    def __init__(self, registry: RegistryFolder) -> None:
        self.tree = GitTree(Repository(registry.root), registry.git("rev-parse", "main"))
        self.files: Mapping[str, bytes | None] = {}

    def change(self, who: Principal, change: ProposedChange) -> ChangeResult:
        assert who is ADA
        self.files = change.files(self.tree)
        return ChangeResult()

    @property
    def owners(self) -> Owners:
        data = self.files[PATH]
        assert data is not None
        return read_owners(data, PATH)


@pytest.fixture
def files(make_registry: Callable[..., RegistryFolder]) -> Files:
    registry = make_registry(git=True)
    for version in ("1.0.0", "1.1.0"):
        registry.lay("hello", version)
    registry.commit("Publish")
    return Files(registry)


def gate(files: Files) -> Gatekeeper:
    return cast(Gatekeeper, files)


def test_only_what_is_said_changes(files: Files) -> None:
    edit = OwnersEdit(
        {"deprecated": {"reason": "old"}}, {"1.0.0": {"reason": "x", "level": "warn"}}
    )
    govern(gate(files), ADA, "hello", edit)
    assert list(files.files) == [PATH]
    assert files.owners.is_owner(1)
    assert files.owners.notices["1.0.0"].reason == "x"
    govern(gate(files), ADA, "hello", OwnersEdit({"deprecated": None}, {"1.0.0": None}))
    assert files.files == {}


def test_a_yank_a_tombstone_and_the_end_of_all(files: Files) -> None:
    withdraw(gate(files), ADA, "hello", Withdrawal("1.0.0", "bad", replacement="1.1.0"))
    assert files.owners.notices["1.0.0"].replacement == "1.1.0"
    withdraw(gate(files), ADA, "hello", Withdrawal("", "bad", without_successor=True))
    assert files.owners.deprecated is not None and files.owners.deprecated.blocks
    withdraw(gate(files), ADA, "hello", Withdrawal("1.0.0", "leaked", tombstone=True))
    assert files.owners.tombstones == {"1.0.0": "leaked"}
    gone = [path for path, data in files.files.items() if data is None]
    assert gone and all(path.startswith("registry/workflows/hello/1.0.0/") for path in gone)
    withdraw(gate(files), ADA, "hello", Withdrawal("", "leaked", tombstone=True))
    assert files.owners.removed == "leaked"
    assert sorted(files.owners.tombstones) == ["1.0.0", "1.1.0"]


@pytest.mark.parametrize("name", ["nope", "../hello", "", "HELLO"])
def test_what_is_not_there(files: Files, name: str) -> None:
    with pytest.raises(NotFoundError):
        govern(gate(files), ADA, name, OwnersEdit({"deprecated": None}))
    with pytest.raises(NotFoundError):
        withdraw(gate(files), ADA, "hello", Withdrawal("9.0.0", "x"))


@pytest.mark.parametrize("members", [{"owners": []}, {"owners": None}, {"owners": "ada"}])
def test_a_file_that_would_be_none_is_refused_at_its_place(
    files: Files, members: dict[str, Any]
) -> None:
    with pytest.raises(FindingsError) as caught:
        govern(gate(files), ADA, "hello", OwnersEdit(members))
    assert caught.value.findings[0].path == PATH
