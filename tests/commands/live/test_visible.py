"""A commit without what somebody may not read."""

from __future__ import annotations

import json

import pytest

from registry_tool.commands.live.snapshot import Snapshot
from registry_tool.core.errors import NotFoundError
from registry_tool.security.tokens.principal import Principal
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder
from tests.server.test_authentication_gate import PRIVATE


def test_it_follows_the_newest_version_s_list(registry: RegistryFolder) -> None:
    file = registry.root / "registry/registry.yaml"
    file.write_text(file.read_text() + PRIVATE)
    registry.lay("hello", "1.0.0")
    registry.lay("other", "1.0.0")
    registry.compile()
    repository, stranger = Repository(registry.root), Principal(5, "eve")
    before = Snapshot(repository, registry.commit("Publish"))
    assert before.seen_by(stranger) is before
    manifest = registry.lay("hello", "1.1.0") / "manifest.yaml"
    manifest.write_text(
        manifest.read_text() + "security: { access_control: { read: [collaborator] } }\n"
    )
    registry.compile()
    after = Snapshot(repository, registry.commit("Close it"), before)
    shown = after.seen_by(stranger)
    assert (list(shown.summaries), shown.version_count, shown.is_whole) == (["other"], 1, False)
    assert json.loads(shown.index())["workflows"] == 1
    with pytest.raises(NotFoundError) as missing:
        shown.line("hello")
    assert "hello" not in str(missing.value.hint)
    assert after.seen_by(Principal(1, "ada")).line("hello").latest.number == "1.1.0"
    assert before.seen_by(stranger).line("hello")
