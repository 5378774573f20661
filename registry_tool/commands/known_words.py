"""Whether nothing was found because there is nothing, or because a name was mistyped."""

from __future__ import annotations

from registry_tool.commands.deploy_plan import settings_of
from registry_tool.commands.deployed import Target
from registry_tool.commands.reader import near, open_reader
from registry_tool.core.errors import NotFoundError


def demand_known(target: Target, environment: str = "", name: str = "") -> None:
    """`UsageError` for an environment and `NotFoundError` for a workflow that the registry doesn't have."""
    if environment:
        settings_of(target, environment)
    names = open_reader(str(target.root)).names() if name else ()
    if name and name not in names:
        raise NotFoundError(f"there is no workflow {name}", way_out=near(name, names))
