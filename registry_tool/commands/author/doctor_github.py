"""`puppy-cli doctor --github`: is a repository set up as docs/github.md says? Reads only, tells what it saw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, TypeVar

from registry_tool.catalogue.auto_merge import CHECK
from registry_tool.catalogue.environments import Approval, EnvironmentSettings
from registry_tool.commands.deploy.reviewers import APPROVING
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.forge.base import RepositorySettings
from registry_tool.forge.model import BranchRules, EnvironmentRules
from registry_tool.security.keys import VARIABLE
from registry_tool.security.tuf.pin import ONLINE_KEY
from registry_tool.store import paths

T = TypeVar("T")
PROPOSED: Final = "publish/*"
"""The branches of proposed versions."""
_KEPT: Final = ("non_fast_forward", "deletion")
_SETTINGS: Final = "Settings"
PAGES: Final = "github-pages"
"""The environment of the job publish."""


class SettingStatus(StrEnum):
    """What a look found. `NOT_SEEN`: the token may not look."""

    FINE = "fine"
    MISSING = "missing"
    NOT_SEEN = "not seen"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: what it is, how it is, and what to do where it is not fine."""

    name: str
    about: str
    seen: SettingStatus
    hint: str = ""

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "name": self.name,
            "about": self.about,
            "status": self.seen.value,
            "way_out": "" if self.seen is SettingStatus.FINE else self.hint,
        }


def doctor_github(
    forge: RepositorySettings,
    environments: Mapping[str, EnvironmentSettings],
    *,
    is_signed: bool = False,
) -> tuple[Setting, ...]:
    """Every setting that docs/github.md asks for, in its order; `is_signed` tells that the registry has a root."""
    found = (
        *_actions(forge, environments),
        *(s for each in environments.values() for s in _environment(forge, each)),
        _pages(forge),
        *([_online_key(forge)] if is_signed else []),
        *_branches(forge),
    )
    if _is_admin(forge):
        return found
    hidden = "GitHub also hides it from this token: look with an admin's"
    return tuple(
        replace(one, seen=SettingStatus.NOT_SEEN, hint=hidden)
        if one.seen is SettingStatus.MISSING
        else one
        for one in found
    )


def _actions(
    forge: RepositorySettings, environments: Mapping[str, EnvironmentSettings]
) -> Iterator[Setting]:
    where = f"{_SETTINGS}, Actions, General, Workflow permissions"
    yield _looked(
        "rights of jobs",
        "read only, unless a job asks for more",
        forge.jobs_may,
        lambda found: found[0] == "read",
        f"{where}: read repository contents",
    )
    if any(each.approval is Approval.PULL_REQUEST for each in environments.values()):
        yield _looked(
            "pull requests of jobs",
            "deploy jobs open the approvals",
            forge.jobs_may,
            lambda found: found[1],
            f"{where}: allow GitHub Actions to create and approve pull requests",
        )


def _environment(forge: RepositorySettings, own: EnvironmentSettings) -> Iterator[Setting]:
    where = f"{_SETTINGS}, Environments, {own.name}"

    def fine(found: EnvironmentRules | None) -> bool:
        return found is not None and found.bound_to_branches and not found.reviewers

    yield _looked(
        f"environment {own.name}",
        "only for main, and no reviewers: they would hold up every run",
        lambda: forge.environment(own.name),
        fine,
        f"{where}: make it, and let in selected branches only: main",
    )
    yield from (_secret(forge, own, name) for name in (VARIABLE, *own.secrets))
    if own.approval is Approval.ENVIRONMENT:
        approving = f"{own.name}{APPROVING}"
        yield _looked(
            f"environment {approving}",
            "its required reviewers let deployments through",
            lambda: forge.environment(approving),
            lambda found: found is not None and found.reviewers > 0,
            f"{_SETTINGS}, Environments, {approving}: set required reviewers",
        )


def _secret(forge: RepositorySettings, own: EnvironmentSettings, name: str) -> Setting:
    made = f"registry-tool keys new --env {own.name} --remote origin makes one"
    return _looked(
        f"secret {name} of {own.name}",
        "its jobs need it",
        lambda: forge.secrets(own.name),
        lambda found: name in found,
        made if name == VARIABLE else f"{_SETTINGS}, Environments, {own.name}: add the secret",
    )


def _online_key(forge: RepositorySettings) -> Setting:
    return _looked(
        f"secret {ONLINE_KEY} of {PAGES}",
        "the job publish signs with it, and publishes nothing without",
        lambda: forge.secrets(PAGES),
        lambda found: ONLINE_KEY in found,
        f"gh secret set {ONLINE_KEY} --env {PAGES} < online.pem (docs/trust.md)",
    )


def _pages(forge: RepositorySettings) -> Setting:
    return _looked(
        "Pages",
        "the job publish serves the site",
        forge.pages_source,
        lambda found: found == "workflow",
        f"{_SETTINGS}, Pages: choose GitHub Actions as the source, or remove the job's last three steps",
    )


def _branches(forge: RepositorySettings) -> Iterator[Setting]:
    where = f"{_SETTINGS}, Rules, Rulesets"

    def main(found: BranchRules) -> bool:
        kept = {"pull_request", *_KEPT} <= found.kinds
        return kept and found.code_owners and CHECK in found.checks

    yield _looked(
        "branch main",
        f"pull requests, code owners, the check {CHECK}, no force push, no deletion",
        lambda: forge.rules("main"),
        main,
        f"{where}: protect main as README.md and docs/github.md say",
    )
    for branch in (paths.DEPLOYMENTS_BRANCH, paths.AUDIT_BRANCH):
        yield _state_branch(forge, branch)
    yield _looked(
        f"branches {PROPOSED}",
        "no force push: a reviewed version is not exchanged; who pushed last is judged, too",
        lambda: forge.rules(PROPOSED.replace("*", "name-1.0.0")),
        lambda found: _KEPT[0] in found.kinds,
        f"{where}: block force pushes of {PROPOSED}",
    )


def _state_branch(forge: RepositorySettings, branch: str) -> Setting:
    return _looked(
        f"branch {branch}",
        "no force push, no deletion",
        lambda: forge.rules(branch),
        lambda found: set(_KEPT) <= found.kinds,
        f"{_SETTINGS}, Rules, Rulesets: block force pushes and deletion of {branch}",
    )


def _looked(
    name: str, about: str, look: Callable[[], T], fine: Callable[[T], bool], hint: str
) -> Setting:
    """A look that the forge refuses saw nothing, and says so."""
    try:
        found = look()
    except RegistryError as error:
        return Setting(
            name, about, SettingStatus.NOT_SEEN, f"{error.reason}; docs/github.md names the rights"
        )
    return Setting(name, about, SettingStatus.FINE if fine(found) else SettingStatus.MISSING, hint)


def _is_admin(forge: RepositorySettings) -> bool:
    """Whether the token sees what only admins do; to others GitHub also says 404 of what is there."""
    try:
        forge.jobs_may()
    except RegistryError:
        return False
    return True
