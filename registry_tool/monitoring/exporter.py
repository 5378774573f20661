"""The scrape endpoint: `/metrics` in the form that the client accepts, and `/healthz`.

Every scrape reads what is new first. Where that fails, the scrape fails: Prometheus then sees `up` 0, and no old
number is taken for a new one. `POST /alerts` takes what Alertmanager's webhook sends, where somebody wants it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from threading import Lock
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIApplication

from prometheus_client import CollectorRegistry, make_wsgi_app

from registry_tool.core.errors import RegistryError, UsageError

Environ = dict[str, Any]  # WSGI's own type (PEP 3333)


class Server(ThreadingMixIn, WSGIServer):
    """Answers several scrapers at once; ends with its process."""

    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a scrape is not an event."""


Receive = Callable[[bytes], str]
"""Passes on a message of Alertmanager's (`UsageError`: it is malformed); gives why it could not, or nothing."""
LARGEST_MESSAGE = 2**20
_POSTED = ("POST", "application/json")


def application(
    registry: CollectorRegistry, refresh: Callable[[], None], receive: Receive | None = None
) -> WSGIApplication:
    """The endpoint. `refresh` reads what is new; one scrape at a time does. `receive` takes alerts."""
    metrics: WSGIApplication = make_wsgi_app(registry)
    lock = Lock()
    broken: list[str] = []

    def respond(environ: Environ, start: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/healthz":
            return _say(start, "503 Service Unavailable", broken[0]) if broken else _say(start)
        if path == "/alerts" and receive is not None:
            return _say(start, *_received(environ, receive))
        if path != "/metrics":
            return _say(start, "404 Not Found", "the metrics are at /metrics")
        with lock:
            try:
                refresh()
            except RegistryError as error:
                broken[:] = [str(error)]
                return _say(start, "500 Internal Server Error", broken[0])
            broken.clear()
            return metrics(environ, start)

    return respond


def _received(environ: Environ, receive: Receive) -> tuple[str, str]:
    """Status and words. A page in somebody's browser can't send this type to another site without being asked."""
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if (environ.get("REQUEST_METHOD"), kind) != _POSTED:
        return "415 Unsupported Media Type", "post application/json here, as Alertmanager does"
    length = environ.get("CONTENT_LENGTH", "")
    if not (length.isascii() and length.isdigit()) or int(length) > LARGEST_MESSAGE:
        return "413 Content Too Large", f"a message has at most {LARGEST_MESSAGE} bytes"
    try:
        undelivered = receive(environ["wsgi.input"].read(int(length)))
    except UsageError as error:
        return "400 Bad Request", str(error)
    except RegistryError as error:
        return "500 Internal Server Error", str(error)
    return ("502 Bad Gateway", undelivered) if undelivered else ("200 OK", "ok")


def _say(start: StartResponse, status: str = "200 OK", text: str = "ok") -> list[bytes]:
    start(status, [("content-type", "text/plain; charset=utf-8")])
    return [f"{text}\n".encode()]


def server(app: WSGIApplication, host: str, port: int) -> WSGIServer:
    """A server, bound and not yet running; port 0 takes a free one."""
    try:
        return make_server(host, port, app, Server, _Quiet)
    except OSError as error:
        raise RegistryError(
            f"the port {port} can't be used: {error.strerror}", hint="name another with --port"
        ) from None
