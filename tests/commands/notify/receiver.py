"""A receiver of webhooks on loopback that answers as it is told; chats' own servers can't be had for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from registry_tool.catalogue.model import RegistrySettings
from registry_tool.catalogue.settings import read_settings
from registry_tool.commands.notify.send import SendPolicy
from registry_tool.core.clock import FixedClock
from tests.serving import serving

NOW = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)
SECONDS = int(NOW.timestamp())


@dataclass
class Post:
    """What came."""

    path: str
    headers: dict[str, str]
    body: bytes


Reply = tuple[int, dict[str, str], bytes]


@dataclass
class ReceiverServer:
    """What a receiver was sent, and what it will answer: the last one for ever."""

    port: int
    posts: list[Post] = field(default_factory=list)
    answers: list[Reply] = field(default_factory=lambda: [(200, {}, b'{"code": 0, "errcode": 0}')])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook/token-in-path?access_token=token-in-query"

    @property
    def environ(self) -> dict[str, str]:
        """The variables of receivers of every form, all with this address."""
        forms = ("GENERIC", "SLACK", "FEISHU", "DINGTALK")
        addresses = {f"NOTIFY_{form}_URL": self.address for form in forms}
        secrets = {f"NOTIFY_{form}_SECRET": f"secret-of-{form}" for form in forms}
        return {**addresses, **secrets, "PUPPY_ALLOW_PRIVATE_HOSTS": f"127.0.0.1:{self.port}"}


@contextmanager
def receiver() -> Iterator[ReceiverServer]:
    """A running one."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            hook.posts.append(Post(self.path, headers, body))
            status, more, answer = hook.answers.pop(0) if len(hook.answers) > 1 else hook.answers[0]
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST  # noqa: N815 - http.server's names

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook = ReceiverServer(server.server_port)
    with serving(server):
        yield hook


def quick(naps: list[float] | None = None) -> SendPolicy:
    """A policy whose pauses cost nothing and are noted."""

    async def sleep(seconds: float) -> None:
        if naps is not None:
            naps.append(seconds)

    return SendPolicy(sleep=sleep, clock=FixedClock(NOW))


def receivers(*forms: str, more: str = "") -> RegistrySettings:
    """Settings with a receiver of each form."""
    if not forms:
        return read_settings(b"name: Test\n", "registry.yaml")
    lines = "".join(f"  - {{ form: {form}{more} }}\n" for form in forms)
    return read_settings(f"name: Test\nnotifications:\n{lines}".encode(), "registry.yaml")
