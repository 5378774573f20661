"""A live registry of 10,000 workflows under load: readers, publishers, a kill, clients that hold on, bad tokens.

Fifty clients ask on loopback, each after the answer before, for lists, filters, workflows, versions, documents
and packages, mostly ones that nobody asked for before. Then, beside them: 300 clients that begin a request and
never end it; a flood of tokens that don't count; 200 publishers at once, each with a workflow of its own; and
`kill -9` while others publish. Memory is that of the server and its children (PSS). The clients are this process
and share the machine. What may not be lost is asserted.

    python load.py [SECONDS] [WORKERS]
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import real_registry
from timing import SMALLEST, sized

from registry_tool.commands.maintain.index import index

TOOL = Path(sys.executable).parent / "registry-tool"
NUMBERS = [int(word) for word in sys.argv[1:] if word.isdigit()]
SECONDS = NUMBERS[0] if NUMBERS else sized(120, 1)
WARM = sized(90, 1)
WORKERS = NUMBERS[1] if NUMBERS[1:] else sized(2, 1)
WORKFLOWS = sized(10_000, 12)
CLIENTS = sized(50, 4)
PUBLISHERS = sized(200, 1)
HOLDING = sized(300, 3)
WORDS = tuple(
    "audio clean data extract filter image join merge order parse rank score split text".split()  # noqa: SIM905
)
MEMBERS = "access: { members: [{ login: ada, id: 1, role: author }] }\n"
FORM = "bench-boundary"


def registry(folder: Path) -> list[str]:
    """A registry with its indexes, in a clone without a remote; the names of its workflows."""
    real, bare = real_registry.Real(), folder / "bare.git"
    names = [f"{WORDS[n % 14]}-{WORDS[n // 14 % 14]}-{n}" for n in range(WORKFLOWS)]
    for name in names:
        real.versions[name], real.requires[name, "1.0.0"] = ["1.0.0"], {}
        real.maintainers[name] = f"author{len(real.versions) % 500}@example.com"
    dated = '  license: MIT\n  created: "2024-01-01T00:00:00Z"\n  updated: "2024-01-01T00:00:00Z"\n'
    real_registry.MANIFEST = real_registry.MANIFEST.replace("  license: MIT\n", dated)
    real_registry.SETTINGS += MEMBERS
    real_registry.repository(bare, real)
    root = folder / "registry"
    subprocess.run(["git", "clone", "-q", bare, root], check=True)
    index(root)
    for words in (("add", "-A"), ("commit", "-qm", "Index"), ("remote", "remove", "origin")):
        command = ["git", "-C", root, "-c", "user.name=a", "-c", "user.email=a@example.com", *words]
        subprocess.run(command, check=True)
    return names


@contextmanager
def served(root: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The server and its port, once it answers; it is killed in the end if it still runs."""
    words = [TOOL, "serve", "--registry", root, "--port", "0", "--no-pages"]
    started = time.perf_counter()
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(
            [*words, "--workers", str(WORKERS)], stdout=subprocess.PIPE, stderr=log, text=True
        ) as server,
    ):
        assert server.stdout is not None
        try:
            port = int(re.findall(r":(\d+)/", server.stdout.readline())[0])
            listening = time.perf_counter() - started
            asyncio.run(asked(port, "/ready"))
            ready = time.perf_counter() - started
            print(f"  listens after {listening:.2f} s, the first answer after {ready:.2f} s")
            yield server, port
        finally:
            server.terminate()


async def asked(
    port: int, path: str, token: str = "", posted: bytes = b""
) -> tuple[int, bytes, float]:
    """One request on a connection of its own: status, body, seconds."""
    begun = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    status, body = await exchanged(reader, writer, path, token, posted)
    writer.close()
    return status, body, time.perf_counter() - begun


async def exchanged(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    path: str,
    token: str = "",
    posted: bytes = b"",
) -> tuple[int, bytes]:
    head = f"{'POST' if posted else 'GET'} {path} HTTP/1.1\r\nHost: localhost\r\n"
    if token:
        head += f"Authorization: Bearer {token}\r\n"
    if posted:
        head += f"Content-Type: multipart/form-data; boundary={FORM}\r\n"
        head += f"Content-Length: {len(posted)}\r\n"
    writer.write(f"{head}\r\n".encode() + posted)
    answer = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", answer, re.IGNORECASE)
    body = await reader.readexactly(int(length[1]) if length else 0)
    return int(answer.split()[1]), body


def paths(names: list[str], seed: int) -> Iterator[str]:
    """What readers ask for."""
    source = random.Random(seed)
    while True:
        name, page = source.choice(names), source.randrange(1, max(2, WORKFLOWS // 20))
        word = source.choice(WORDS)
        yield from (
            f"/api/v1/workflows/{name}",
            f"/api/v1/workflows?page={page}",
            f"/api/v1/workflows/{name}/versions",
            f"/api/v1/workflows/{name}.json",
            f"/api/v1/workflows?tag={word}&sort=updated&page={page % 9 + 1}",
            f"/api/v1/sparse/{name[:2]}/{name}",
            f"/api/v1/packages/{name}/{name}-1.0.0.wfpkg",
            "/api/v1/workflows.json",
            "/api/v1/index.json",
        )


async def readers(
    port: int, names: list[str], seconds: float, stop: asyncio.Event | None = None
) -> list[float]:
    """Seconds of each request of the clients, until the time is over (or `stop` is set)."""
    times: list[float] = []
    until = time.perf_counter() + seconds

    async def client(seed: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for path in paths(names, seed):
            begun = time.perf_counter()
            if begun > until or (stop is not None and stop.is_set()):
                break
            status, _ = await exchanged(reader, writer, path)
            assert status == 200, (path, status)
            times.append(time.perf_counter() - begun)
        writer.close()

    await asyncio.gather(*(client(seed) for seed in range(CLIENTS)))
    return times


def row(what: str, times: list[float], seconds: float) -> None:
    times = sorted(times)
    p50, p99 = times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000
    rate = len(times) / seconds
    print(f"  {what:42} {rate:7.0f} a second   p50 {p50:6.1f} ms   p99 {p99:6.1f} ms")


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    below: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        below.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = [pid]
    for one in found:
        found += below.get(one, [])
    return found


def memory(pid: int) -> float:
    """MiB of a process and its descendants: each page shared out among those who have it."""
    total = 0
    for one in family(pid):
        for name, field in (("smaps_rollup", "Pss"), ("status", "VmRSS")):
            try:
                text = Path(f"/proc/{one}/{name}").read_text()
            except OSError:
                continue
            if found := re.findall(rf"^{field}:\s+(\d+)", text, re.MULTILINE):
                total += int(found[0])
                break
    return total / 1024


def form(name: str) -> bytes:
    text = real_registry.manifest(
        name, "1.0.0", {}, {"author": "ada", "category": "kind-a", "tag": "new"}
    )
    head = f'--{FORM}\r\nContent-Disposition: form-data; name="manifest"; filename="m"\r\n\r\n'
    return head.encode() + text + f"\r\n--{FORM}--\r\n".encode()


def fresh(count: int, seed: int) -> list[str]:
    """Names that nobody takes for another's."""
    source = random.Random(seed)
    return ["".join(source.choices("bcdfghjklmnpqrstvwxz", k=16)) for _ in range(count)]


async def publishing(port: int, token: str, names: list[str]) -> dict[str, tuple[int, float]]:
    """Status and seconds of each publish, all begun at once."""

    async def one(name: str) -> tuple[int, float]:
        try:
            status, body, seconds = await asked(port, "/api/v1/workflows", token, form(name))
        except (OSError, asyncio.IncompleteReadError):
            return 0, 0.0  # the server was killed
        assert status in {201, 503}, (status, body)
        return status, seconds

    found = await asyncio.gather(*(one(name) for name in names))
    return dict(zip(names, found, strict=True))


async def read_and_keep(port: int, names: list[str], pid: int) -> None:
    await readers(port, names, WARM)
    before, begun = memory(pid), time.perf_counter()
    times = await readers(port, names, SECONDS)
    row(f"{CLIENTS} readers", times, time.perf_counter() - begun)
    later = memory(pid)
    print(f"  memory, its caches being full: {before:.0f} MiB, {SECONDS} s later {later:.0f} MiB")


async def publish_beside(port: int, names: list[str], token: str) -> None:
    new, stop = fresh(PUBLISHERS, 1), asyncio.Event()
    reading = asyncio.create_task(readers(port, names, 3600, stop))
    begun = time.perf_counter()
    published = await publishing(port, token, new)
    seconds = time.perf_counter() - begun
    stop.set()
    row(f"{CLIENTS} readers beside {PUBLISHERS} publishers", await reading, seconds)
    took = sorted(seconds for _, seconds in published.values())
    each = seconds / PUBLISHERS
    print(f"  {PUBLISHERS} published, {each:.2f} s each; the last after {took[-1]:.0f} s")
    await demand_there(port, new, published)


async def demand_there(port: int, new: list[str], published: dict[str, tuple[int, float]]) -> None:
    """Nothing that was answered with 201 is lost."""
    for name in new:
        if published[name][0] == 201:
            status, _, _ = await asked(port, f"/api/v1/workflows/{name}")
            assert status == 200, name


async def held(port: int, names: list[str]) -> None:
    """Clients that begin a request, the first or a second one, and never end it."""
    holding = []
    for number in range(HOLDING):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        if number % 2:
            await exchanged(reader, writer, "/health")
        writer.write(b"GET /api/v1/workflows HTTP/1.1\r\nX-Slow:")
        holding.append((reader, writer))
    begun = time.perf_counter()
    times = await readers(port, names, sized(15, 1))
    row(f"{CLIENTS} readers beside {HOLDING} that hold on", times, time.perf_counter() - begun)
    if not SMALLEST:
        for reader, _ in holding:
            await asyncio.wait_for(reader.read(), 30)  # ends: they were let go
        print(f"  all {HOLDING} were let go")
    for _, writer in holding:
        writer.close()


async def flooded(port: int, names: list[str], token: str) -> None:
    """Tokens that don't count, as fast as they are refused, and somebody with one that does."""
    stop, refused = asyncio.Event(), {401: 0, 429: 0}

    async def attacker(seed: int) -> None:
        source = random.Random(seed)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while not stop.is_set():
            bad = f"puppyk_{source.randbytes(8).hex()}_{source.randbytes(24).hex()}"
            status, _ = await exchanged(reader, writer, "/api/v1/auth/whoami", bad)
            refused[status] += 1
        writer.close()

    attackers = [asyncio.create_task(attacker(seed)) for seed in range(CLIENTS)]
    begun = time.perf_counter()
    times = await readers(port, names, sized(15, 1))
    seconds = time.perf_counter() - begun
    status, _, good = await asked(port, "/api/v1/auth/whoami", token)
    stop.set()
    await asyncio.gather(*attackers)
    assert status == 200, status
    row(f"{CLIENTS} readers beside {CLIENTS} with bad tokens", times, seconds)
    print(
        f"  {sum(refused.values())} bad tokens refused; a good one was answered in {good * 1000:.0f} ms"
    )


async def kill_while_publishing(
    server: subprocess.Popen[str], port: int, token: str, new: list[str]
) -> dict[str, tuple[int, float]]:
    going = asyncio.create_task(publishing(port, token, new))
    await asyncio.sleep(sized(8, 1))
    for pid in family(server.pid):
        os.kill(pid, signal.SIGKILL)
    return await going


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        names = registry(Path(made))
        root = Path(made) / "registry"
        words = [TOOL, "tokens", "new", "load", "--member", "ada", "--registry", root]
        token = subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()[-1]
        print(f"{WORKFLOWS} workflows, {WORKERS} workers:")
        with served(root) as (server, port):
            asyncio.run(read_and_keep(port, names, server.pid))
            asyncio.run(held(port, names))
            asyncio.run(flooded(port, names, token))
            asyncio.run(publish_beside(port, names, token))
            if SMALLEST:
                return
            new = fresh(40, 2)
            published = asyncio.run(kill_while_publishing(server, port, token, new))
        fsck = subprocess.run(
            ["git", "-C", root, "fsck", "--strict"], capture_output=True, check=False
        )
        assert fsck.returncode == 0, fsck.stderr
        kept = sum(status == 201 for status, _ in published.values())
        with served(root) as (_, port):
            asyncio.run(demand_there(port, new, published))
            again = asyncio.run(publishing(port, token, new))
            assert all(status == 201 for status, _ in again.values())
        print(
            f"  killed after {kept} of {len(new)} publishes: none was lost, the rest was posted again"
        )


if __name__ == "__main__":
    main()
