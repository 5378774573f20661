"""The page over HTTP, for the person at this machine alone.

It listens on 127.0.0.1. A request must name that host (a name that somebody's DNS points here is refused), and
hold the cookie that the printed address set; one that runs something also the page's own token, which no other
site can read. What the preview needs is under a path that nobody can guess: a sandboxed frame sends no cookies.
"""

from __future__ import annotations

import hmac
import json
import secrets
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from registry_tool.commands.author.dev.page.document import PageLinks, document
from registry_tool.commands.author.dev.page.preview import Preview, preview_path
from registry_tool.commands.author.dev.page.state import DevPageState
from registry_tool.commands.author.dev.page.trial import refusal, requested, run_once, shown_run
from registry_tool.commands.author.dev.session import DevResult, DevSession
from registry_tool.commands.author.dev.watch import saves
from registry_tool.core.errors import RegistryError
from registry_tool.engine.inputs import LARGEST_INPUTS
from registry_tool.report.text import inert

_HOST: Final = "127.0.0.1"
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "md": "text/markdown; charset=utf-8",
}
_DIGITS: Final = 18  # Python refuses to read numbers of thousands
_HEARTBEAT: Final = 15.0
_ASSETS: Final = {"/dev.js": "js", "/dev.css": "css"}


@dataclass(frozen=True)
class DevSite:
    """What the handlers share; the tokens are new for every session."""

    state: DevPageState = field(default_factory=DevPageState)
    previewed: Preview = field(default_factory=Preview)
    entry: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    hidden: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    def page(self) -> bytes:
        """The page as it is now."""
        shown = self.state.now()
        program = shown.round.program if shown.round else None
        preview = preview_path(program) if program else ""
        return document(shown, PageLinks(f"/{self.hidden}", preview, self.token))

    def preview(self, path: str) -> bytes | None:
        """A file of the preview, None for none."""
        found = self.state.now().round
        return self.previewed.file(found.program, path) if found and found.program else None

    def show(self, found: DevResult | None) -> None:
        """Another look; its last test is shown as the last run where the page has none of its own."""
        if found is None:
            return
        run = shown_run(f"The test {found.run[0]!r}", found.run[1]) if found.run else None
        self.state.put(found, run)


def page_server(site: DevSite, port: int) -> ThreadingHTTPServer:
    """The page's server, bound and not yet running; port 0 takes a free one."""
    try:
        return _Server((_HOST, port), partial(_Handler, site))
    except OSError as error:
        raise RegistryError(
            f"the port {port} can't be used: {error.strerror}", hint="name another with --port"
        ) from None


class _Server(ThreadingHTTPServer):
    """A thread a request; none keeps the command from ending."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that has gone is no news; anything else is one line, and the next request is answered."""
        error = sys.exception()
        if not isinstance(error, OSError):
            words = inert(f"{type(error).__name__}: {error}")
            print(f"a request of the page failed: {words}", file=sys.stderr)


def serve(
    session: DevSession,
    port: int,
    show: Callable[[DevResult | None], None],
    on_ready: Callable[[str], None],
) -> None:
    """Show the project on a page, checked after every save, until interrupted. `on_ready` gets the address."""
    site = DevSite()
    with page_server(site, port) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            on_ready(f"http://{_HOST}:{server.server_port}/?key={site.entry}")
            _look(session, site, show)
            for _ in saves(session.folder):
                _look(session, site, show)
        finally:
            server.shutdown()


def _look(session: DevSession, site: DevSite, show: Callable[[DevResult | None], None]) -> None:
    found = session.look()
    site.show(found)
    show(found)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def __init__(self, site: DevSite, *args: object) -> None:
        self._site = site
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """The page, its news, its files and the preview."""
        address = urlsplit(self.path)
        path = unquote(address.path)
        if not self._is_ours():
            return
        if path.startswith(f"/{self._site.hidden}/"):
            self._file(path.removeprefix(f"/{self._site.hidden}/"))
        elif path == "/" and address.query:
            self._enter(parse_qs(address.query).get("key", [""])[0])
        elif not self._is_known():
            self._refuse(HTTPStatus.FORBIDDEN, "open the address that puppy-cli dev printed")
        elif path == "/":
            self._send(self._site.page(), "html", {"Content-Security-Policy": _POLICY})
        elif path in _ASSETS:
            data = files(__package__).joinpath(path[1:]).read_bytes()
            self._send(data, _ASSETS[path])
        elif path == "/news":
            self._news(parse_qs(address.query).get("after", ["0"])[0])
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "there is nothing here")

    def do_POST(self) -> None:
        """A run."""
        if not self._is_ours():
            return
        length = self.headers.get("Content-Length", "")
        token = self.headers.get("X-Puppy-Token", "")
        if not (self._is_known() and _same(token, self._site.token) and self._is_same_origin()):
            self._refuse(HTTPStatus.FORBIDDEN, "only the page itself may run something")
        elif self.path != "/run":
            self._refuse(HTTPStatus.NOT_FOUND, "there is nothing here")
        elif not length.isdecimal() or len(length) > _DIGITS or int(length) > 4 * LARGEST_INPUTS:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the inputs are too large")
        else:
            self._run(self.rfile.read(int(length)))

    def _run(self, body: bytes) -> None:
        found = self._site.state.now().round
        if found is None or found.program is None:
            self._refuse(HTTPStatus.CONFLICT, "the project can't be run as it is")
            return
        try:
            inputs, provider = requested(body, found.program.workflow)
            run = run_once(found.program, inputs, provider)
        except RegistryError as error:
            self._send(json.dumps(refusal(error)).encode(), "json", status=HTTPStatus.BAD_REQUEST)
            return
        self._site.state.put(run=run)
        self._send(b"{}", "json")

    def _news(self, after: str) -> None:
        """Server-sent events: the state's number, whenever it is another one."""
        number = int(after) if after.isdecimal() and len(after) <= _DIGITS else 0
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        for name, value in {**_HEADERS, "Content-Type": "text/event-stream"}.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            while True:
                newest = self._site.state.after(number, _HEARTBEAT)
                word = f"data: {newest}\n\n" if newest != number else ": still here\n\n"
                self.wfile.write(word.encode())
                self.wfile.flush()
                number = newest
        except OSError:
            return  # the page has gone

    def _file(self, path: str) -> None:
        data = self._site.preview(path)
        if data is None:
            self._refuse(HTTPStatus.NOT_FOUND, "the preview has this one page only")
        else:
            self._send(data, path.rpartition(".")[2])

    def _enter(self, key: str) -> None:
        """The printed address: from now on the browser is known, and the key is out of sight."""
        if not _same(key, self._site.entry):
            self._refuse(HTTPStatus.FORBIDDEN, "open the address that puppy-cli dev printed")
            return
        cookie = f"{self._cookie}={self._site.entry}; HttpOnly; SameSite=Strict; Path=/"
        self._send(b"", "html", {"Set-Cookie": cookie, "Location": "/"}, HTTPStatus.SEE_OTHER)

    @property
    def _port(self) -> int:
        return int(self.connection.getsockname()[1])

    @property
    def _cookie(self) -> str:
        """Cookies know no ports, so its name has it."""
        return f"puppy-dev-{self._port}"

    def _is_ours(self) -> bool:
        """Whether the request means this machine by its own name."""
        hosts = self.headers.get_all("Host") or []
        if hosts in ([f"{_HOST}:{self._port}"], [f"localhost:{self._port}"]):
            return True
        self._refuse(HTTPStatus.MISDIRECTED_REQUEST, "this page is only served to its own machine")
        return False

    def _is_known(self) -> bool:
        try:
            cookies = SimpleCookie(self.headers.get("Cookie", ""))
        except CookieError:
            return False
        return self._cookie in cookies and _same(cookies[self._cookie].value, self._site.entry)

    def _is_same_origin(self) -> bool:
        origin = self.headers.get("Origin")
        return origin in {None, f"http://{self.headers['Host']}"}

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        self.close_connection = True  # a body may not have been read
        self._send(f"{why}\n".encode(), "txt", {"Connection": "close"}, status)

    def _send(
        self,
        body: bytes,
        kind: str,
        more: dict[str, str] | None = None,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> None:
        usual = "application/json" if kind == "json" else "text/plain; charset=utf-8"
        self.send_response(status)
        headers = {**_HEADERS, "Content-Type": _TYPES.get(kind, usual), **(more or {})}
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        """Nothing of the machine."""
        return "puppy-cli"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the address holds a key, and a look is not an event."""


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())
