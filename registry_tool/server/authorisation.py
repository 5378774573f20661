"""Who may: every request has a `Principal`; an operation says what it takes, and gets it or a problem.

`principal(request)` is who asks. `demand(request, scope)` is for what takes somebody who has signed in: 401
without a credential, 403 where theirs is not for it. Roles and access lists are the use cases' business; they get
`requester(principal)`, which nobody who hasn't signed in ever has.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from starlette.requests import Request

from registry_tool.catalogue.environments import Role
from registry_tool.commands.live.authentication import UnauthenticatedError
from registry_tool.commands.live.view import RegistryView
from registry_tool.commands.run.actor import Requester
from registry_tool.core.errors import NotFoundError
from registry_tool.security.access import includes, may, role_of
from registry_tool.security.tokens.principal import Principal
from registry_tool.server.context import context, live
from registry_tool.server.problems import ProblemError

_KEPT: Final = "principal"
CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="registry"'}


def principal(request: Request) -> Principal:
    """Who asks; 401 for a token that doesn't count, whatever is asked for. Reads git: call it in a thread."""
    state = request.scope.setdefault("state", {})
    if _KEPT not in state:
        header = request.headers.get("authorization", "")
        try:
            state[_KEPT] = context(request).authentication.principal(header)
        except UnauthenticatedError as error:
            challenge = {"WWW-Authenticate": 'Bearer realm="registry", error="invalid_token"'}
            raise ProblemError(
                HTTPStatus.UNAUTHORIZED, error.reason, error.hint, headers=challenge
            ) from None
    found: Principal = state[_KEPT]
    return found


def demand_scope(request: Request, scope: str) -> Principal:
    """Somebody who has signed in, with a credential that is for `scope`, whatever workflow it is for."""
    return _demand(request, scope, None)


def demand(request: Request, scope: str, workflow: str = "") -> Principal:
    """Somebody who has signed in, with a credential that is for `scope` (and for that workflow)."""
    return _demand(request, scope, workflow)


def _demand(request: Request, scope: str, workflow: str | None) -> Principal:
    who = principal(request)
    if who.is_anonymous:
        raise ProblemError(
            HTTPStatus.UNAUTHORIZED,
            "this takes somebody who has signed in",
            "send `Authorization: Bearer TOKEN`; `puppy-cli login` gets a token, `registry-tool tokens new` a key",
            headers=CHALLENGE,
        )
    if scope not in who.scopes or (workflow is not None and not who.lets(scope, workflow)):
        what = f"{scope} of {workflow}" if scope in who.scopes else scope
        raise ProblemError(
            HTTPStatus.FORBIDDEN, f"the credential is not for {what}", "ask for one that is"
        )
    return who


def view(request: Request) -> RegistryView:
    """The registry as whoever asks may see it. Reads git: call it in a thread."""
    return live(request).snapshot().seen_by(principal(request))


def demand_there(request: Request, name: str) -> None:
    """`NotFoundError` for a workflow that isn't there for who asks."""
    shown = view(request)
    if not shown.is_whole:
        shown.line(name)


def requester(who: Principal) -> Requester:
    """Who asks for a run; never the local user, to whom everything is allowed."""
    if who.is_anonymous:
        raise ProblemError(HTTPStatus.UNAUTHORIZED, "nobody has signed in", headers=CHALLENGE)
    return Requester(who.id, who.login)


def demand_modify(request: Request, who: Principal, name: str) -> None:
    """403 where somebody may not publish or change that workflow: by role, its owners and its own list."""
    snapshot = live(request).snapshot()
    access = snapshot.settings.access
    try:
        line = snapshot.line(name)
    except NotFoundError:
        role = role_of(who.id, access)
        if not includes(role, Role.AUTHOR):
            raise _forbidden(
                f"you have the role {role}, and to publish a workflow takes an author",
                "an admin raises the role in registry.yaml (access.members)",
            ) from None
        return
    decision = may("modify", who.id, line.latest.workflow.security, line.owners, access)
    if not decision.allowed:
        raise _forbidden(decision.reason, decision.hint)


def demand_role(request: Request, who: Principal, needed: str) -> None:
    """403 where somebody's role is less than that."""
    role = role_of(who.id, live(request).snapshot().settings.access)
    if not includes(role, needed):
        raise _forbidden(f"you have the role {role}, and this takes the role {needed}", "ask one")


def _forbidden(reason: str, hint: str) -> ProblemError:
    return ProblemError(HTTPStatus.FORBIDDEN, reason, hint)
