"""A page of the two-way project, running."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

from registry_tool.commands.author.dev.page.serving import DevSite, page_server
from registry_tool.commands.author.dev.session import DevSession
from tests.serving import serving


@dataclass
class Running:
    """A site and the port that it is served at."""

    site: DevSite
    session: DevSession
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def cookie(self) -> str:
        return f"puppy-dev-{self.port}={self.site.entry}"

    def ask(
        self, path: str, *, method: str = "GET", body: Any = None, **headers: str
    ) -> tuple[HTTPResponse, bytes]:
        """What the server answers to the page's own request, with other headers where they are given."""
        usual = {"Host": f"127.0.0.1:{self.port}", "Cookie": self.cookie}
        fields = {**usual, **{name.replace("_", "-"): value for name, value in headers.items()}}
        link = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            link.putrequest(method, path, skip_host=True)
            data = b"" if body is None else json.dumps(body).encode()
            for name, value in {**fields, "Content-Length": str(len(data))}.items():
                if value:
                    link.putheader(name, value)
            link.endheaders(data)
            answer = link.getresponse()
            return answer, answer.read()
        finally:
            link.close()

    def run(self, inputs: dict[str, Any], provider: str = "replay", **headers: str) -> Any:
        fields = {"X_Puppy_Token": self.site.token, **headers}
        asked = {"inputs": inputs, "provider": provider}
        return self.ask("/run", method="POST", body=asked, **fields)


@contextmanager
def running(project: Path) -> Iterator[Running]:
    site, session = DevSite(), DevSession(project)
    site.show(session.look())
    with serving(page_server(site, 0)) as server:
        yield Running(site, session, server.server_port)
