"""What a judged pull request releases; each is judged for real."""

from __future__ import annotations

import pytest

from registry_tool.catalogue.auto_merge import NEW_NAME
from registry_tool.commands.review.auto_merge.decision import JudgedMerge
from registry_tool.commands.review.auto_merge.releases import judged_merge
from registry_tool.commands.review.check_pr import check_pr
from registry_tool.rules.change_set import Actor
from tests.commands.review.requests import branch, publish
from tests.conftest import RegistryFolder


def judged(registry: RegistryFolder) -> JudgedMerge:
    return judged_merge(check_pr(registry.root, "main", actor=Actor(1, "ada")))


@pytest.mark.parametrize(
    ("name", "version", "bump"),
    [
        ("hello", "1.0.1", "patch"),
        ("hello", "1.1.0", "minor"),
        ("hello", "2.0.0", "major"),
        ("newcomer", "1.0.0", NEW_NAME),
    ],
)
def test_a_release(registry: RegistryFolder, name: str, version: str, bump: str) -> None:
    publish(registry, name, version)
    found = judged(registry)
    assert (found.verdict, found.beside, found.unchecked) == ("passed", False, ())
    (release,) = found.releases
    assert (release.name, release.version, release.bump) == (name, version, bump)
    assert 0 < release.score < 100


def test_before_one_a_part_counts_for_the_next(registry: RegistryFolder) -> None:
    registry.git("checkout", "--quiet", "main")
    registry.add("early", "0.1.0")
    registry.commit("Early")
    for version, bump in (("0.1.1", "minor"), ("0.2.0", "major"), ("1.0.0", "major")):
        registry.git("checkout", "--quiet", "main")
        publish(registry, "early", version)
        assert [release.bump for release in judged(registry).releases] == [bump]


def test_what_does_more_than_releasing(registry: RegistryFolder) -> None:
    publish(registry, "hello", "1.0.1")
    owners = registry.root / "registry/workflows/hello/owners.yaml"
    owners.write_text("owners: [{ login: ada, id: 1 }]\ncollaborators: [{ login: bob, id: 2 }]\n")
    registry.commit("And let bob in")
    assert judged(registry).beside
    branch(registry, "words")
    (registry.root / "README.md").write_text("# Mine\n")
    registry.commit("And words")
    found = judged(registry)
    assert (found.beside, found.verdict) == (True, "held")
