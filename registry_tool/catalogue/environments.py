"""What `registry.yaml` says of environments, of who may do what, and of plans; read once, frozen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import cast

from registry_tool.core.errors import UsageError
from registry_tool.core.records import Record, field
from registry_tool.core.suggest import nearest
from registry_tool.core.values import Frozen, Object

UNLIMITED = -1
"""A plan's `runs_per_month: unlimited`."""


class Approval(StrEnum):
    """Who lets a deployment through to its switch."""

    NONE = "none"
    ENVIRONMENT = "environment"  # the GitHub environment's reviewers: the job itself waits for them
    PULL_REQUEST = "pull-request"  # a merge into the branch `deployments`, by its CODEOWNERS


class HealthCheck(StrEnum):
    """What a deployment's health check must prove."""

    ANY = "any"  # nothing is demanded; what it proved is recorded
    RECORDED = "recorded"  # a test that asserts something passes, on recorded answers or live
    LIVE = "live"  # a smoke test passes on the environment's own provider


class Role(StrEnum):
    """What a person may do, each role more than the one before (docs/operators.md, Access)."""

    READER = "reader"
    RUNNER = "runner"
    AUTHOR = "author"
    MAINTAINER = "maintainer"
    ADMIN = "admin"

    def includes(self, other: Role) -> bool:
        """True where this role may do what `other` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


class EnvironmentSettings(Record, frozen=True):
    """One environment of `registry.yaml`.

    `after` is the environment below, whose serving versions may be promoted here (empty: none). `approvers` own
    this environment's state (CODEOWNERS notation). `secrets` are the names that its jobs bring. `runners` maps a
    `compute` class to a runner's label. `limits` bound what a version may ask for and spend. `strategy` and
    `watch` are read by registry_tool/deploy. `overlay` comes on top of the manifest's environment.
    """

    name: str
    after: str = ""
    approval: Approval = Approval.NONE
    approvers: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    runners: Mapping[str, str] = field(default_factory=dict)
    limits: Frozen = field(default_factory=dict)
    strategy: Frozen = field(default_factory=dict)
    watch: Frozen = field(default_factory=dict)
    overlay: Frozen = field(default_factory=dict)
    health_check: HealthCheck = HealthCheck.ANY


class Member(Record, frozen=True):
    """A person of the registry: the forge's numeric id decides, the login is for people to read."""

    login: str
    id: int
    role: Role
    plan: str = ""


class AccessSettings(Record, frozen=True):
    """Who may do what. `default_role` and `default_plan` are an authenticated stranger's.

    `private` says that the repository is: only then can reading and running be kept from the public. `teams`
    maps a name to numeric ids.
    """

    private: bool = False
    default_role: Role = Role.RUNNER
    default_plan: str = ""
    members: tuple[Member, ...] = ()
    teams: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def member(self, person: int) -> Member | None:
        """The member with a numeric id, None for a stranger."""
        return next((member for member in self.members if member.id == person), None)


class QuotaPlan(Record, frozen=True):
    """What an account may use in a month (UTC): runs (or `UNLIMITED`), tokens, dollars."""

    name: str
    runs_per_month: int = UNLIMITED
    tokens_per_month: int | None = None
    cost_per_month: float | None = None


_OWN = (
    "after",
    "approval",
    "approvers",
    "secrets",
    "runners",
    "limits",
    "strategy",
    "watch",
    "health_check",
)


def read_environment(name: str, value: Object) -> EnvironmentSettings:
    """An environment out of a checked `registry.yaml`."""
    return EnvironmentSettings(
        name=name,
        after=cast(str, value.get("after", "")),
        approval=Approval(cast(str, value.get("approval", "none"))),
        approvers=tuple(cast(list[str], value.get("approvers") or [])),
        secrets=tuple(cast(list[str], value.get("secrets") or [])),
        runners=cast(dict[str, str], value.get("runners") or {}),
        limits=cast(Frozen, value.get("limits") or {}),
        strategy=cast(Frozen, value.get("strategy") or {}),
        watch=cast(Frozen, value.get("watch") or {}),
        health_check=HealthCheck(cast(str, value.get("health_check", "any"))),
        overlay={
            key: item for key, item in value.items() if key not in _OWN and not key.startswith("x-")
        },
    )


def demand_environment(name: str, known: Collection[str]) -> None:
    """`UsageError` for an environment that the registry doesn't have; one without any accepts every name."""
    if not known or name in known:
        return
    meant = nearest(name, known)
    raise UsageError(
        f"the registry has no environment {name[:64]!r}",
        location="registry/registry.yaml",
        hint=f"{f'did you mean {meant}? ' if meant else ''}it has {', '.join(known)}",
    )


def read_access(value: Object) -> AccessSettings:
    """`access` out of a checked `registry.yaml`."""
    members = cast(list[Object], value.get("members") or [])
    teams = cast(dict[str, list[int]], value.get("teams") or {})
    return AccessSettings(
        private=value.get("visibility") == "private",
        default_role=Role(cast(str, value.get("default_role", Role.RUNNER.value))),
        default_plan=cast(str, value.get("default_plan", "")),
        members=tuple(
            Member(
                cast(str, member["login"]),
                cast(int, member["id"]),
                Role(cast(str, member["role"])),
                cast(str, member.get("plan", "")),
            )
            for member in members
        ),
        teams={name: frozenset(people) for name, people in teams.items()},
    )


def read_plan(name: str, value: Object) -> QuotaPlan:
    """A plan out of a checked `registry.yaml`."""
    runs = value.get("runs_per_month", "unlimited")
    return QuotaPlan(
        name,
        UNLIMITED if runs == "unlimited" else cast(int, runs),
        cast("int | None", value.get("tokens_per_month")),
        cast("float | None", value.get("cost_per_month")),
    )
