"""Where a registry's state lives: one home, the clone's remote where there is one, else the repository itself."""

from __future__ import annotations

from registry_tool.core.errors import UsageError
from registry_tool.store.git.repository import Repository

HERE = "."
"""What names the repository itself where a remote is asked for, as in git's own `branch.<name>.remote`."""

SETTING = "registry-tool.remote"
"""git's configuration key by which a clone with several remotes says once which one holds the state."""

_ASKED = r"^(registry-tool\.remote|remote\..+\.url|branch\..+\.remote)$"


def state_remote(repository: Repository, wanted: str = "") -> str:
    """The remote that holds the state, empty for the repository itself.

    In this order: the one that is asked for (`.`: the repository itself), `registry-tool.remote` of git's
    configuration, the only remote, the one that the present branch follows, `origin`. `UsageError` where the one
    asked for isn't there, or where nothing says which of several it is.
    """
    settings = repository.settings(_ASKED)
    remotes = sorted(
        key.removeprefix("remote.").removesuffix(".url") for key in settings if key.endswith(".url")
    )
    chosen = wanted or settings.get(SETTING, "")
    if chosen == HERE:
        return ""
    if chosen:
        return _there(chosen, remotes, repository)
    if len(remotes) < 2:
        return "".join(remotes)
    for name in (settings.get(f"branch.{repository.head_branch()}.remote"), "origin"):
        if name in remotes:
            return name
    raise UsageError(
        f"it isn't known which remote holds the state: there are {', '.join(remotes)}",
        location=repository.location,
        hint=f"name it with --remote, or once for all: `git config {SETTING} {remotes[0]}`",
    )


def _there(name: str, remotes: list[str], repository: Repository) -> str:
    if name not in remotes:
        raise UsageError(
            f"there is no remote {name!r}",
            location=repository.location,
            hint=f"there are {', '.join(remotes)}" if remotes else "look at `git remote`",
        )
    return name
