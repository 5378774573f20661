"""Runs whose every edge fails with its input in the message: nothing that is kept or shown tells it, in any mode.

Kept and shown are: the log, what listeners hear, the result's error, exceptions, what the commands print, recorded
answers, remembered results, the repository with all its objects, and every file in the folders of the run.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from registry_tool.core.folders import cache_folder
from registry_tool.core.values import Value
from registry_tool.engine.events import Event
from registry_tool.engine.sandbox.wasm import WasmSandbox
from registry_tool.monitoring.log import JsonLog
from registry_tool.runtime.run_program import RunOptions, run_program
from registry_tool.security.handling import PersonalDataError
from registry_tool.sources.program import Program, program_from_files
from tests import forked

BIN = Path(sys.executable).parent
MAIL = "ada.lovelace@corp.dev"
TEXT = f"Dear sirs, write to {MAIL} about my ills"
NAME = "Augusta Ada King of Lovelace"
MODES = ("keep", "mask", "strip", "reject")
INSTEAD = {"keep": "[EMAIL]", "mask": "[EMAIL]", "strip": "Dear sirs"}

_CODE = r'config: { code: "def main(text):\n  raise ValueError(\"no: \" + text)" }'
_ITEM = (
    "config: { over: text, on_error: report, edge: { type: code, "
    r'config: { code: "def main(text):\n  raise ValueError(text)" } } }'
)
EDGES = {
    "code": ("code", _CODE),
    "map": ("map", _ITEM),
    "modify": ("modify", "config: { modify_type: convert2structured, conversion_mode: parse_as_json }"),
    "load": ("load", 'config: { path: "{{text}}" }'),
    "retrieve": (
        "retrieve",
        'config: { query: "{{text}}", data_source: [{ id: text }], top_k: 1 }',
    ),
    "llm": ("llm", 'config: { prompt: "{{text}}", model: m }'),
}  # fmt: skip

pytestmark = pytest.mark.e2e


def manifest(kind: str, mode: str, *, marked: bool = False, more: str = "") -> str:
    type_, config = EDGES[kind]
    port = f"type: {'any' if kind == 'map' else 'string'}, pii: {str(marked).lower()}"
    return f"""\
apiVersion: puppyai.com/v1
kind: Workflow
metadata: {{ name: leaky, version: "1.0.0", license: MIT, category: text, description: Fails }}
spec:
  blocks:
    - {{ id: text, type: text }}
    - {{ id: out, type: text }}
  edges:
    - {{ id: fail, source: text, target: out, type: {type_}, {config} }}
  interface:
    inputs: [{{ name: text, required: true, {port} }}]
    outputs: [{{ name: out, type: string }}]
{more}
security:
  data_privacy: {{ pii_handling: {mode} }}
"""


def program(kind: str, mode: str, *, marked: bool = False) -> Program:
    text = manifest(kind, mode, marked=marked)
    return program_from_files({"workflow-resource.yaml": text.encode()}, "leaky")


class Rude(BaseHTTPRequestHandler):
    """A model server that refuses whatever it is asked and quotes it."""

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        said = json.dumps({"error": {"message": f"can't do: {json.loads(asked)['messages']}"}})
        self.send_response(400)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(said.encode())

    def log_message(self, *_: object) -> None:
        """Quiet."""


class Polite(Rude):
    """A model server that repeats what it is asked."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        words = asked["messages"][-1]["content"]
        message = {"role": "assistant", "content": f"You said: {words}"}
        answer = {"model": "m", "choices": [{"message": message, "finish_reason": "stop"}]}
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())


@pytest.fixture
def serve() -> Iterator[Callable[[type[BaseHTTPRequestHandler]], str]]:
    servers: list[ThreadingHTTPServer] = []

    def start(handler: type[BaseHTTPRequestHandler]) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/v1"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all tests; its cache holds the compiled sandbox, which takes ten seconds to make and no data."""
    folder = tmp_path_factory.mktemp("left")
    for name in ("cache", "tmp", "home"):
        (folder / name).mkdir()
    WasmSandbox().prepare()
    for compiled in cache_folder().glob("*.cwasm"):
        shutil.copy(compiled, folder / "cache")
    return folder


@pytest.fixture
def private(left: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which a run leaves all that it leaves."""
    folder = left
    monkeypatch.setenv("PUPPY_CACHE", str(folder / "cache"))
    monkeypatch.setenv("TMPDIR", str(folder / "tmp"))
    monkeypatch.setenv("HOME", str(folder / "home"))
    return folder


def outputs_of(found: Program, given: Value, provider: str = "replay") -> tuple[str, str]:
    """(everything that a run told, its error)."""
    stream, heard = io.StringIO(), list[Event]()
    how = RunOptions(provider=provider, listeners=(JsonLog(stream), heard.append))
    try:
        result = run_program(found, {"text": given}, how)
    except PersonalDataError as refused:
        return f"{refused!r} {refused} {refused.hint} {stream.getvalue()}", str(refused)
    shown = [e for e in heard if e.name != "execution_started"]  # a listener may have its inputs
    return f"{stream.getvalue()} {shown!r} {result.error}", result.error


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", EDGES)
def test_no_failing_edge_tells_its_input(
    kind: str,
    mode: str,
    private: Path,
    serve: Callable[[type[BaseHTTPRequestHandler]], str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", serve(Rude))
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    given: Value = [TEXT] if kind == "map" else TEXT
    everything, error = outputs_of(
        program(kind, mode), given, "openai" if kind == "llm" else "replay"
    )
    out, err = capfd.readouterr()
    if mode == "reject":
        assert "the input 'text' holds an e-mail address" in error
    else:
        assert INSTEAD[mode] in everything, f"the edge doesn't quote its input: {error}"
    assert MAIL not in everything + out + err
    assert not holders(private, MAIL)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", EDGES)
def test_no_failing_edge_tells_an_input_that_is_marked(
    kind: str,
    mode: str,
    private: Path,
    serve: Callable[[type[BaseHTTPRequestHandler]], str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """No recogniser knows a name."""
    monkeypatch.setenv("OPENAI_BASE_URL", serve(Rude))
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    found = program(kind, mode, marked=True)
    given: Value = [NAME] if kind == "map" else NAME
    everything, error = outputs_of(found, given, "openai" if kind == "llm" else "replay")
    out, err = capfd.readouterr()
    if mode == "reject":
        assert "marked as personal" in error
    elif mode != "strip":
        assert "[PERSONAL]" in everything, error
    assert NAME not in everything + out + err
    assert not holders(private, NAME)


def holders(folder: Path, text: str) -> list[Path]:
    """Files below a folder that hold a text."""
    wanted = text.encode()
    return [path for path in folder.rglob("*") if path.is_file() and wanted in path.read_bytes()]


@pytest.mark.parametrize("mode", MODES)
def test_remembered_results(mode: str, private: Path) -> None:
    """Only `keep` remembers: there, that is what the author asked for."""
    EDGES["copy"] = ("code", r'config: { cache: true, code: "def main(text):\n  return text" }')
    try:
        found = program("copy", mode)
    finally:
        del EDGES["copy"]
    outputs_of(found, f"{mode}@corp.dev")
    assert bool(holders(private / "cache", f"{mode}@corp.dev")) == (mode == "keep")


@pytest.mark.parametrize("mode", ["mask", "strip"])
def test_recorded_answers(
    mode: str, private: Path, serve: Callable[[type[BaseHTTPRequestHandler]], str], tmp_path: Path
) -> None:
    tests = f'  tests: [{{ name: t, inputs: {{ text: "{TEXT}" }}, assert: [] }}]\n'
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "workflow-resource.yaml").write_text(manifest("llm", mode, more=tests))
    done = command(
        folder,
        private,
        "puppy-cli", "test", ".", "--record", "--provider", "openai",
        OPENAI_BASE_URL=serve(Polite),
        OPENAI_API_KEY="none",
    )  # fmt: skip
    cassette = (folder / "tests/cassettes.json").read_text()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "You said" in cassette
    assert MAIL not in cassette + done.stdout + done.stderr


@pytest.mark.parametrize("mode", MODES)
def test_a_deployed_run_leaves_nothing_of_it(
    mode: str, private: Path, make_registry: Callable[..., object], tmp_path: Path
) -> None:
    """Through the real commands: log, branches with all their objects, terminal, files."""
    registry = make_registry(git=True)
    root: Path = registry.root  # type: ignore[attr-defined]
    version = root / "registry/workflows/leaky/1.0.0"
    (version / "docs").mkdir(parents=True)
    (version / "docs/README.md").write_text("# leaky\n\nFails.\n")
    (version.parent / "owners.yaml").write_text("owners: [{ login: ada, id: 1 }]\n")
    (version / "manifest.yaml").write_text(manifest("code", mode))
    registry.compile()  # type: ignore[attr-defined]
    registry.commit("Publish")  # type: ignore[attr-defined]
    deployed = command(root, private, "puppy-cli", "deploy", "leaky", "--env", "development")
    assert deployed.returncode == 0, deployed.stderr
    words = ("puppy-cli", "run", "leaky", "--env", "development", "--log", "--trace")
    done = command(root, private, *words, "--input", f"text={TEXT}")
    assert done.returncode != 0
    assert "error: " in done.stderr
    shown = command(root, private, "puppy-cli", "logs", "leaky", "--env", "development")
    assert MAIL not in done.stdout + done.stderr + shown.stdout + shown.stderr
    assert not holders(tmp_path, MAIL)
    objects = ["git", "cat-file", "--batch", "--batch-all-objects"]
    assert (
        MAIL.encode()
        not in subprocess.run(objects, cwd=root, check=True, capture_output=True).stdout
    )


def test_words_of_the_wrong_type_arent_repeated(private: Path, tmp_path: Path) -> None:
    text = manifest("code", "reject").replace(
        "required: true, type: string", "required: true, type: integer"
    )
    (tmp_path / "workflow-resource.yaml").write_text(text)
    done = command(tmp_path, private, "puppy-cli", "run", ".", "--input", f"text={MAIL}")
    assert "must be of type integer" in done.stderr
    assert MAIL not in done.stdout + done.stderr


def command(folder: Path, left: Path, *words: str, **environment: str) -> forked.Ended:
    known = {"PUPPY_CACHE": left / "cache", "TMPDIR": left / "tmp", "HOME": left / "home"}
    env = {**os.environ, **{key: str(value) for key, value in known.items()}, **environment}
    return forked.run(words, cwd=folder, env=env)
