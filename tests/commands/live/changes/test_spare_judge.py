"""A process that waits for the next change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from registry_tool.commands.live.changes.gatekeeper import Gatekeeper
from registry_tool.commands.live.changes.posted import posted_version
from registry_tool.commands.live.changes.publishing import publish_posted
from registry_tool.commands.live.changes.spare_judge import SpareJudge
from registry_tool.runtime.confined import Confined
from registry_tool.security.tokens.principal import Principal
from tests.bounded import PATIENCE
from tests.conftest import MANIFEST, RegistryFolder
from tests.server.signing_in import served


@pytest.fixture
def spare() -> Iterator[SpareJudge]:
    """One that ends with the test."""
    made = SpareJudge()
    yield made
    made.close()


def taken(spare: SpareJudge) -> Confined:
    found = spare.take("judge")
    assert found.is_alive
    return found


def test_each_is_for_one_change(spare: SpareJudge) -> None:
    spare.prepare()
    spare.prepare()
    one, two = taken(spare), taken(spare)
    assert one is not two
    for each in (one, two):
        each.close()


def test_one_that_ended_is_not_given(spare: SpareJudge) -> None:
    spare.prepare()
    ended = spare._spare
    assert ended is not None
    ended.close()
    other = taken(spare)
    assert other is not ended
    other.close()


def test_one_that_nobody_needs_is_ended() -> None:
    spare = SpareJudge(idle=0.0)
    spare.prepare()
    assert spare._timer is not None
    spare._timer.join(PATIENCE)
    assert spare._spare is None
    spare.close()
    spare.prepare()
    assert spare._spare is None


def test_it_judges_as_any_other_does(registry: RegistryFolder, spare: SpareJudge) -> None:
    live = served(registry)
    gatekeeper = Gatekeeper(live.context.registry, live.clock, spare=spare)
    ada, texts = Principal(1, "ada"), MANIFEST.replace("REQUIRES", "[]")
    for number in ("1.1.0", "1.2.0"):
        text = texts.replace("NAME", "hello").replace("VERSION", number)
        posted = posted_version(text.encode(), None, live.clock.now())
        assert publish_posted(gatekeeper, ada, posted).commit
        assert spare._spare is not None
