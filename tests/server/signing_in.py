"""A live registry with members, and their tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from starlette.testclient import TestClient

from registry_tool.commands.account.tokens import NewApiKey
from registry_tool.security.tokens.opaque import new_opaque
from registry_tool.security.tokens.principal import USUAL
from registry_tool.server.app import create_app
from registry_tool.server.context import Context
from registry_tool.server.static_output import StaticOutput
from registry_tool.state.target import Target
from registry_tool.state.tokens.records import StoredApiKey, key_path
from tests.conftest import RegistryFolder
from tests.server.looking import always_looking

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MEMBERS = """\
access:
  members:
    - { login: ada, id: 1, role: author }
    - { login: eve, id: 5, role: author }
    - { login: rob, id: 6, role: reader }
    - { login: mai, id: 8, role: maintainer }
    - { login: root, id: 9, role: admin }
"""


class SetClock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        """The set moment."""
        return self.at

    def pass_by(self, **time: float) -> None:
        """Let time pass."""
        self.at += timedelta(**time)


def bearer(token: str) -> dict[str, str]:
    """The header that brings a token."""
    return {"Authorization": f"Bearer {token}"}


@dataclass(frozen=True)
class Served:
    """A registry, a client of it, and its clock."""

    registry: RegistryFolder
    client: TestClient
    context: Context
    clock: SetClock

    @property
    def target(self) -> Target:
        """Its state."""
        return self.context.target

    def key(self, member: str, *scopes: str, **more: str) -> NewApiKey:
        """A fresh API key of a member, stored without a note in the audit log: tests make many."""
        (person,) = (one for one in self.target.settings().access.members if one.login == member)
        token, store = new_opaque("key"), self.context.authentication.store()
        key = StoredApiKey(
            id=token.id, name="test", person=person.id, login=member, scopes=[*(scopes or USUAL)],
            workflows=more.get("workflows", "").split(), sha256=token.sha256, created="now",
            created_by="a test", expires=more.get("expires", ""),
        )  # fmt: skip
        store.write(lambda _: {key_path(key.id): store.key_bytes(key)}, "Make a key")
        return NewApiKey(key, token.text)

    def headers(self, member: str, *scopes: str, **more: str) -> dict[str, str]:
        """What a member sends."""
        return bearer(self.key(member, *scopes, **more).secret)


def served(registry: RegistryFolder, settings: str = MEMBERS, public_url: str = "") -> Served:
    """The registry with members, served; `hello` is ada's."""
    file = registry.root / "registry/registry.yaml"
    file.write_text(file.read_text() + settings)
    registry.add("hello", "1.0.0")
    registry.commit("Publish")
    live, clock = always_looking(registry.root), SetClock()
    output = StaticOutput(registry.root.parent / "site")
    shared = Context(live, output, public_url, clock=clock)
    client = TestClient(create_app(shared), raise_server_exceptions=False)
    return Served(registry, client, shared, clock)
