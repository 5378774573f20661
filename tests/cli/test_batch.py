"""`puppy-cli batch` as a user types it, killed and gone on with, against a model's server on loopback."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests import forked
from tests.bounded import PATIENCE
from tests.started import Started

BIN = Path(sys.executable).parent / "puppy-cli"
MANIFEST = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata: { name: label, version: "1.0.0" }
spec:
  blocks: [{ id: text, type: text }, { id: label, type: text }]
  edges:
    - { id: ask, source: text, target: label, type: llm, config: { prompt: "Label: {{text}}" } }
  interface:
    inputs: [{ name: text, type: string, required: true }]
    outputs: [{ name: label, type: string }]
"""

pytestmark = pytest.mark.e2e


class Server(ThreadingHTTPServer):
    """Answers with the question in capitals, after a while, and remembers every question."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []
        self.seconds = 0.03
        self.enough = threading.Event()
        self.limit = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        question = json.loads(self.rfile.read(size))["messages"][-1]["content"]
        self.server.asked.append(question.removeprefix("Label: "))
        if self.server.limit and len(self.server.asked) >= self.server.limit:
            self.server.enough.set()
        time.sleep(self.server.seconds)
        usage = {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4}
        message = {"role": "assistant", "content": self.server.asked and question[7:].upper()}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        answer = {"id": "c", "object": "chat.completion", "created": 0, "model": "m"}
        body = json.dumps({**answer, "choices": [choice], "usage": usage}).encode()
        try:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # whoever asked was killed

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.serve_forever, args=(0.05,))
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "label").mkdir()
    (tmp_path / "label/workflow-resource.yaml").write_text(MANIFEST)
    return tmp_path


def words_of(*words: str) -> list[str]:
    given = ("batch", "./label", "--inputs", "items.jsonl", "--output", "results.jsonl")
    return ["puppy-cli", *given, "--provider", "openai", *words]


def environment(server: Server) -> dict[str, str]:
    return {**os.environ, "OPENAI_BASE_URL": server.address, "OPENAI_API_KEY": "none"}


def start(folder: Path, server: Server, *words: str) -> Started:
    return Started(words_of(*words), cwd=folder, env=environment(server))


def start_cold(folder: Path, server: Server, *words: str) -> subprocess.Popen[str]:
    """The installed script, in a process group of its own."""
    return subprocess.Popen(
        [BIN, *words_of(*words)[1:]],
        cwd=folder,
        env=environment(server),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run(folder: Path, server: Server, *words: str) -> forked.Ended:
    return forked.run(words_of(*words), cwd=folder, env=environment(server))


def write_items(folder: Path, count: int) -> None:
    (folder / "items.jsonl").write_text("".join(f'{{"text": "item {n}"}}\n' for n in range(count)))


def labels(folder: Path) -> list[str]:
    lines = (folder / "results.jsonl").read_text().splitlines()
    return [json.loads(line)["outputs"]["label"] for line in lines]


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def all_end(processes: list[int]) -> bool:
    """True once none of them runs; they may need a moment after their parent."""
    for _ in range(PATIENCE * 20):
        if not any(map(is_running, processes)):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(("concurrency", "processes"), [(4, 1), (6, 2)])
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_stopped_in_the_middle_it_goes_on_where_it_was(
    folder: Path, server: Server, sign: signal.Signals, concurrency: int, processes: int
) -> None:
    write_items(folder, 60)
    words = ("--concurrency", str(concurrency), "--processes", str(processes))
    server.limit = 25
    first = start(folder, server, *words)
    assert server.enough.wait(PATIENCE)
    workers = children(first.pid)
    first.send_signal(sign)
    _, output = first.communicate(timeout=PATIENCE)
    assert first.returncode == (-9 if sign == signal.SIGKILL else 130)
    if sign != signal.SIGKILL:
        assert "what was done is in results.jsonl.ledger; run it again to go on" in output
    assert "Traceback" not in output
    assert not (folder / "results.jsonl").exists()
    assert all_end(workers)  # none outlives its parent
    time.sleep(server.seconds * 2)
    asked = len(server.asked)
    done = run(folder, server, *words, "--format", "json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert labels(folder) == [f"ITEM {n}" for n in range(60)]
    assert report["ran"] + report["found"] == 60
    assert len(server.asked) == asked + report["ran"]
    assert set(server.asked) == {f"item {n}" for n in range(60)}
    # Lost is at most what was on its way: at the server, or between a worker and the ledger.
    assert 60 <= len(server.asked) <= 60 + 2 * concurrency + processes
    again = run(folder, server, *words)
    assert "0 run now, 60 known before" in again.stderr
    assert len(server.asked) == asked + report["ran"]


def test_a_cluster_of_its_own_ends_with_it(folder: Path, server: Server) -> None:
    write_items(folder, 400)
    server.limit = 25
    first = start_cold(folder, server, "--executor", "dask", "--concurrency", "1")
    assert server.enough.wait(PATIENCE)
    nannies = children(first.pid)
    os.killpg(first.pid, signal.SIGINT)  # as a terminal does: to every process of the group
    _, output = first.communicate(timeout=PATIENCE)
    assert first.returncode == 130
    assert (
        output.split("\n")[0] == "what was done is in results.jsonl.ledger; run it again to go on"
    )
    assert "Traceback" not in output
    assert all_end(nannies)
    done = run(folder, server)
    assert done.returncode == 0, done.stderr
    assert labels(folder) == [f"ITEM {n}" for n in range(400)]


def test_shards_of_a_matrix_become_one_result(folder: Path, server: Server) -> None:
    server.seconds = 0
    write_items(folder, 30)
    with (folder / "items.jsonl").open("a") as items:
        items.write("not JSON\n")
    for index in (1, 2, 3):
        done = run(folder, server, "--executor", f"shard={index}/3", "--ledger", f"{index}.ledger")
        assert done.returncode in {0, 1}
    assert len(server.asked) == 30
    merge = ["puppy-cli", "batch-merge", "1.ledger", "2.ledger", "3.ledger", "--into", "all.ledger"]
    merged = forked.run(merge, cwd=folder)
    assert merged.stdout == "all.ledger: 3 segments\n"
    done = run(folder, server, "--collect", "--ledger", "all.ledger")
    assert done.returncode == 1
    assert done.stdout == "results.jsonl: 30 succeeded, 1 refused\n"
    assert "items.jsonl:31: column 1: not JSON" in done.stderr
    assert len(server.asked) == 30


def test_standard_input_and_many_bad_lines(folder: Path, server: Server) -> None:
    server.seconds = 0
    process = subprocess.Popen(
        [
            BIN,
            "batch",
            "./label",
            "--inputs",
            "-",
            "--output",
            "out/r.jsonl",
            "--provider",
            "openai",
        ],
        cwd=folder,
        env={**os.environ, "OPENAI_BASE_URL": server.address},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    out, err = process.communicate('{"text": "a"}\n' + "\x1b[31m::error::no\n" * 25)
    assert process.returncode == 1
    assert out == "out/r.jsonl: 1 succeeded, 25 refused\n"
    assert len(re.findall(r"^-:\d+: ", err, re.MULTILINE)) == 20
    assert "… and 5 more bad lines" in err
    assert "\x1b" not in err
    assert (folder / "out/r.jsonl.ledger").is_dir()


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (("--executor", "moon"), 2, "there is no executor 'moon'"),
        (("--executor", "shard=9/8"), 2, "'9/8' is not a shard"),
        (("--inputs", "nothing.jsonl"), 1, "nothing.jsonl: there is no such file"),
        (("--env", "mars"), 2, "has no environment 'mars'"),
        (("--ledger", "items.jsonl"), 2, "is a file"),
        (("--output", "label"), 2, "--output is the file that is read"),
        (("--output", "a-folder"), 1, "a-folder: can't be written"),
        (("--inputs", "label"), 1, "label: can't be read"),
        (("--concurrency", "0"), 2, "not in the range"),
    ],
)
def test_wrong_words_get_a_reason(
    folder: Path, server: Server, words: tuple[str, ...], code: int, expected: str
) -> None:
    server.seconds = 0
    write_items(folder, 1)
    (folder / "a-folder").mkdir()
    done = run(folder, server, *words)
    assert done.returncode == code, done.stderr
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert not code or not server.asked  # refused before anything was paid
