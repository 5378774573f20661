"""The scrape endpoint: `/metrics` in the form that the client accepts, and `/healthz`.

Every scrape reads what is new first. Where that fails, the scrape fails: Prometheus then sees `up` 0, and no old
number is taken for a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from threading import Lock
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIApplication

from prometheus_client import CollectorRegistry, make_wsgi_app

from registry_tool.core.errors import RegistryError

Environ = dict[str, Any]  # WSGI's own type (PEP 3333)


class Server(ThreadingMixIn, WSGIServer):
    """Answers several scrapers at once; ends with its process."""

    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a scrape is not an event."""


def application(registry: CollectorRegistry, refresh: Callable[[], None]) -> WSGIApplication:
    """The endpoint. `refresh` reads what is new; one scrape at a time does."""
    metrics: WSGIApplication = make_wsgi_app(registry)
    lock = Lock()
    broken: list[str] = []

    def respond(environ: Environ, start: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/healthz":
            return _say(start, "503 Service Unavailable", broken[0]) if broken else _say(start)
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
