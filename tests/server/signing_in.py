"""A live registry with members, and their tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from starlette.testclient import TestClient

from registry_tool.commands.account.tokens import KeyRequest, NewApiKey, new_api_key
from registry_tool.commands.live.live_registry import LiveRegistry
from registry_tool.server.app import create_app
from registry_tool.server.context import Context
from registry_tool.server.static_output import StaticOutput
from registry_tool.state.target import Target
from tests.conftest import RegistryFolder

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
        """A fresh API key of a member."""
        only = tuple(more.pop("workflows", "").split())
        return new_api_key(self.target, KeyRequest("test", member, scopes, only, **more), {})

    def headers(self, member: str, *scopes: str, **more: str) -> dict[str, str]:
        """What a member sends."""
        return bearer(self.key(member, *scopes, **more).secret)


def served(registry: RegistryFolder, settings: str = MEMBERS, public_url: str = "") -> Served:
    """The registry with members, served; `hello` is ada's."""
    file = registry.root / "registry/registry.yaml"
    file.write_text(file.read_text() + settings)
    registry.add("hello", "1.0.0")
    registry.commit("Publish")
    ticks, clock = count(step=60), SetClock()
    live = LiveRegistry(registry.root, ticks=lambda: float(next(ticks)))
    output = StaticOutput(registry.root.parent / "site")
    shared = Context(live, output, public_url, clock=clock)
    client = TestClient(create_app(shared), raise_server_exceptions=False)
    return Served(registry, client, shared, clock)
