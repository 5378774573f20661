"""Two people, one version: an owner's request is told instead of a twin, a stranger's keeps nobody away."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.author.candidate import UnpublishedVersion, candidate_of
from registry_tool.commands.author.publishing.forge import ForgePublisher
from registry_tool.core.errors import RegistryError
from tests.commands.author.publishing.conftest import NAME, TOKENS, connected
from tests.conftest import RegistryFolder
from tests.forge.stand_in.server import Person, StandIn


@pytest.fixture
def of_greet(project: Path, registry: RegistryFolder) -> UnpublishedVersion:
    """A version of a workflow whose owner has the id 1."""
    manifest = project / "workflow-resource.yaml"
    text = (registry.root / "registry/workflows/greet/1.0.0/manifest.yaml").read_text()
    manifest.write_text(text.replace("1.0.0", "1.0.1"))
    return candidate_of(project)


def test_a_colleagues_request_is_reported_and_no_other_opened(
    forge: StandIn, of_greet: UnpublishedVersion
) -> None:
    forge.people[TOKENS["ada"]] = Person("ada", 1)
    url = ForgePublisher(connected(forge, "ada")).publish(of_greet).url
    changes = forge.changes()
    with pytest.raises(RegistryError, match=r"ada proposes greet:1\.0\.1 already") as refused:
        ForgePublisher(connected(forge, "bob")).publish(of_greet)
    assert url in refused.value.reason
    assert "raise the version" in refused.value.hint
    assert forge.changes() == changes


def test_a_strangers_request_keeps_nobody_away(
    forge: StandIn, candidate: UnpublishedVersion
) -> None:
    ForgePublisher(connected(forge, "ada")).publish(candidate)
    made = ForgePublisher(connected(forge, "bob")).publish(candidate)
    assert (made.opened, [rival.author for rival in made.rivals]) == (True, ["ada"])
    again = ForgePublisher(connected(forge, "bob")).publish(candidate)
    assert (again.opened, again.rivals, len(forge.pulls(NAME))) == (False, (), 2)
