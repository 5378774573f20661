"""A commit as a resolver's source: what is broken in it concerns nobody who doesn't need it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.manifest.model import Requirement
from registry_tool.resolver.solve import ConflictError, solve
from registry_tool.sources.commit import UNREADABLE, TreeSource
from registry_tool.sources.commit_program import program_from_tree
from registry_tool.store.tree import FolderTree
from tests.conftest import RegistryFolder


@pytest.fixture
def source(make_registry: Callable[..., RegistryFolder]) -> TreeSource:
    """`base` in three versions, the newest broken, the one before yanked; and a user of it."""
    made = make_registry()
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        made.lay("base", version)
    made.lay("user", "1.0.0", base="^1")
    made.compile()
    folder = made.root / "registry/workflows/base"
    (folder / "1.2.0/workflow.json").write_text("{")
    (folder / "owners.yaml").write_text(
        'owners: [{ login: ada, id: 1 }]\nyanked: { "1.1.0": leaks }\n'
    )
    return TreeSource(FolderTree(made.root))


def test_a_broken_version_requires_what_nobody_has(source: TreeSource) -> None:
    versions = source.versions("base")
    assert [(one.version, one.yanked) for one in versions] == [
        *(("1.0.0", False), ("1.1.0", True), ("1.2.0", False))
    ]
    assert source.requires(versions[2]) == (UNREADABLE,)
    assert source.workflow("base", "1.2.0") is None
    assert source.published("base") == ("1.0.0", "1.1.0", "1.2.0")
    assert source.versions("none") == []


def test_a_resolver_passes_over_what_is_broken_or_yanked(source: TreeSource) -> None:
    assert solve([Requirement("base", "*")], source).chosen["base"].version == "1.0.0"
    with pytest.raises(ConflictError):
        solve([Requirement("base", "1.2.0")], source)


def test_a_line_without_readable_owners_is_nobody_s(source: TreeSource) -> None:
    assert [owner.login for owner in source.owners("base").owners] == ["ada"]
    assert source.owners("none").owners == ()


def test_a_program_brings_what_it_calls_from_the_same_commit(source: TreeSource) -> None:
    program = program_from_tree(source, "user", "1.0.0")
    assert program.workflow.reference == "user:1.0.0"
    assert {name: one.workflow.reference for name, one in program.callees.items()} == {
        "base": "base:1.0.0"
    }
    assert set(program.files) == {"manifest.yaml", "workflow.json", "docs/README.md"}
    with pytest.raises(RegistryError):
        program_from_tree(source, "none", "1.0.0")
