"""What reading one workflow costs from a registry of many on a plain static file server: requests, bytes, time.

`WorkflowClient.get_workflow` and a list's first item in this process; `puppy-cli info` and `install` as commands,
each with an empty cache. Beside them what others do for one package of as many: `pip download` from a static
PEP 503 index, `npm view` from static documents. Also the SDK's import, beside that of an HTTP client.

    python sdk.py [WORKFLOWS]
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from generated_summaries import summaries
from timing import best, sized

from puppyai.workflows import WorkflowBuilder, WorkflowClient
from registry_tool.api.layout import sparse_path, summed
from registry_tool.core.values import Object
from registry_tool.manifest.digest import digest
from registry_tool.package.build import package_bytes

BIN = Path(sys.executable).parent
NAMED = [word for word in sys.argv[1:] if word.isdigit()]
COUNT = int(NAMED[0]) if NAMED else sized(100_000, 30)
PAGE = 100
API = "api/v1"


class Counted(SimpleHTTPRequestHandler):
    """Serves a folder and counts what it is asked for."""

    requests = 0
    sent = 0
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        Counted.requests += 1
        super().do_GET()

    def copyfile(self, source: object, outputfile: object) -> None:
        data = source.read()  # type: ignore[attr-defined]
        Counted.sent += len(data)
        outputfile.write(data)  # type: ignore[attr-defined]

    def guess_type(self, path: object) -> str:
        return "text/html" if str(path).endswith(".html") else "application/json"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder over HTTP."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Counted, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def write(path: Path, data: bytes | str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)


def package(name: str, version: str) -> tuple[str, bytes]:
    """The digest and the package of a workflow that greets."""
    builder = WorkflowBuilder(name, version, {"license": "MIT", "description": "Greets"})
    builder.add_block("who").add_block("greeting").add_edge("who", "greeting")
    built = builder.add_input("who", required=True).add_output("greeting").build()
    files = {"manifest.yaml": built.to_yaml().encode(), "workflow.json": built.compiled()}
    return digest(files), package_bytes(files)


def registry(folder: Path) -> str:
    """A registry's static documents; the name of its middle workflow, whose package is there, too."""
    api = folder / API
    everything = [{**one, "version": "1.0.0"} for one in summaries(COUNT)]
    middle = str(everything[COUNT // 2]["name"])
    known, data = package(middle, "1.0.0")
    write(api / f"packages/{middle}/{middle}-1.0.0.wfpkg", data)
    for one in everything:
        line: Object = {
            "name": one["name"], "version": "1.0.0", "digest": known, "yanked": False, "requires": [],
        }  # fmt: skip
        write(api / sparse_path(str(one["name"])), summed(line) + b"\n")
    pages = -(-COUNT // PAGE)
    for page in range(1, pages + 1):
        following = f"workflows/page/{page + 1}.json" if page < pages else None
        listed(
            api / f"workflows/page/{page}.json", everything[(page - 1) * PAGE :][:PAGE], following
        )
    following = "workflows/page/1.json" if COUNT > PAGE else None
    listed(api / "workflows.json", everything[:PAGE], following)
    write(api / "index.json", json.dumps({"workflows": COUNT}))
    return middle


def listed(path: Path, found: list[Object], following: str | None) -> None:
    pagination = {"page": 1, "per_page": PAGE, "next": following, "previous": None}
    write(path, json.dumps({"workflows": found, "pagination": pagination}))


def wheel(name: str) -> bytes:
    """A wheel of one small module."""
    module, info = name.replace("-", "_"), f"{name.replace('-', '_')}-1.0.0.dist-info"
    files = {
        f"{module}.py": "GREETING = 'Hello'\n" * 100,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = io.StringIO()
    for path, text in files.items():
        hashed = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        csv.writer(rows).writerow([path, f"sha256={hashed.decode()}", len(text)])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, text in {**files, f"{info}/RECORD": rows.getvalue()}.items():
            archive.writestr(path, text)
    return packed.getvalue()


def python_index(folder: Path) -> str:
    """A PEP 503 index of as many projects; the name of its middle one, whose wheel is there, too."""
    for number in range(COUNT):
        file = f"project_{number}-1.0.0-py3-none-any.whl"
        link = f'<!DOCTYPE html><html><body><a href="../../files/{file}">{file}</a></body></html>'
        write(folder / f"simple/project-{number}/index.html", link)
    name = f"project-{COUNT // 2}"
    write(folder / f"files/{name.replace('-', '_')}-1.0.0-py3-none-any.whl", wheel(name))
    return name


def node_index(folder: Path) -> str:
    """Static documents of as many npm packages."""
    for number in range(COUNT):
        name = f"package-{number}"
        dist = {"tarball": f"http://127.0.0.1/{name}.tgz", "shasum": "0" * 40}
        version = {"name": name, "version": "1.0.0", "description": "Greets", "dist": dist}
        document = {"name": name, "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}
        write(folder / name, json.dumps(document))
    return f"package-{COUNT // 2}"


def row(what: str, call: Callable[[], object]) -> float:
    """Print and give what one call costs: requests and bytes of the first, time of the quickest."""
    Counted.requests = Counted.sent = 0
    call()
    requests, sent = Counted.requests, Counted.sent
    seconds = best(call)
    print(f"  {what:34} {requests:4} requests {sent:9} bytes {seconds * 1000:8.1f} ms")
    return seconds


def command(folder: Path, *words: str) -> Callable[[], object]:
    """Run a command with an empty home and no cache each time."""

    def run() -> None:
        with tempfile.TemporaryDirectory(dir=folder) as home:
            environment = {"PATH": os.environ["PATH"], "HOME": home, "XDG_CACHE_HOME": f"{home}/c"}
            done = subprocess.run(
                words, cwd=home, env=environment, capture_output=True, text=True, check=False
            )
        assert done.returncode == 0, done.stdout + done.stderr

    return run


def of_registry(folder: Path) -> float:
    """The product's own rows; seconds of `install`."""
    name = registry(folder / "registry")
    with served(folder / "registry") as address:
        client = WorkflowClient(address)
        row("get_workflow", lambda: client.get_workflow(name))
        row("get_workflow, a mistyped name", lambda: mistyped(client, name))
        row("list_workflows, the first", lambda: next(iter(client.list_workflows())))
        row(
            "puppy-cli info",
            command(folder, f"{BIN}/puppy-cli", "info", name, "--registry", address),
        )
        return row(
            "puppy-cli install",
            command(folder, f"{BIN}/puppy-cli", "install", name, "--registry", address),
        )


def mistyped(client: WorkflowClient, name: str) -> None:
    from puppyai.workflows import NotFoundError

    try:
        client.get_workflow(f"{name}x")
    except NotFoundError:
        return
    raise AssertionError(name)


def of_pip(folder: Path) -> float:
    name = python_index(folder / "pip")
    with served(folder / "pip") as address:
        words = [
            sys.executable, "-m", "pip", "--disable-pip-version-check", "--isolated", "download", "--quiet",
            "--no-deps", "--no-cache-dir", "--index-url", f"{address}/simple/", name,
        ]  # fmt: skip
        return row("pip download", command(folder, *words))


def of_npm(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        print("  npm view: npm is not installed")
        return
    name = node_index(folder / "npm")
    with served(folder / "npm") as address:
        row("npm view", command(folder, npm, "view", name, "--registry", address))


def imported(module: str) -> float:
    """Processor seconds of an import, the least of several processes."""
    program = (
        f"import time; t = time.process_time(); import {module}; print(time.process_time() - t)"
    )
    words = [sys.executable, "-c", program]
    found = [
        float(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
        for _ in range(sized(9, 1))
    ]
    return min(found)


def main() -> None:
    started = time.perf_counter()
    print(f"{COUNT} workflows, projects and packages on a static file server on this machine:")
    with tempfile.TemporaryDirectory() as made:
        ours = of_registry(Path(made))
        theirs = of_pip(Path(made))
        of_npm(Path(made))
    print(f"  ratio of puppy-cli install to pip download: {ours / theirs:.2f}")
    sdk, client = imported("puppyai.workflows"), imported("aiohttp")
    print(
        f"import puppyai.workflows {sdk * 1000:.0f} ms (budget 150 ms), aiohttp {client * 1000:.0f} ms"
    )
    print(f"all in {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
