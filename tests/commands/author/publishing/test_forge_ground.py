"""What a version is judged on where nothing is cloned: it costs the same in a registry of any size."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.author.candidate import UnpublishedVersion, judge_candidate
from registry_tool.commands.author.publishing.forge_ground import forge_ground
from registry_tool.core.errors import NotFoundError
from registry_tool.manifest.owners import OwnerAccount
from tests.commands.author.publishing.conftest import NAME, connected
from tests.conftest import RegistryFolder
from tests.forge.stand_in.server import StandIn

ADA = OwnerAccount("ada", 1001)


def calls(forge: StandIn, candidate: UnpublishedVersion) -> int:
    before = len(forge.asked)
    ground, _ = forge_ground(connected(forge), "main")
    assert judge_candidate(ground, candidate, ADA, replay=False).findings == ()
    return len(forge.asked) - before


def test_the_cost_is_the_same_whatever_the_registry_holds(
    forge: StandIn, registry: RegistryFolder, candidate: UnpublishedVersion, tmp_path: Path
) -> None:
    small = calls(forge, candidate)
    for number in range(30):
        registry.lay(f"other-{number}", "1.0.0")
    registry.compile()
    registry.commit("Many")
    registry.git("push", "--quiet", str(forge.repositories[NAME].folder), "main")
    assert calls(forge, candidate) == small
    assert small <= 6


def test_what_was_not_looked_at_is_said(forge: StandIn) -> None:
    ground, commit = forge_ground(connected(forge), "main")
    assert commit == forge.repositories[NAME].find("refs/heads/main")
    assert "look alike" in str(ground.unknown[0])


def test_a_branch_that_is_not_there(forge: StandIn) -> None:
    with pytest.raises(NotFoundError, match="no branch trunk"):
        forge_ground(connected(forge), "trunk")
