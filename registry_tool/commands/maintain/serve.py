"""`registry-tool serve`: a built site over HTTP, for looking at it."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from registry_tool.api.layout import MCP_SERVERS
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.journal import settle


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012 - the base class has it so
        **SimpleHTTPRequestHandler.extensions_map,
        ".wfpkg": "application/zip",
        ".json": "application/json",
        ".md": "text/markdown; charset=utf-8",
        ".txt": "text/plain; charset=utf-8",
    }

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The site's own page for an address that doesn't exist, as other hosts serve it."""
        name = "zh/404.html" if self.path.startswith("/zh/") else "404.html"
        page = Path(self.directory) / name
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def guess_type(self, path: str | os.PathLike[str]) -> str:
        """By the path's ending; what an MCP registry answers is JSON whatever its path is."""
        if Path(path).is_relative_to(Path(self.directory) / MCP_SERVERS):
            return self.extensions_map[".json"]
        return super().guess_type(path)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a look at a page is not an event."""


def server(folder: Path, host: str, port: int) -> ThreadingHTTPServer:
    """A server of a folder, bound and not yet running; port 0 takes a free one."""
    if not folder.is_dir():
        raise NotFoundError(
            "there is no built site here",
            location=str(folder),
            hint=f"run `registry-tool build-site --out {folder}`",
        )
    settle(folder)
    try:
        return ThreadingHTTPServer((host, port), partial(_Quiet, directory=str(folder)))
    except OSError as error:
        raise RegistryError(
            f"the port {port} can't be used: {error.strerror}", hint="name another with --port"
        ) from None


def serve(folder: Path, host: str, port: int, on_ready: Callable[[str], None]) -> None:
    """Serve until interrupted; `on_ready` gets the address."""
    with server(folder, host, port) as running:
        on_ready(f"http://{host}:{running.server_port}/")
        running.serve_forever()
