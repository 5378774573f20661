"""Who may read, run and change a workflow: its own lists, the registry's roles, and what a forge can enforce.

A role is a floor and a ceiling: a reader runs nothing whatever a list says; maintainers and admins act for absent
owners. Between the two, the workflow's list decides. People are numeric ids: logins can be given up and taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, Protocol

from registry_tool.core.records import Record

Action = Literal["read", "execute", "modify"]

PUBLIC: Final = "public"
AUTHENTICATED: Final = "authenticated"
OWNER: Final = "owner"
COLLABORATOR: Final = "collaborator"
TEAM: Final = "team:"

ROLES: Final = ("reader", "runner", "author", "maintainer", "admin")
"""Each may do more than the one before."""

_NEEDED: Final[dict[Action, str]] = {"read": "reader", "execute": "runner", "modify": "author"}
_DOING: Final[dict[Action, str]] = {"read": "read", "execute": "run", "modify": "change"}
_AUTHOR: Final = "author"
_ACTS_FOR_OWNERS: Final = "maintainer"


class Rules(Protocol):
    """A workflow's `security.access_control`: for each action, who."""

    @property
    def read(self) -> tuple[str, ...]:
        """Who may read it."""

    @property
    def execute(self) -> tuple[str, ...]:
        """Who may run it."""

    @property
    def modify(self) -> tuple[str, ...]:
        """Who may publish versions of it."""


class OwnersOf(Protocol):
    """A workflow's owners."""

    def is_owner(self, person: int) -> bool:
        """True for an owner."""

    def may_publish(self, person: int) -> bool:
        """True for an owner or a collaborator."""


class MemberOf(Protocol):
    """A person whom the registry knows."""

    @property
    def role(self) -> str:
        """One of `ROLES`."""


class Access(Protocol):
    """The registry's `access`."""

    @property
    def private(self) -> bool:
        """True where the repository is."""

    @property
    def default_role(self) -> str:
        """An authenticated stranger's role."""

    @property
    def teams(self) -> Mapping[str, frozenset[int]]:
        """Numeric ids by a team's name."""

    def member(self, person: int) -> MemberOf | None:
        """The member with that id."""


class Decision(Record, frozen=True):
    """May they? If not, why not, and what would help."""

    allowed: bool
    reason: str = ""
    hint: str = ""


YES: Final = Decision(True)


def may(action: Action, person: int, rules: Rules, owners: OwnersOf, access: Access) -> Decision:
    """Whether a person (a numeric id; 0 is somebody unknown) may do something with a workflow."""
    role = role_of(person, access)
    if access.member(person) is None and owners.may_publish(person) and not includes(role, _AUTHOR):
        role = _AUTHOR  # an owner of a workflow counts as its author
    needed = _NEEDED[action]
    if not includes(role, needed):
        return Decision(
            False,
            f"{_who(person)} has the role {role}, and to {_DOING[action]} a workflow takes a {needed}",
            "an admin raises the role in registry.yaml (access.members)",
        )
    if includes(role, _ACTS_FOR_OWNERS):
        return YES
    listed: tuple[str, ...] = getattr(rules, action)
    if any(_is(word, person, owners, access) for word in listed):
        return YES
    missing = [word for word in listed if word.startswith(TEAM) and word[5:] not in access.teams]
    hint = f"; registry.yaml has no {' or '.join(missing)}" if missing else ""
    return Decision(
        False,
        f"{_who(person)} may not {_DOING[action]} it: that is for {', '.join(listed) or 'nobody'}{hint}",
        "ask an owner to run it or to add you, or a maintainer of the registry",
    )


def may_publish(
    person: int, modify: Iterable[str], owners: OwnersOf, teams: Mapping[str, frozenset[int]]
) -> bool:
    """Whether a person may publish a version: the list keeps owners or collaborators out, or lets a team in.

    Nothing lets everybody in: that a stranger's version waits for an owner is what a registry is for.
    """
    for word in modify:
        if word.startswith(TEAM):
            if person in teams.get(word[len(TEAM) :], frozenset()):
                return True
        elif owners.is_owner(person) or (word != OWNER and owners.may_publish(person)):
            return True
    return False


def _is(word: str, person: int, owners: OwnersOf, access: Access) -> bool:
    if word == PUBLIC:
        return True
    if not person:
        return False
    if word == AUTHENTICATED:
        return True
    if word == OWNER:
        return owners.is_owner(person)
    if word == COLLABORATOR:
        return owners.may_publish(person)
    return word.startswith(TEAM) and person in access.teams.get(word[len(TEAM) :], frozenset())


def _who(person: int) -> str:
    return f"the person with the id {person}" if person else "somebody who isn't signed in"


def role_of(person: int, access: Access) -> str:
    """A member's role, the default one of who is signed in, else reader."""
    if not person:
        return ROLES[0]
    member = access.member(person)
    return str(member.role) if member else str(access.default_role)


def includes(role: str, other: str) -> bool:
    """True where `role` may do all that `other` may."""
    return ROLES.index(role) >= ROLES.index(other)


class Unenforceable(Record, frozen=True):
    """A list that a public repository can't keep: which, and why."""

    action: Action
    reason: str


MAKE_PRIVATE: Final = (
    "keep it in a private registry (`registry-tool new DIR`, access.visibility: private), or write "
)


def unenforceable(rules: Rules, *, private: bool) -> Iterator[Unenforceable]:
    """What the lists promise and a public repository can't give."""
    if private:
        return
    if PUBLIC not in rules.read:
        yield Unenforceable("read", "everyone can read a public repository, whoever the list names")
    if not {PUBLIC, AUTHENTICATED} & set(rules.execute):
        yield Unenforceable(
            "execute",
            "everyone can copy a workflow out of a public repository and run it, whoever the list names",
        )
