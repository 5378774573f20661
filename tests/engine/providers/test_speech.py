"""OpenAI's transcriptions against a server on loopback."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.metered import Budget, CapError
from registry_tool.engine.providers.models.retry import BackOff
from registry_tool.engine.providers.speech import OpenAITranscriber


class Server(ThreadingHTTPServer):
    """Says `reply`; keeps the forms that it got."""

    reply = (200, b'{"text": "hello"}')
    forms: list[bytes]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        if "content-length" in self.headers:
            self.server.forms.append(self.rfile.read(int(self.headers["content-length"])))
        else:  # chunked
            parts = []
            while size := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            self.server.forms.append(b"".join(parts))
        status, body = self.server.reply
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as running:
        running.forms = []
        thread = threading.Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def hear(server: Server, folder: Path, budget: Budget | None = None) -> str:
    (folder / "a.mp3").write_bytes(b"sound")
    known = {
        "OPENAI_BASE_URL": f"http://127.0.0.1:{server.server_port}/v1",
        "OPENAI_API_KEY": "secret-key",
    }
    transcriber = OpenAITranscriber(
        "whisper-1", known, budget=budget, back_off=BackOff(sleep=lambda _: asyncio.sleep(0))
    )
    return asyncio.run(transcriber.transcribe(folder / "a.mp3"))


def test_a_file_is_sent_with_its_model_and_comes_back_as_text(
    server: Server, tmp_path: Path
) -> None:
    assert hear(server, tmp_path) == "hello"
    (form,) = server.forms
    assert b"whisper-1" in form
    assert b'filename="a.mp3"' in form
    assert b"sound" in form


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ((200, b"{}"), "no transcription"),
        ((200, b"<html>"), "no transcription"),
        (
            (413, b'{"error": {"message": "too long, secret-key"}}'),
            r"answered 413: too long, \[KEY\]",
        ),
    ],
)
def test_what_goes_wrong_is_reported(
    server: Server, tmp_path: Path, reply: tuple[int, bytes], expected: str
) -> None:
    server.reply = reply
    with pytest.raises(ProviderError, match=expected):
        hear(server, tmp_path)


def test_a_busy_server_is_asked_again(server: Server, tmp_path: Path) -> None:
    server.reply = (503, b"{}")
    with pytest.raises(ProviderError, match=r"answered 503.* \(attempt 4\)"):
        hear(server, tmp_path)
    assert len(server.forms) == 4


def test_under_a_cap_on_dollars_nothing_without_a_price_is_asked(
    server: Server, tmp_path: Path
) -> None:
    with pytest.raises(CapError, match="no price is known"):
        hear(server, tmp_path, Budget(max_cost=1.0))
    assert server.forms == []
    assert hear(server, tmp_path, Budget(max_tokens=1)) == "hello"
