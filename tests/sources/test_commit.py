"""A commit as a resolver's source: what is broken in it concerns nobody who doesn't need it."""

from __future__ import annotations

import pytest

from registry_tool.manifest.model import Requirement
from registry_tool.resolver.solve import ConflictError, solve
from registry_tool.sources.commit import UNREADABLE, TreeSource


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
