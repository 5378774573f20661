"""Whom a workflow's list admits."""

from __future__ import annotations

import pytest

from registry_tool.catalogue.load import load_settings
from registry_tool.commands.live.readers import NOBODY_ELSE, ReadGate, read_list
from registry_tool.security.tokens.principal import ANONYMOUS, RUN, Principal
from registry_tool.store.tree import FolderTree
from tests.conftest import RegistryFolder
from tests.server.signing_in import MEMBERS

TEAM = "  teams: { lab: [5] }\n"


@pytest.mark.parametrize(
    ("person", "words", "admitted"),
    [
        (7, ("public",), True),
        (7, ("authenticated",), True),
        (7, ("owner",), False),
        (1, ("owner",), True),
        (5, ("owner",), False),
        (5, ("team:lab",), True),
        (6, ("team:lab",), False),
        (6, ("team:none",), False),
        (8, ("owner",), True),  # a maintainer acts for absent owners
        (6, (), False),
    ],
)
def test_a_list_admits(
    registry: RegistryFolder, person: int, words: tuple[str, ...], admitted: bool
) -> None:
    registry.add("hello", "1.0.0")
    file = registry.root / "registry/registry.yaml"
    file.write_text(file.read_text() + MEMBERS + TEAM)
    tree = FolderTree(registry.root)
    gate = ReadGate(tree, load_settings(tree).access, Principal(person, "somebody"))
    assert gate.admits("hello", words) is admitted


def test_a_credential_narrows(registry: RegistryFolder) -> None:
    tree = FolderTree(registry.root)
    access = load_settings(tree).access
    for who, admitted in (
        (ANONYMOUS, False),
        (Principal(1, scopes=frozenset({RUN})), False),
        (Principal(1, workflows=frozenset({"other"})), False),
        (Principal(1, workflows=frozenset({"hello"})), True),
    ):
        assert ReadGate(tree, access, who).admits("hello", ("public",)) is admitted


def test_what_can_not_be_read_is_its_owners_alone(registry: RegistryFolder) -> None:
    folder = registry.add("hello", "1.0.0")
    tree = FolderTree(registry.root)
    assert read_list(tree, "hello", "1.0.0") == ("public",)
    assert read_list(tree, "hello", "2.0.0") == NOBODY_ELSE
    (folder / "workflow.json").write_text('{"security": {"access_control": {"read": 1}}}')
    assert read_list(FolderTree(registry.root), "hello", "1.0.0") == NOBODY_ELSE
