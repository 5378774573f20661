"""What a branch has to become; test_publish.py shows it on a clone, test_forge.py on a forge."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from registry_tool.commands.author.candidate import UnpublishedVersion
from registry_tool.commands.author.publishing.plan import (
    NEW,
    SAME,
    UPDATED,
    BranchSides,
    branch_of,
    branch_plan,
)
from registry_tool.core.errors import RegistryError
from registry_tool.core.finding import Finding, FindingsError, Severity
from registry_tool.manifest.owners import OwnerAccount
from registry_tool.store.overlay_tree import EmptyTree, OverlayTree

NOW = datetime(2031, 5, 4, 12, tzinfo=UTC)
ADA = OwnerAccount("ada", 1)
OWNERS = "registry/workflows/mine/owners.yaml"


def laid(*trees: dict[str, bytes | None]) -> OverlayTree:
    files = {path: data for tree in trees for path, data in tree.items() if data is not None}
    return OverlayTree(EmptyTree(), {p: ("100644", d, len(d)) for p, d in files.items()})


def nothing(_: UnpublishedVersion) -> tuple[Finding, ...]:
    return ()


def test_a_new_workflow_brings_its_owners(candidate: UnpublishedVersion) -> None:
    plan = branch_plan(BranchSides(EmptyTree()), candidate, ADA, NOW, nothing)
    assert (plan.state, plan.filled, plan.note) == (NEW, ("created", "updated"), "")
    assert set(plan.wanted) == {OWNERS, *(f"{candidate.location}/{p}" for p in candidate.files)}


def test_without_an_owner_it_is_said_what_is_left_to_do(candidate: UnpublishedVersion) -> None:
    plan = branch_plan(BranchSides(EmptyTree()), candidate, None, NOW, nothing)
    assert OWNERS not in plan.wanted
    assert OWNERS in plan.note


def test_the_same_on_its_branch_changes_nothing(candidate: UnpublishedVersion) -> None:
    first = branch_plan(BranchSides(EmptyTree()), candidate, ADA, NOW, nothing)
    sides = BranchSides(EmptyTree(), laid(dict(first.wanted)))
    plan = branch_plan(sides, candidate, ADA, NOW.replace(year=2032), nothing)
    assert (plan.state, plan.wanted) == (SAME, {})


def test_what_is_gone_is_removed(candidate: UnpublishedVersion) -> None:
    first = branch_plan(BranchSides(EmptyTree()), candidate, ADA, NOW, nothing)
    old = f"{candidate.location}/docs/old.md"
    sides = BranchSides(EmptyTree(), laid(dict(first.wanted), {old: b"Old.\n"}))
    plan = branch_plan(sides, candidate, ADA, NOW, nothing)
    assert (plan.state, plan.wanted[old]) == (UPDATED, None)


def test_what_is_published_stays(candidate: UnpublishedVersion) -> None:
    first = branch_plan(BranchSides(EmptyTree()), candidate, ADA, NOW, nothing)
    with pytest.raises(RegistryError, match="never changes"):
        branch_plan(BranchSides(laid(dict(first.wanted))), candidate, ADA, NOW, nothing)


@pytest.mark.parametrize("severity", [Severity.ERROR, Severity.HOLD, Severity.WARNING])
def test_findings_refuse_hold_or_pass(candidate: UnpublishedVersion, severity: Severity) -> None:
    found = Finding("p", 1, 1, "rule", severity, "a reason")
    sides = BranchSides(EmptyTree())
    if severity is Severity.ERROR:
        with pytest.raises(FindingsError):
            branch_plan(sides, candidate, ADA, NOW, lambda _: (found,))
        return
    plan = branch_plan(sides, candidate, ADA, NOW, lambda _: (found,))
    assert plan.held == (("a reason",) if severity is Severity.HOLD else ())


def test_a_branch_has_a_name_of_its_own() -> None:
    assert branch_of("mine", "1.0.0") == "publish/mine-1.0.0"
