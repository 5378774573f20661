from __future__ import annotations

import base64
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.store.branch import Branch
from registry_tool.store.branch_names import branch_names
from registry_tool.store.credentials import job_credentials
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository

JOB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_TOKEN": "a-token",
    "GITHUB_SERVER_URL": "https://github.com",
}
WHO = Identity("Ada", "ada@example.com", "2026-01-01T00:00:00Z")


def test_a_job_speaks_with_its_token_to_its_forge_alone() -> None:
    made = job_credentials(JOB, "https://github.com/acme/registry")
    assert made["GIT_CONFIG_KEY_0"] == "http.https://github.com/.extraheader"
    secret = base64.b64encode(b"x-access-token:a-token").decode()
    assert made["GIT_CONFIG_VALUE_0"] == f"AUTHORIZATION: basic {secret}"
    for address in ("https://github.com.evil.example/x", "https://example.com/x", "/srv/git/x"):
        assert job_credentials(JOB, address) == {}


@pytest.mark.parametrize("absent", JOB)
def test_outside_a_job_nothing_is_said(absent: str) -> None:
    environ = {key: value for key, value in JOB.items() if key != absent}
    assert job_credentials(environ, "https://github.com/acme/registry") == {}


def test_settings_that_are_there_stay() -> None:
    made = job_credentials({**JOB, "GIT_CONFIG_COUNT": "2"}, "https://github.com/acme/registry")
    assert made["GIT_CONFIG_COUNT"] == "3"
    assert "GIT_CONFIG_KEY_2" in made


class _Git(BaseHTTPRequestHandler):
    """git's own HTTP server (`git http-backend`), behind a door that wants the token."""

    root: Path

    def do_GET(self) -> None:
        secret = base64.b64encode(b"x-access-token:a-token").decode()
        if self.headers["authorization"] != f"basic {secret}":
            self.send_response(401)
            self.send_header("www-authenticate", 'Basic realm="git"')
            self.send_header("content-length", "0")
            self.end_headers()
            return
        path, _, query = self.path.partition("?")
        environ = {
            **os.environ,
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REMOTE_USER": "job",
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("content-type", ""),
            "CONTENT_LENGTH": self.headers.get("content-length", "0"),
            "HTTP_CONTENT_ENCODING": self.headers.get("content-encoding", ""),
        }
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        done = subprocess.run(
            ["git", "http-backend"], input=body, env=environ, capture_output=True, check=True
        )
        head, _, rest = done.stdout.partition(b"\r\n\r\n")
        self.send_response(200)
        for line in head.decode().splitlines():
            name, _, value = line.partition(": ")
            self.send_header(name, value)
        self.send_header("content-length", str(len(rest)))
        self.end_headers()
        self.wfile.write(rest)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    handler = type("Handler", (_Git,), {"root": tmp_path / "served"})
    served = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{served.server_port}"
    served.shutdown()
    served.server_close()


def test_a_real_push_and_fetch_by_the_token(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "served/registry.git"
    subprocess.run(["git", "init", "--quiet", "--bare", bare], check=True)
    work = tmp_path / "work"
    subprocess.run(["git", "init", "--quiet", work], check=True)
    subprocess.run(
        ["git", "-C", work, "remote", "add", "origin", f"{server}/registry.git"], check=True
    )
    monkeypatch.setenv("GIT_TERMINAL_PROMPT", "0")
    monkeypatch.setenv("GIT_ASKPASS", shutil.which("false") or "false")
    branch = Branch(Repository(work), "deployments", "origin")
    with pytest.raises(RegistryError):
        branch.tip()
    for name, value in {**JOB, "GITHUB_SERVER_URL": server}.items():
        monkeypatch.setenv(name, value)
    made = branch.write(lambda _: {"a.txt": b"a"}, "Write", WHO)
    assert Branch(Repository(work), "deployments", "origin").tip() == made
    assert branch_names(Repository(work), "deploy*", "origin") == ["deployments"]
    assert "a-token" not in (work / ".git/config").read_text()
