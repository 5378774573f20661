"""`registry-tool tokens`: keys for machines, made, listed and revoked; sessions, listed and revoked."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from registry_tool.catalogue.environments import Role
from registry_tool.core.clock import LONGEST, instant, seconds
from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.core.suggest import did_you_mean
from registry_tool.core.values import Object
from registry_tool.manifest.names import bad_name
from registry_tool.security.tokens.opaque import new_opaque
from registry_tool.security.tokens.principal import ADMIN, SCOPES, USUAL
from registry_tool.state.branches import local_person
from registry_tool.state.target import Target
from registry_tool.state.tokens.records import (
    KEY_FILE,
    SESSION_FILE,
    StoredApiKey,
    key_path,
    session_path,
)
from registry_tool.state.tokens.registry_key import note_in_registry, registry_ring
from registry_tool.state.tokens.store import AccessStore, Changes
from registry_tool.store.git.commit_tree import GitTree

NEW, REVOKED = "token-new", "token-revoke"
"""What the audit log calls it."""
_NAME_LONGEST: Final = 80


@dataclass(frozen=True, slots=True)
class KeyRequest:
    """What a key is to be for: a member's login or id, scopes (none: the usual ones), workflows (none: all)."""

    name: str
    member: str
    scopes: Collection[str] = ()
    workflows: Collection[str] = ()
    expires: str = ""


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A key that was just made; `secret` is shown once."""

    key: StoredApiKey
    secret: str = field(repr=False)

    def to_value(self) -> Object:
        """As JSON, with the secret."""
        return {**self.key.to_value(), "token": self.secret}


def new_api_key(
    target: Target,
    wanted: KeyRequest,
    environ: Mapping[str, str] = os.environ,
    random: Callable[[int], bytes] = os.urandom,
) -> NewApiKey:
    """A key for a member (`access.members`), stored hashed; `UsageError` for what it can't be for."""
    person, login = _member(target, wanted)
    now = target.clock.now()
    made_by = local_person(target, environ)
    token = new_opaque("key", random=random)
    key = StoredApiKey(
        id=token.id,
        name=_name(wanted.name),
        person=person,
        login=login,
        scopes=[scope for scope in SCOPES if scope in _scopes(wanted.scopes)],
        workflows=sorted(_workflows(wanted.workflows)),
        sha256=token.sha256,
        created=instant(now),
        created_by=made_by,
        expires=_end(wanted.expires, now),
    )
    store = AccessStore(target, registry_ring(target, environ))
    _note(store, target, NEW, key, environ)
    store.write(lambda _: {key_path(key.id): store.key_bytes(key)}, f"Make the API key {key.id}")
    return NewApiKey(key, token.text)


def list_tokens(target: Target, environ: Mapping[str, str] = os.environ) -> list[Object]:
    """Every key and session with what it is for; none of them with its secret, which nobody knows."""
    store = AccessStore(target, registry_ring(target, environ))
    keys: list[Object] = [{"kind": "key", **key.to_value()} for key in store.api_keys()]
    return keys + [{"kind": "session", **one.to_value()} for one in store.sessions()]


def revoke(target: Target, token_id: str, environ: Mapping[str, str] = os.environ) -> Object:
    """Revoke a key or a session; it stays listed. `NotFoundError` where there is none of that id."""
    store = AccessStore(target, registry_ring(target, environ))
    found = next((one for one in list_tokens(target, environ) if one["id"] == token_id), None)
    if found is None:
        known = [str(one["id"]) for one in list_tokens(target, environ)]
        raise NotFoundError(
            f"there is no token {token_id[:40]!r}",
            hint=did_you_mean(token_id, known, "look at `registry-tool tokens list`"),
        )
    if not found["revoked"]:
        who = local_person(target, environ)
        detail: Object = {"token": token_id, "kind": found["kind"]}
        note_in_registry(target, store.ring, who, REVOKED, detail)
        revoke_in(store, token_id, instant(target.clock.now()))
    return found


def revoke_in(store: AccessStore, token_id: str, moment: str) -> None:
    """Write it into whichever record has that id."""

    def change(tree: GitTree) -> Changes:
        from msgspec.structs import replace

        if key := store.read_in(tree, KEY_FILE, key_path(token_id)):
            return {key_path(token_id): store.key_bytes(replace(key, revoked=moment))}
        if session := store.read_in(tree, SESSION_FILE, session_path(token_id)):
            ended = replace(session, revoked=moment)
            return {session_path(token_id): store.session_bytes(ended)}
        return {}

    store.write(change, f"Revoke {token_id}")


def _note(
    store: AccessStore, target: Target, action: str, key: StoredApiKey, environ: Mapping[str, str]
) -> None:
    """Before it is done, so that no deed is without an entry."""
    detail: Object = {
        "token": key.id,
        "person": store.ring.pseudonym("actor", str(key.person)),
        "scopes": [*key.scopes],
        "workflows": [*key.workflows],
    }
    note_in_registry(target, store.ring, local_person(target, environ), action, detail)


def _member(target: Target, wanted: KeyRequest) -> tuple[int, str]:
    members = target.settings().access.members
    for member in members:
        if wanted.member in (member.login, str(member.id)):
            if ADMIN in wanted.scopes and not member.role.includes(Role.ADMIN):
                raise UsageError(
                    f"{member.login} has the role {member.role}, and a key for `admin` takes an admin"
                )
            return member.id, member.login
    known = [member.login for member in members]
    raise UsageError(
        f"the registry has no member {wanted.member[:64]!r}",
        location="registry/registry.yaml",
        hint=did_you_mean(wanted.member, known, "list people and machines in access.members"),
    )


def _name(text: str) -> str:
    name = text.strip()
    if not name or len(name) > _NAME_LONGEST or not name.isprintable():
        raise UsageError(
            f"a key's name is one line of at most {_NAME_LONGEST} characters", hint="write ci-flows"
        )
    return name


def _scopes(wanted: Collection[str]) -> Collection[str]:
    for scope in wanted:
        if scope not in SCOPES:
            raise UsageError(
                f"there is no scope {scope[:40]!r}", hint=f"there are {', '.join(SCOPES)}"
            )
    return wanted or USUAL


def _workflows(wanted: Collection[str]) -> Collection[str]:
    for name in wanted:
        if reason := bad_name(name):
            raise UsageError(f"{name[:64]!r} is not a workflow's name: {reason}")
    return wanted


def _end(duration: str, now: datetime) -> str:
    if not duration:
        return ""
    try:
        length = seconds(duration)
    except ValueError as error:
        raise UsageError(str(error)) from None
    if not 0 < length < LONGEST:
        raise UsageError(f"{duration[:40]!r} is not a time that a key can last", hint="write 90d")
    return instant(now + timedelta(seconds=length))
