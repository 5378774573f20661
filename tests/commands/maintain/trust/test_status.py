"""The status of a root says what is still to be done."""

from __future__ import annotations

from datetime import timedelta

from registry_tool.commands.maintain.trust.status import status_of
from tests.security.tuf.test_offline import NOW, PUBLIC, first_roles, policy, signed


def test_it_tells_holders_missing_signatures_and_what_expires() -> None:
    roles = first_roles(policy(), NOW)
    found = status_of(roles, NOW)
    assert not found.is_sound
    assert [one.file for one in found.missing] == ["1.root.json", "targets.json"]
    roles = signed(roles, 0, 1)
    found = status_of(roles, NOW)
    assert found.is_sound
    holders = {one.name: one for one in found.roles}
    assert holders["root"].keys == tuple(sorted(key.keyid for key in PUBLIC[:2]))
    assert holders["bins"].keys == (PUBLIC[3].keyid,)
    assert found.to_value()["bins"] == 4
    late = status_of(roles, NOW + timedelta(days=340))
    assert not late.is_sound
    assert late.to_value()["expiring"] == dict.fromkeys(
        ("root", "targets"), "2027-01-01T00:00:00.000Z"
    )
