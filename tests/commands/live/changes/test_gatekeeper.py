"""Who changes a registry when."""

from __future__ import annotations

import fcntl
import os

import pytest

from registry_tool.commands.live.changes import gatekeeper as under_test
from registry_tool.commands.live.changes.gatekeeper import Gatekeeper, ProposedChange
from registry_tool.security.tokens.principal import Principal
from registry_tool.store.git.commit_tree import GitTree
from tests.conftest import RegistryFolder
from tests.server.signing_in import served


def test_the_processes_of_a_machine_take_turns(registry: RegistryFolder) -> None:
    """Else one that judges slowly is overtaken each time, until it gives up."""
    live = served(registry)
    folder, turns = registry.root / ".git" / under_test._TURN, []

    def files(_: GitTree) -> dict[str, bytes | None]:
        handle = os.open(folder, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(handle)
        turns.append("one")
        return {}

    gatekeeper = Gatekeeper(live.context.registry, live.clock)
    gatekeeper.change(Principal(1, "ada"), ProposedChange(files, "Nothing\n", "nothing"))
    assert turns == ["one"]
