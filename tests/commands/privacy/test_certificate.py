"""What an erasure leaves in the hand."""

from __future__ import annotations

import json

from registry_tool.commands.privacy.erase import ErasureScope, erase
from registry_tool.security.signing import verify
from tests.commands.privacy.kept_runs import RING, Fixture
from tests.commands.privacy_places import OLD


def test_the_certificate_is_signed_and_honest(fixture: Fixture) -> None:
    done = erase(
        fixture.location,
        "production",
        ErasureScope(subject="customer-1"),
        fixture.read,
        environ=OLD,
    )
    value = done.to_value()
    assert verify(value, done.signature, RING.public)
    said = " ".join(done.remaining)
    for part in ("downloaded", "records", "git gc", RING.newest.id, "run-exec-1, run-exec-3"):
        assert part in said
    assert "customer-1" not in json.dumps(value)
