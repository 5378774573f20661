"""What a live registry answers to who signs in (RFC 6749, 7009, 8693)."""

from __future__ import annotations

from typing import Final

from registry_tool.api.openapi.parts import (
    BAD,
    OBJECT,
    SIGNED_IN,
    STRING,
    UNCHANGED,
    answer,
    body,
    open_operation,
    problems,
    ref,
)
from registry_tool.core.values import Object, Value

EXCHANGE: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN: Final = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105 - a name, no secret
GRANTS: Final = {
    EXCHANGE: ("subject_token", "subject_token_type"),
    "refresh_token": ("refresh_token",),
}
"""What `POST /auth/token` takes for what."""
_FORM: Final = "application/x-www-form-urlencoded"
_NO_GRANT: Final = (
    (400, "The form is wrong, or the token in it doesn't count (`error` is `invalid_grant`)"),
    (401, "A token was sent along that doesn't count"),
    (408, "The body did not come in time"),
    (413, "The body is too large"),
    (415, "The body is of another type"),
    (502, "Who issued the token can't be asked"),
    (503, "The registry's key isn't there"),
)


def _open(name: str, summary: str, responses: Object, **more: Value) -> Object:
    """An operation that takes no token in any registry."""
    no_security: list[Value] = []
    return open_operation(name, summary, [], responses, security=no_security, **more)


_NEEDED: Final[Object] = {"type": "string", "minLength": 1}


def _form(optional: tuple[str, ...], *required: str, grant: str = "") -> Object:
    kind: Object = {"grant_type": {"const": grant}} if grant else {}
    known: Object = {"subject_token_type": {"const": ID_TOKEN}}
    fields: Object = {
        **dict.fromkeys(optional, STRING),
        **{name: known.get(name, _NEEDED) for name in required},
        **kind,
    }
    return {"type": "object", "properties": fields, "required": [*kind, *required]}


_TOKEN: Final = _open(
    "createTokens",
    "Tokens for a provider's identity token (RFC 8693) or for a refresh token (RFC 6749)",
    {"200": answer("Tokens", ref("Tokens")), **problems(*_NO_GRANT)},
    requestBody=body(
        _FORM, {"oneOf": [_form((), *fields, grant=grant) for grant, fields in GRANTS.items()]}
    ),
)
_REVOKE: Final = _open(
    "revokeToken",
    "End the session or the key of a token (RFC 7009)",
    {"200": {"description": "It counts no longer"}, **problems(*_NO_GRANT)},
    requestBody=body(_FORM, _form(("token_type_hint",), "token")),
)
_PROVIDERS: Final = _open(
    "listProviders",
    "By whom people and jobs are known here",
    {"200": answer("Providers", OBJECT), **UNCHANGED, **problems(BAD)},
)
_WHOAMI: Final = _open(
    "whoami",
    "Whom the token stands for",
    {"200": answer("Somebody, or nobody", OBJECT), **problems(BAD, *SIGNED_IN)},
)
PATHS: Final[Object] = {
    "/auth/token": {"post": _TOKEN},
    "/auth/revoke": {"post": _REVOKE},
    "/auth/providers": {"get": _PROVIDERS},
    "/auth/whoami": {"get": _WHOAMI},
}
SCHEMAS: Final[Object] = {
    "Tokens": {
        "type": "object",
        "properties": {
            "access_token": STRING,
            "token_type": {"const": "Bearer"},
            "expires_in": {"type": "integer"},
            "scope": STRING,
            "refresh_token": STRING,
            "issued_token_type": STRING,
        },
        "required": ["access_token", "token_type", "expires_in", "scope"],
    },
}
