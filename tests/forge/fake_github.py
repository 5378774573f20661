"""A hand-written GitHub on loopback over a real bare repository: the service itself can't be had for tests.

Its jobs are real: a dispatch starts the very commands of the Action file in a fresh clone; so are its git objects.
Its answers have the fields that we read, as GitHub's description has them (test_github_description.py).
"""

from __future__ import annotations

import base64
import io
import json
import os
import shlex
import shutil
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import yaml

from tests.expressions import filled
from tests.serving import serving
from tests.warm_commands import warm_commands

ACTION_FILES = Path(__file__).parents[2] / ".github/workflows"
SENDER = "1"
"""The id of whose token it is: who dispatches."""
TOKEN = "a-token"
KEY = base64.b64encode(bytes(range(32))).decode()


@dataclass
class Started:
    """A run of an Action file; `ended` is set once its command has ended."""

    id: int
    file: str
    inputs: dict[str, str]
    folder: Path
    code: int | None = None
    said: str = ""

    @property
    def name(self) -> str:
        """What `run-name` makes of its inputs."""
        return filled(action_file(self.file)["run-name"], inputs=self.inputs)


@dataclass
class Habits:
    """What this server does otherwise: an older one names no run."""

    names_runs: bool = True
    starts: bool = True
    conclusion: str = ""
    asked: list[tuple[str, str, int]] = field(default_factory=list)


class FakeGitHub(ThreadingHTTPServer):
    """`ada/registry`, in `remote`; runs work below `folder`."""

    daemon_threads = True

    def __init__(self, remote: Path, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.remote, self.folder = remote, folder
        self.habits = Habits()
        self.runs: list[Started] = []
        self.workers: list[threading.Thread] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def git(self, *words: str, stdin: bytes = b"") -> bytes:
        identity = ["-c", "user.name=GitHub", "-c", "user.email=noreply@github.example"]
        command = ["git", "-C", self.remote, *identity, *words]
        return subprocess.run(command, input=stdin, check=True, capture_output=True).stdout

    def start(self, file: str, inputs: dict[str, str]) -> Started:
        run = Started(len(self.runs) + 1, file, inputs, self.folder / f"run-{len(self.runs) + 1}")
        self.runs.append(run)
        if self.habits.starts:
            worker = threading.Thread(target=self._work, args=(run,))
            worker.start()
            self.workers.append(worker)
        return run

    def _work(self, run: Started) -> None:
        subprocess.run(["git", "clone", "--quiet", self.remote, run.folder], check=True)
        environment = {
            **os.environ,
            "REQUEST": run.inputs["request"],
            "ENVIRONMENT": run.inputs["environment"],
            "ACTOR_ID": SENDER,
            "PUPPY_ENVIRONMENT_KEY": KEY,
            "CORRELATION_ID": run.inputs["correlation_id"],
            "EXECUTION_ID": f"exec-{run.id}",
        }
        for name in ("GITHUB_TOKEN", "GITHUB_API_URL", "GITHUB_REPOSITORY"):
            environment.pop(name, None)
        codes = {"admit": 0}
        for step in steps_of(run.file):
            condition = str(step.get("if", ""))
            if any(codes.values()) and ("always()" not in condition or codes["admit"]):
                continue
            done = subprocess.run(
                shlex.split(
                    step["run"].replace(
                        "registry-tool", str(warm_commands().folder / "registry-tool"), 1
                    )
                ),
                cwd=run.folder,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            codes[step.get("id", step["name"])] = done.returncode
            run.said += done.stdout + done.stderr
        run.code = max(codes.values())


@cache
def action_file(name: str) -> dict[str, Any]:
    """What an Action file says; whoever waits for a job asks for it all the time."""
    found: dict[str, Any] = yaml.safe_load((ACTION_FILES / name).read_text())
    return found


def steps_of(file: str) -> list[dict[str, Any]]:
    """The steps of an Action file that run the tool, in order."""
    jobs = action_file(file)["jobs"].values()
    first = (job for job in jobs if "needs.deploy.outputs" not in job.get("if", ""))
    steps = [step for job in first for step in job["steps"]]
    return [step for step in steps if step.get("run", "").startswith("registry-tool")]


class _Handler(BaseHTTPRequestHandler):
    server: FakeGitHub

    def do_GET(self) -> None:
        self._route("GET", None)

    def do_DELETE(self) -> None:
        self._route("DELETE", None)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self._route("POST", json.loads(body))

    def _route(self, method: str, body: Any) -> None:
        parts = urlsplit(self.path)
        path = parts.path.removeprefix("/repos/ada/registry/")
        query = {key: value[0] for key, value in parse_qs(parts.query).items()}
        if self.headers.get("authorization") != f"Bearer {TOKEN}":
            return self._say(401, {"message": "Bad credentials"})
        if path == "/user":
            return self._say(200, {"login": "ada", "id": int(SENDER)})
        words = path.split("/")
        handler = {
            ("actions", "workflows"): self._workflows,
            ("actions", "runs"): self._runs,
            ("actions", "artifacts"): self._artifact,
        }.get((words[0], words[1]))
        if words[0] == "git":
            return self._objects(words[1], body)
        if words[0] == "contents":
            return self._contents(unquote(words[1]), query["ref"])
        if handler is None:
            return self._say(404, {"message": "Not Found"})
        return handler(words[2:], body)

    def _workflows(self, words: list[str], body: Any) -> None:
        if words[1] == "runs":
            runs = [self._run(run) for run in self.server.runs if run.file == words[0]]
            return self._say(200, {"total_count": len(runs), "workflow_runs": runs})
        unknown = body.keys() - {"ref", "inputs", "return_run_details"}
        size = sum(map(len, body["inputs"].values()))
        if unknown or size > 65_535 or not (ACTION_FILES / words[0]).is_file():
            return self._say(422, {"message": f"Invalid request: {unknown}, {size} characters"})
        run = self.server.start(words[0], body["inputs"])
        if not (body.get("return_run_details") and self.server.habits.names_runs):
            return self._say(204, None)
        details = {"workflow_run_id": run.id, "run_url": self.server.address, "html_url": _url(run)}
        return self._say(200, details)

    def _runs(self, words: list[str], _: Any) -> None:
        run = self.server.runs[int(words[0]) - 1]
        if words[1:] == ["jobs"]:
            return self._say(200, {"total_count": 1, "jobs": [self._job(run)]})
        if words[1:] == ["artifacts"]:
            kept = [
                {"id": run.id, "name": f"run-exec-{run.id}", "size_in_bytes": 1, "expired": False}
            ]
            found = kept if (run.folder / "build/run").is_dir() else []
            return self._say(200, {"total_count": len(found), "artifacts": found})
        return self._say(200, self._run(run))

    def _artifact(self, words: list[str], _: Any) -> None:
        if self.command == "DELETE":
            shutil.rmtree(self.server.runs[int(words[0]) - 1].folder / "build/run")
            return self._say(204, None)
        if not words:
            kept = [run for run in self.server.runs if (run.folder / "build/run").is_dir()]
            found = [
                {"id": run.id, "name": f"run-exec-{run.id}", "size_in_bytes": 1, "expired": False}
                for run in kept
            ]
            return self._say(200, {"total_count": len(found), "artifacts": found})
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
            folder = self.server.runs[int(words[0]) - 1].folder / "build/run"
            for file in folder.iterdir():
                archive.write(file, file.name)
        return self._say(200, data.getvalue())

    def _run(self, run: Started) -> dict[str, Any]:
        conclusion = self.server.habits.conclusion
        if run.code is not None and not conclusion:
            conclusion = "failure" if run.code else "success"
        return {
            "id": run.id,
            "html_url": _url(run),
            "display_title": run.name,
            "status": "completed" if conclusion else "in_progress",
            "conclusion": conclusion or None,
        }

    def _job(self, run: Started) -> dict[str, Any]:
        state = {key: self._run(run)[key] for key in ("status", "conclusion")}
        step = {"name": "Do it \x1b[31m\n::error::x", "number": 1, **state}
        return {"id": run.id, "name": "Job", "steps": [step], **state}

    def _contents(self, path: str, ref: str) -> None:
        try:
            data = self.server.git("show", f"{ref}:{path}")
        except subprocess.CalledProcessError:
            return self._say(404, {"message": "Not Found"})
        content = base64.encodebytes(data).decode()
        return self._say(200, {"type": "file", "encoding": "base64", "content": content})

    def _objects(self, kind: str, body: Any) -> None:
        git = self.server.git
        if kind == "blobs":
            data = base64.b64decode(body["content"], validate=True)
            sha = git("hash-object", "-w", "--stdin", stdin=data)
        elif kind == "trees":
            lines = [f"{e['mode']} {e['type']} {e['sha']}\t{e['path']}\n" for e in body["tree"]]
            sha = git("mktree", stdin="".join(lines).encode())
        elif kind == "commits":
            sha = git("commit-tree", body["tree"], "-m", body["message"])
        else:
            git("update-ref", body["ref"], body["sha"], "0" * 40)
            return self._say(201, {"ref": body["ref"], "object": {"sha": body["sha"]}})
        return self._say(201, {"sha": sha.decode().strip()})

    def _say(self, status: int, value: Any) -> None:
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        data = b"" if status == 204 else data
        tag = f'"{hash(data)}"'
        if status == 200 and self.headers.get("if-none-match") == tag:
            status, data = 304, b""
        self.server.habits.asked.append((self.command, self.path, status))
        self.send_response(status)
        self.send_header("etag", tag)
        if status not in {204, 304}:
            self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


def _url(run: Started) -> str:
    return f"https://github.example/ada/registry/actions/runs/{run.id}"


@contextmanager
def fake_github(remote: Path, folder: Path) -> Iterator[FakeGitHub]:
    """A running one; it waits for its jobs at the end."""
    with serving(FakeGitHub(remote, folder)) as server:
        try:
            yield server
        finally:
            for worker in server.workers:
                worker.join()
