"""Getting tokens over HTTP, as OAuth has it: an identity token is exchanged (RFC 8693), a refresh token used."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from registry_tool.api.openapi.signing_in import EXCHANGE, GRANTS, ID_TOKEN
from registry_tool.commands.account.provider_keys import IdentityProviderError
from registry_tool.commands.account.tokens import revoke_in
from registry_tool.commands.live.authentication import UnauthenticatedError
from registry_tool.commands.live.known_identity import IdentityCheck
from registry_tool.commands.live.sessions import ReusedError, Sessions, Tokens
from registry_tool.core.clock import instant
from registry_tool.core.values import Object, Value
from registry_tool.security.tokens.access_token import BadTokenError
from registry_tool.security.tokens.opaque import read_opaque
from registry_tool.security.tokens.principal import Principal
from registry_tool.server.authorisation import principal
from registry_tool.server.context import Context, context
from registry_tool.server.parameters import query_of
from registry_tool.server.problems import ProblemError, bad_parameter
from registry_tool.server.responses import encoded, json_response

ACCESS_TOKEN: Final = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a name, no secret
_LARGEST: Final = 32 * 1024
_MOST_FIELDS: Final = 16
_PRIVATE: Final = {"Cache-Control": "no-store"}


async def token(request: Request) -> Response:
    """POST /auth/token: tokens for an identity token or a refresh token; 400 where it doesn't count."""
    query_of(request, ())
    fields = await _form(request)
    grant = fields.get("grant_type", "")
    if grant not in GRANTS:
        raise bad_parameter("grant_type", f"is not one of {', '.join(GRANTS)}")
    for name in GRANTS[grant]:
        if not fields.get(name):
            raise bad_parameter(name, "is missing")
    value = await run_in_threadpool(_granted, context(request), grant, fields)
    return Response(encoded(value), HTTPStatus.OK, _PRIVATE, "application/json")


def _granted(shared: Context, grant: str, fields: dict[str, str]) -> Object:
    try:
        if grant == EXCHANGE:
            if fields["subject_token_type"] != ID_TOKEN:
                raise bad_parameter("subject_token_type", f"is not {ID_TOKEN}")
            tokens = _exchanged(shared, fields["subject_token"])
            return {**tokens.to_value(), "issued_token_type": ACCESS_TOKEN}
        return _sessions(shared).go_on(fields["refresh_token"]).to_value()
    except ReusedError as error:
        if error.session:
            shared.note(error.session.principal, "token-reuse", {"session": error.session.id})
        raise _bad_grant(str(error)) from None
    except BadTokenError as error:
        raise _bad_grant(str(error)) from None
    except UnauthenticatedError as error:  # the registry's key isn't here
        raise ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, error.reason, error.hint) from None
    except IdentityProviderError as error:
        raise ProblemError(
            HTTPStatus.BAD_GATEWAY, f"who issued the token can't be asked: {error.reason}"
        ) from None


def _exchanged(shared: Context, text: str) -> Tokens:
    settings = shared.registry.snapshot().settings
    check = IdentityCheck(settings, shared.issuer, shared.provider_keys)
    known = check.known(text, shared.clock.now())
    tokens = _sessions(shared).begin(known)
    detail: Object = {
        "session": tokens.session.id,
        "known-by": known.by,
        "scopes": [*known.scopes],
        "workflows": [*known.workflows],
    }
    shared.note(tokens.session.principal, "session-new", detail)
    return tokens


def _sessions(shared: Context) -> Sessions:
    return Sessions(shared.authentication.store(), shared.issuer, shared.clock)


def _bad_grant(reason: str) -> ProblemError:
    return ProblemError(
        HTTPStatus.BAD_REQUEST,
        f"the token doesn't count: {reason}",
        "log in again",
        {"error": "invalid_grant"},
    )


async def revoke(request: Request) -> Response:
    """POST /auth/revoke: end the session or the key of a token (RFC 7009); 200 also for one that nobody knows."""
    query_of(request, ())
    fields = await _form(request)
    if not fields.get("token"):
        raise bad_parameter("token", "is missing")
    await run_in_threadpool(_revoked, context(request), fields["token"])
    return Response(None, HTTPStatus.OK, _PRIVATE)


def _revoked(shared: Context, text: str) -> None:
    """Only whoever holds a token that counts can end what it is of."""
    who, ended = _whose(shared, text)
    if who is None:
        return
    shared.note(who, "token-revoke", {"token": ended})
    revoke_in(shared.authentication.store(), ended, instant(shared.clock.now()))


def _whose(shared: Context, text: str) -> tuple[Principal | None, str]:
    try:
        if refresh := read_opaque("refresh", text):
            session = shared.authentication.store().session(refresh.id)
            good = session is not None and not session.revoked and refresh.is_of(session.sha256)
            return (session.principal, session.id) if good and session else (None, "")
        found = shared.authentication.principal(f"Bearer {text}")
    except UnauthenticatedError:
        return None, ""
    return found, found.credential.partition(":")[2]


def providers(request: Request) -> Response:
    """GET /auth/providers: by whom people and jobs are known here, and what jobs ask their token for."""
    query_of(request, ())
    shared = context(request)
    identities = shared.registry.snapshot().settings.identities
    known: list[Value] = [
        {"name": one.name, "issuer": one.issuer, "client_id": one.client_id, "scope": one.scope}
        for one in identities.providers
    ]
    return json_response(request, {"audience": shared.issuer, "providers": known})


def whoami(request: Request) -> Response:
    """GET /auth/whoami: whom the token stands for and what it is for; nobody where there is none."""
    query_of(request, ())
    who = principal(request)
    value: Object = {
        "login": who.login or None,
        "id": who.id or None,
        "scopes": [*sorted(who.scopes)],
        "workflows": [*sorted(who.workflows)],
    }
    return Response(encoded(value), HTTPStatus.OK, _PRIVATE, "application/json")


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form, each once."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise ProblemError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the body must be application/x-www-form-urlencoded"
        )
    data = await request.body()
    if len(data) > _LARGEST:
        raise ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too large for a form")
    try:
        pairs = parse_qsl(
            data.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "the body is not a form") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ProblemError(HTTPStatus.BAD_REQUEST, "a field is given more than once")
    return fields


ROUTES = (
    Route("/auth/token", token, methods=["POST"]),
    Route("/auth/revoke", revoke, methods=["POST"]),
    Route("/auth/providers", providers, methods=["GET"]),
    Route("/auth/whoami", whoami, methods=["GET"]),
)
