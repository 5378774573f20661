"""`rollback`: serve what served before, at once; and end a rollout that is in progress."""

from __future__ import annotations

from dataclasses import replace

from registry_tool.commands.consume.unknown_names import known_workflow
from registry_tool.commands.deploy.access import authorised_change
from registry_tool.commands.deploy.approval import remove_answered_branches
from registry_tool.commands.deploy.deploy import DeployOptions, OnEvent, context_of, deployment_id
from registry_tool.commands.deploy.reason import checked_reason
from registry_tool.core.errors import UsageError
from registry_tool.deploy.model import Deployment
from registry_tool.deploy.rollback import RollbackRequest, go_back
from registry_tool.manifest.names import bad_name
from registry_tool.state.target import Target, settings_of


def rollback(  # noqa: PLR0913 - all named
    target: Target,
    name: str,
    environment: str,
    *,
    to: str = "",
    only_abort: bool = False,
    on_event: OnEvent = lambda _: None,
    how: DeployOptions | None = None,
) -> Deployment:
    """Serve the version again that served before (or `to`), as it was deployed then.

    `how.reason` is put on record.
    """
    how = how or DeployOptions()
    if bad := bad_name(name):
        raise UsageError(f"{name[:64]!r} is not a workflow's name: {bad}")
    settings_of(target, environment)
    own = deployment_id(how.id, "back")
    reason = checked_reason(how.reason)
    request = RollbackRequest(
        environment, name, own, to, only_abort, repeated=bool(how.id), reason=reason
    )
    action = "abort" if only_abort else "rollback"
    with (
        known_workflow(target, name),
        authorised_change(target, environment, name, action, how.actor, how.say) as actor,
    ):
        done = go_back(context_of(target, on_event, replace(how, actor=actor)), request)
        remove_answered_branches(target, how.say)
        return done
