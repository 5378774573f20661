"""Scripts for tests: run in this process, and a server that answers from recordings."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from unittest import mock

from registry_tool.commands.author.python_script.script import script_of
from registry_tool.core.values import Object
from registry_tool.engine.providers.cassettes.cassette import Cassette, key_of
from registry_tool.engine.providers.models.base import Message, ModelRequest
from registry_tool.manifest.model import Workflow

_OWN = ("model", "messages", "temperature", "max_tokens", "response_format", "seed")


def run_script(workflow: Workflow, inputs: Object) -> Any:
    """The outputs of a workflow's script."""
    names: dict[str, Any] = {"__name__": "script"}
    exec(compile(script_of(workflow)[0], "script.py", "exec"), names)  # noqa: S102 - our own workflows
    return names["run"](**inputs)


def request_of(body: Any) -> ModelRequest:
    """The question that a body of OpenAI's API asks."""
    form = body.get("response_format")
    schema = (
        form["json_schema"]["schema"]
        if form and "json_schema" in form
        else form and {"type": "object"}
    )
    return ModelRequest(
        model=body["model"],
        messages=tuple(Message(one["role"], one["content"]) for one in body["messages"]),
        temperature=body.get("temperature"),
        max_tokens=body.get("max_tokens"),
        schema=schema,
        parameters={key: value for key, value in body.items() if key not in _OWN},
    )


@contextmanager
def recorded_api(cassette: Cassette) -> Iterator[list[Any]]:
    """A stand-in of the models' API on this machine that answers from a recording, and gives what it was asked.

    It is no model: a question that isn't recorded is refused with 404.
    """
    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            asked.append(body)
            found = cassette.recordings.get(key_of(request_of(body)))
            self.send_response(200 if found else 404)
            text = found.answer.text if found else ""
            data = json.dumps({"choices": [{"message": {"content": text}}]}).encode()
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        address = f"http://127.0.0.1:{server.server_address[1]}/v1"
        try:
            with mock.patch.dict(os.environ, {"OPENAI_BASE_URL": address}):
                yield asked
        finally:
            server.shutdown()
            thread.join()
