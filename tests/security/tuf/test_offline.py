"""Roots and targets: who has to sign them, and when they count."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.security.tuf.keys import new_key, read_public, read_signers
from registry_tool.security.tuf.offline import (
    OfflineRoles,
    RolePolicy,
    first_roles,
    next_roles,
    policy_of,
    signed_by,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEYS = [new_key() for _ in range(4)]
PUBLIC = [read_public(public, "a test") for _, public in KEYS]
SIGNERS = [read_signers(private, "a test") for private, _ in KEYS]


def policy(threshold: int = 2, roots: tuple[int, ...] = (0, 1), bins: int = 4) -> RolePolicy:
    return RolePolicy(tuple(PUBLIC[n] for n in roots), threshold, PUBLIC[3], bins, 365)


def signed(roles: OfflineRoles, *signers: int) -> OfflineRoles:
    for number in signers:
        roles, _ = signed_by(roles, SIGNERS[number])
    return roles


def test_a_root_counts_once_enough_of_its_keys_have_signed() -> None:
    roles = first_roles(policy(), NOW)
    assert [(one.file, one.missing) for one in roles.missing()] == [
        ("1.root.json", 2),
        ("targets.json", 2),
    ]
    with pytest.raises(RegistryError, match="lacks 2 signatures"):
        roles.demand_signed()
    roles = signed(roles, 0)
    assert {one.missing for one in roles.missing()} == {1}
    roles = signed(roles, 1)
    assert roles.missing() == []
    roles.demand_signed()
    for stranger in (0, 2, 3):  # signed already, unknown, the online key
        with pytest.raises(UsageError, match="nothing is to be signed"):
            signed_by(roles, SIGNERS[stranger])


def test_the_next_root_is_signed_by_old_keys_and_new_ones() -> None:
    roles = signed(first_roles(policy(), NOW), 0, 1)
    after = next_roles(roles, policy(roots=(1, 2)), NOW)
    after = signed(after, 1, 2)
    assert [(one.file, one.missing) for one in after.missing()] == [("2.root.json", 1)]
    after = signed(after, 0)
    assert after.missing() == []
    assert after.roots[0] == roles.roots[0]
    assert policy_of(after, 365) == policy(roots=(1, 2))


def test_a_root_that_nobody_signed_is_made_anew() -> None:
    roles = signed(first_roles(policy(), NOW), 0, 1)
    unsigned = next_roles(roles, policy(threshold=1), NOW)
    assert len(next_roles(unsigned, policy(), NOW).roots) == 2


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (policy(threshold=3), "3 of 2 different root keys"),
        (policy(roots=(0, 0)), "2 of 1 different root keys"),
        (policy(roots=(0, 3)), "the online key is a root key, too"),
        (policy(bins=3), "3 bins are not possible"),
    ],
)
def test_impossible_roots_are_refused(wrong: RolePolicy, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        first_roles(wrong, NOW)


def test_what_expires_soon_is_reported() -> None:
    roles = signed(first_roles(policy(), NOW), 0, 1)
    assert roles.expiring(NOW + timedelta(days=300), timedelta(days=30)) == []
    told = roles.expiring(NOW + timedelta(days=340), timedelta(days=30))
    assert [role for role, _ in told] == ["root", "targets"]


def test_files_that_are_something_else_are_named() -> None:
    roles = signed(first_roles(policy(), NOW), 0, 1)
    for broken, place in (
        (replace(roles, roots=(b"{}",)), "1.root.json"),
        (replace(roles, roots=(roles.roots[0], roles.roots[0])), "2.root.json"),
        (replace(roles, roots=(roles.targets,)), "1.root.json"),
        (replace(roles, targets=b"[]"), "targets.json"),
        (replace(roles, targets=roles.roots[0]), "targets.json"),
    ):
        with pytest.raises(RegistryError) as raised:
            broken.missing()
        assert raised.value.location == f"registry/tuf/{place}"
