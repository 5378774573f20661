"""Who may do what: lists, roles, teams, and what a public repository can't keep."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.catalogue.environments import AccessSettings, Member, Role
from registry_tool.manifest.model import Security
from registry_tool.manifest.owners import OwnerAccount, Owners
from registry_tool.security.access import (
    ROLES,
    Action,
    includes,
    may,
    may_publish,
    role_of,
    unenforceable,
)

OWNER, HELPER, STRANGER, READER, KEEPER, TEAMMATE, NOBODY = 1, 2, 3, 4, 5, 6, 0
OWNERS = Owners((OwnerAccount("ada", OWNER),), (OwnerAccount("ben", HELPER),))
ACCESS = AccessSettings(
    private=True,
    default_role=Role.AUTHOR,
    members=(Member("rea", READER, Role.READER), Member("max", KEEPER, Role.MAINTAINER)),
    teams={"finance": frozenset({TEAMMATE, READER})},
)
EVERYONE = (OWNER, HELPER, STRANGER, READER, KEEPER, TEAMMATE, NOBODY)


def allowed(action: Action, *listed: str) -> set[int]:
    rules = Security(**{action: listed})
    return {p for p in EVERYONE if may(action, p, rules, OWNERS, ACCESS).allowed}


@pytest.mark.parametrize(
    ("listed", "who"),
    [
        (("public",), set(EVERYONE)),
        (("authenticated",), set(EVERYONE) - {NOBODY}),
        (("owner",), {OWNER, KEEPER}),
        (("owner", "collaborator"), {OWNER, HELPER, KEEPER}),
        (("collaborator",), {OWNER, HELPER, KEEPER}),
        (("team:finance",), {TEAMMATE, READER, KEEPER}),
        (("team:other",), {KEEPER}),
        ((), {KEEPER}),
    ],
)
def test_lists_decide(listed: tuple[str, ...], who: set[int]) -> None:
    assert allowed("read", *listed) == who


def test_a_reader_runs_and_changes_nothing_whatever_the_list_says() -> None:
    assert READER not in allowed("execute", "public", "authenticated", "team:finance")
    assert NOBODY not in allowed("execute", "public")
    assert READER not in allowed("modify", "authenticated")


def test_a_runner_changes_nothing_but_what_they_own() -> None:
    runners = AccessSettings(
        default_role=Role.RUNNER, members=(Member("ben", HELPER, Role.RUNNER),)
    )
    rules = Security(modify=("authenticated", "owner"))
    assert may("modify", OWNER, rules, OWNERS, runners).allowed
    assert not may("modify", STRANGER, rules, OWNERS, runners).allowed
    assert not may("modify", HELPER, rules, OWNERS, runners).allowed, "a listed role counts"
    assert may("execute", STRANGER, Security(), OWNERS, runners).allowed


def test_a_refusal_says_who_may_and_what_would_help() -> None:
    no = may("execute", STRANGER, Security(execute=("owner", "team:other")), OWNERS, ACCESS)
    assert no.reason == (
        "the person with the id 3 may not run it: that is for owner, team:other; "
        "registry.yaml has no team:other"
    )
    assert no.hint
    reader = may("execute", READER, Security(), OWNERS, ACCESS)
    assert "has the role reader, and to run a workflow takes a runner" in reader.reason
    assert "registry.yaml" in reader.hint


@given(
    st.sampled_from(ROLES), st.sampled_from(ROLES), st.sampled_from(["read", "execute", "modify"])
)
def test_a_higher_role_never_may_less(low: str, high: str, action: Action) -> None:
    if not includes(high, low):
        low, high = high, low
    rules = Security(read=("owner",), execute=("authenticated",), modify=("authenticated",))

    def ask(role: str) -> bool:
        access = AccessSettings(members=(Member("x", 9, Role(role)),))
        return may(action, 9, rules, OWNERS, access).allowed

    assert ask(high) or not ask(low)


def test_roles_are_those_of_the_registry() -> None:
    assert tuple(role.value for role in Role) == ROLES
    assert role_of(NOBODY, ACCESS) == "reader"
    assert role_of(STRANGER, ACCESS) == "author"
    assert role_of(KEEPER, ACCESS) == "maintainer"


def test_what_a_public_repository_cant_keep() -> None:
    def promises(**lists: tuple[str, ...]) -> list[str]:
        return [item.action for item in unenforceable(Security(**lists), private=False)]

    assert promises() == []
    assert promises(read=("owner",)) == ["read"]
    assert promises(execute=("owner", "team:finance")) == ["execute"]
    assert promises(execute=("owner", "authenticated"), read=("public", "owner")) == []
    assert promises(modify=("owner",)) == []
    assert list(unenforceable(Security(read=(), execute=()), private=True)) == []


def test_who_may_publish() -> None:
    def publishers(*modify: str) -> set[int]:
        return {p for p in EVERYONE if may_publish(p, modify, OWNERS, ACCESS.teams)}

    assert publishers("owner") == {OWNER}
    assert publishers("owner", "collaborator") == {OWNER, HELPER}
    assert publishers("collaborator") == {OWNER, HELPER}
    assert publishers("public", "authenticated") == {OWNER, HELPER}, "never everybody"
    assert publishers("owner", "team:finance") == {OWNER, TEAMMATE, READER}
    assert publishers("team:other") == publishers() == set()
