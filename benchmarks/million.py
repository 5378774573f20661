"""A million versions, simulated beside a tenth: git's trees, the sparse index's folders, the search index.

140,000 workflows with seven versions each, as many as a real registry has. Each workflow's folder is an object
of its own, as its owners are; its versions share one tree, since a version's bytes say nothing about the form.
Measured on that repository by the product's own store: committing one more version, and telling what differs.
The search index is made of generated summaries; memory is what a process that does it alone grows by.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import resource
import struct
import subprocess
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from generated_summaries import summaries
from timing import best, sized

from registry_tool.api.layout import sparse_path
from registry_tool.site.search.index import search_files
from registry_tool.store import paths
from registry_tool.store.changes import changes_between
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository

WORKFLOWS = sized((14_000, 140_000), (20, 200))
VERSIONS = 7
WHO = Identity("Ada", "ada@example.com", "2026-01-01T00:00:00Z")
KINDS = ("", "commit", "tree", "blob")


def name_of(number: int) -> str:
    """A workflow's name; names begin in all ways, as people's do."""
    return f"{hashlib.sha256(str(number).encode()).hexdigest()[:12]}-workflow"


def packed(objects: Sequence[tuple[int, bytes]]) -> bytes:
    """A pack of whole objects (https://git-scm.com/docs/pack-format); `git fast-import` takes the square of the
    entries of a tree."""
    parts = [b"PACK" + struct.pack(">II", 2, len(objects))]
    for kind, data in objects:
        size, first = len(data) >> 4, kind << 4 | len(data) & 15
        while size:
            parts.append(bytes([first | 128]))
            first, size = size & 127, size >> 7
        parts += [bytes([first]), zlib.compress(data, 1)]
    pack = b"".join(parts)
    return pack + hashlib.sha1(pack).digest()  # noqa: S324 - git's own


class Objects:
    """Objects to be packed, by their ids."""

    def __init__(self) -> None:
        self.all: dict[bytes, tuple[int, bytes]] = {}

    def add(self, kind: str, data: bytes) -> bytes:
        """Add one; its id."""
        head = f"{kind} {len(data)}\0".encode()
        found = hashlib.sha1(head + data).digest()  # noqa: S324 - git's own
        self.all[found] = (KINDS.index(kind), data)
        return found

    def tree(self, entries: Iterable[tuple[str, bytes]]) -> bytes:
        """Add a tree of files (`.yaml`, `.json`) and folders, in git's order."""
        parts = [
            (b"100644 " if name.endswith((".yaml", ".json")) else b"40000 ")
            + name.encode()
            + b"\0"
            + one
            for name, one in entries
        ]
        return self.add("tree", b"".join(parts))


def made(count: int, folder: Path) -> Repository:
    """A bare repository of that many workflows."""
    objects = Objects()
    manifest = objects.add("blob", b"m" * 1000)
    version = objects.tree([("manifest.yaml", manifest), ("workflow.json", manifest)])
    versions = [(f"1.0.{patch}", version) for patch in range(VERSIONS)]
    names = sorted((name_of(number), number) for number in range(count))
    lines = [
        (name, objects.tree([*versions, ("owners.yaml", objects.add("blob", b"%d" % number))]))
        for name, number in names
    ]
    root = objects.tree([("registry", objects.tree([("workflows", objects.tree(lines))]))])
    who = b"Ada <ada@example.com> 1767225600 +0000"
    about = b"tree %s\nauthor %s\ncommitter %s\n\nPublish\n" % (root.hex().encode(), who, who)
    commit = objects.add("commit", about)
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", folder], check=True)
    pack = packed(list(objects.all.values()))
    subprocess.run(
        ["git", "-C", folder, "index-pack", "--stdin"],
        input=pack,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    subprocess.run(["git", "-C", folder, "update-ref", "refs/heads/main", commit.hex()], check=True)
    return Repository(folder)


def git_figures(count: int, folder: Path) -> str:
    """What a publish asks of git."""
    repository = made(count, folder)
    base = repository.object_name("main")
    path = f"{paths.version_dir(name_of(count // 2), '1.0.7')}/manifest.yaml"
    heads: list[str] = []

    def publish() -> None:
        heads.append(repository.commit_with(base, {path: b"new"}, [base], "Publish", WHO))

    def differ() -> None:
        assert [change.path for change in changes_between(repository, base, heads[0])] == [path]

    committing, differing = best(publish, 3), best(differ, 3)
    tree = repository.object_name(f"{base}:{paths.WORKFLOWS}")
    size = int(repository.run("cat-file", "-s", tree))
    stored = sum(file.stat().st_size for file in (folder / "objects").glob("??/*"))
    return (
        f"a commit of one version {committing * 1000:.0f} ms, what differs {differing * 1000:.0f} ms, "
        f"the tree of names {size / 1e6:.1f} MB (stored by a commit: {stored / 1e6:.1f} MB)"
    )


def sparse_figures(count: int) -> str:
    """How the sparse index spreads, by generated names: their first words are few, as people's are."""
    spread = Counter(sparse_path(str(s["name"])).split("/")[1] for s in summaries(count))
    return (
        f"{len(spread)} folders of the sparse index, the fullest holds {max(spread.values())} files"
    )


def search_figures(count: int) -> str:
    """Processor time, files and bytes of the whole search index."""
    files, size = 0, 0
    started = time.process_time()
    for _, data in search_files(list(enumerate(summaries(count)))):
        files, size = files + 1, size + len(data)
    spent = time.process_time() - started
    return f"{files} files of the search index, {size / 1e6:.1f} MB, in {spent:.1f} s of a core"


def alone(work: Callable[[], str]) -> str:
    """What it says, and the most memory that a new process held for it."""
    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)

    def run() -> None:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        said = work()
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        sending.send(f"{said}; {grown / 1024:.0f} MiB")

    process = context.Process(target=run)
    process.start()
    said: str = receiving.recv()
    process.join()
    return said


def main() -> None:
    """Print each figure for a tenth and for the whole."""
    for count in WORKFLOWS:
        print(f"{count * VERSIONS:,} versions of {count:,} workflows")
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            print(f"  {alone(lambda folder=folder, count=count: git_figures(count, folder))}")  # type: ignore[misc]
        print(f"  {sparse_figures(count)}")
        print(f"  {alone(lambda count=count: search_figures(count))}")  # type: ignore[misc]


if __name__ == "__main__":
    main()
