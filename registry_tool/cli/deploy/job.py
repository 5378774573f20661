"""A deployment that a job on GitHub does."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from registry_tool.cli.deploy.options import DeployScope
from registry_tool.cli.deploy.show import show
from registry_tool.cli.dispatch import (
    FollowOptions,
    chosen_forge,
    deploy_by_job,
)

if TYPE_CHECKING:
    from registry_tool.commands.requests.request import DeployRequest


def by_job(request: DeployRequest, where: DeployScope, following: FollowOptions) -> bool:
    """Let a job on GitHub do it, where one shall."""
    forge = chosen_forge(where.via, where.target.root, where.remote)
    if forge is not None:
        shown = partial(show, format_=following.format_)
        deploy_by_job(forge, request, where.environment, following, shown)
    return forge is not None
