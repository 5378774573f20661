"""Sessions of a live registry: begun by an identity token, gone on with by refresh tokens that rotate, ended.

A refresh token counts once. One that comes a second time was stolen, before or after its owner used it: the
session ends with all that came of it (RFC 9700, 4.14.2). Each is the session's and its turn's, made by the
registry's key, so that an earlier one is distinguished from what anybody makes up, and no list of them is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec.structs import replace

from registry_tool.commands.live.known_identity import KnownIdentity
from registry_tool.core.clock import Clock, instant
from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record
from registry_tool.core.values import Object
from registry_tool.security.keys import EnvironmentKey
from registry_tool.security.tokens.access_token import (
    SECONDS,
    AccessClaims,
    BadTokenError,
    issue,
)
from registry_tool.security.tokens.opaque import Opaque, new_opaque, read_opaque
from registry_tool.state.tokens.records import (
    SESSION_FILE,
    SESSIONS,
    USED,
    USED_FILE,
    LoginSession,
    UsedToken,
    session_path,
)
from registry_tool.state.tokens.store import AccessStore, Changes
from registry_tool.store.git.commit_tree import GitTree

LASTING: Final = timedelta(days=30)
"""How long a person's session is gone on with without another login."""
FOR_A_JOB: Final = timedelta(minutes=15)
_MOST_PRUNED: Final = 50


class Tokens(Record, frozen=True):
    """What somebody gets: an access token, the refresh token for the next one (empty: none), their session."""

    session: LoginSession
    access: str
    refresh: str = ""

    def __repr__(self) -> str:
        return f"Tokens(session={self.session.id})"

    def to_value(self) -> Object:
        """As OAuth answers (RFC 6749, 5.1)."""
        value: Object = {
            "access_token": self.access,
            "token_type": "Bearer",
            "expires_in": SECONDS,
            "scope": " ".join(self.session.scopes),
        }
        return {**value, "refresh_token": self.refresh} if self.refresh else value


class ReusedError(BadTokenError):
    """A token that counts once came again; `session` is the one that was ended for it (empty: none)."""

    def __init__(self, reason: str, session: LoginSession | None = None) -> None:
        super().__init__(reason)
        self.session = session


@dataclass(frozen=True)
class Sessions:
    """Of the registry that calls itself `issuer`."""

    store: AccessStore
    issuer: str
    clock: Clock
    random: Callable[[int], bytes] = field(default=os.urandom)

    def begin(self, known: KnownIdentity) -> Tokens:
        """A session for whom an identity token stands; `ReusedError` where the token was used before."""
        now = self.clock.now()
        refresh = self._refresh(self.random(8).hex(), 1)
        session = LoginSession(
            id=refresh.id,
            person=known.member.id,
            login=known.member.login,
            scopes=[*known.scopes],
            workflows=[*known.workflows],
            by=known.by,
            created=instant(now),
            expires=instant(now + (LASTING if known.lasting else FOR_A_JOB)),
            sha256=refresh.sha256 if known.lasting else "",
        )
        used = f"{USED}/{hashlib.sha256(known.token.encode()).hexdigest()}.json"
        until = UsedToken(instant(datetime.fromtimestamp(known.expires, UTC) + timedelta(hours=1)))

        def change(tree: GitTree) -> Changes:
            if tree.has(used):
                raise ReusedError("it was used already")
            return {
                **_expired(tree, now),
                used: USED_FILE.to_bytes(until),
                session_path(session.id): self.store.session_bytes(session),
            }

        self.store.write(change, f"Begin the session {session.id}")
        return self._tokens(session, refresh if known.lasting else None)

    def go_on(self, text: str) -> Tokens:
        """The next tokens for a refresh token; `BadTokenError`, and the session's end where it came before."""
        token = read_opaque("refresh", text)
        if token is None:
            raise BadTokenError("it is not a refresh token")
        now = self.clock.now()
        went: list[LoginSession] = []

        def change(tree: GitTree) -> Changes:
            went.clear()
            old = self.store.read_in(tree, SESSION_FILE, session_path(token.id))
            if old is None or not old.sha256:
                raise BadTokenError("its session is gone")
            if old.revoked:
                raise BadTokenError("it was revoked")
            if datetime.fromisoformat(old.expires) <= now:
                raise BadTokenError("its session has expired")
            if token.is_of(old.sha256):
                following = self._refresh(old.id, old.turn + 1)
                new = replace(old, sha256=following.sha256, turn=old.turn + 1)
            elif self._was_given(token, old.turn):
                new = replace(old, revoked=instant(now))
            else:
                raise BadTokenError("it is not a refresh token of this registry")
            went.append(new)
            return {session_path(old.id): self.store.session_bytes(new)}

        self.store.write(change, f"Go on with the session {token.id}")
        if went[0].revoked:
            raise ReusedError("it was used already, so its session is ended", went[0])
        return self._tokens(went[0], self._refresh(token.id, went[0].turn))

    def _refresh(self, session: str, turn: int, key: EnvironmentKey | None = None) -> Opaque:
        """The refresh token of a session's turn."""
        secret = (key or self.store.ring.newest).derive("tokens")
        made = hmac.new(secret, f"refresh:{session}:{turn}".encode(), hashlib.sha256).digest()
        return new_opaque("refresh", session, lambda count: made[:count])

    def _was_given(self, token: Opaque, turn: int) -> bool:
        """Whether a token is that of an earlier turn."""
        return any(
            token.is_of(self._refresh(token.id, earlier, key).sha256)
            for key in self.store.ring.keys
            for earlier in range(1, turn)
        )

    def _tokens(self, session: LoginSession, refresh: Opaque | None) -> Tokens:
        claims = AccessClaims(session.id, session.person)
        access = issue(self.store.ring, self.issuer, claims, self.clock.now(), self.random)
        return Tokens(session, access, refresh.text if refresh else "")


def _expired(tree: GitTree, now: datetime) -> Changes:
    """Records that count for nothing any more, some at a time: the branch must not grow without end."""
    gone: dict[str, None] = {}
    for file in [*tree.files(USED), *tree.files(SESSIONS)]:
        if len(gone) == _MOST_PRUNED:
            break
        form = USED_FILE if file.path.startswith(f"{USED}/") else SESSION_FILE
        try:
            expires = form.read(tree.read(file.path), file.path).expires
        except RegistryError:
            continue
        if datetime.fromisoformat(expires) <= now - timedelta(days=1):
            gone[file.path] = None
    return gone
