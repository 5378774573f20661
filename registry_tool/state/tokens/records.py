"""What is stored of a token: never the token itself, signed by the registry's key.

Who can push to the branch `access` and lacks the key can take tokens away, and give nobody one.
"""

from __future__ import annotations

from typing import Final

from registry_tool.core.codec import FileFormat, Stored
from registry_tool.core.values import Object
from registry_tool.security.tokens.principal import Principal

API_KEYS: Final = "api-keys"
SESSIONS: Final = "sessions"
USED: Final = "used"
REQUESTS: Final = "requests"
_HINT: Final = "revoke it with `registry-tool tokens revoke`, and make a new one"


class StoredApiKey(Stored, frozen=True, kw_only=True):
    """A machine's key, and the person (numeric id) for whom it acts. Times are RFC 3339; no `expires`: never."""

    id: str
    name: str
    person: int
    login: str
    scopes: list[str]
    workflows: list[str]
    sha256: str
    created: str
    created_by: str
    expires: str = ""
    revoked: str = ""
    signature: str = ""

    @property
    def principal(self) -> Principal:
        """Who comes with it."""
        scopes, only = frozenset(self.scopes), frozenset(self.workflows)
        return Principal(self.person, self.login, scopes, f"key:{self.id}", only)

    def to_value(self) -> Object:
        """As `tokens list` shows it: without what proves it."""
        return {k: v for k, v in KEY_FILE.value(self).items() if k not in _HIDDEN}


class LoginSession(Stored, frozen=True, kw_only=True):
    """Somebody who signed in: the refresh token that counts now (`sha256`, the `turn`-th), until `expires`.

    `by` says by whom they were known: a provider's name, or a repository's job.
    """

    id: str
    person: int
    login: str
    scopes: list[str]
    workflows: list[str]
    by: str
    created: str
    expires: str
    sha256: str = ""
    turn: int = 1
    revoked: str = ""
    signature: str = ""

    @property
    def principal(self) -> Principal:
        """Who comes with a token of it."""
        scopes, only = frozenset(self.scopes), frozenset(self.workflows)
        return Principal(self.person, self.login, scopes, f"session:{self.id}", only)

    def to_value(self) -> Object:
        """As `tokens list` shows it."""
        return {k: v for k, v in SESSION_FILE.value(self).items() if k not in _HIDDEN}


class UsedToken(Stored, frozen=True):
    """An identity token that was exchanged, which counts once; kept until it has expired itself."""

    expires: str


class KeptRequest(Stored, frozen=True):
    """What a key of a request stands for: the SHA-256 of what was sent."""

    request: str


_HIDDEN: Final = frozenset({"format", "sha256", "signature"})
KEY_FILE = FileFormat[StoredApiKey](StoredApiKey, "API key", "puppyai.com/api-key/v1", _HINT)
SESSION_FILE = FileFormat[LoginSession](LoginSession, "session", "puppyai.com/session/v1", _HINT)
REQUEST_FILE = FileFormat[KeptRequest](
    KeptRequest, "kept request", "puppyai.com/kept-request/v1", "remove it from the branch `access`"
)
USED_FILE = FileFormat[UsedToken](UsedToken, "used token", "puppyai.com/used-token/v1", _HINT)


def key_path(key_id: str) -> str:
    """Where an API key's record is on the branch `access`."""
    return f"{API_KEYS}/{key_id}.json"


def session_path(session_id: str) -> str:
    """Where a session's record is."""
    return f"{SESSIONS}/{session_id}.json"
