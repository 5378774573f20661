"""Publishing one version into a real registry's shape, and into ten of it side by side (aim: a ratio of 1.2).

`registry-tool publish` in a bare clone, as a command of its own, for both targets: a folder and the branch `site`.
The first publication lays the output out, without the pages of workflows and versions and without judging them: a
publication of something else neither reads nor writes those (`site.py` measures building them). Then a version of
a new workflow and a version of a known one are published, and nothing at all. Files written are those that differ.
Authors are the modules' maintainers, so that groups have a real shape; the workflows are small.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import real_registry
from timing import sized

COPIES = sized((1, 10), (1,))
WORKFLOWS = sized(None, 12)
TOOL = Path(sys.executable).parent / "registry-tool"
TARGETS = {"folder": ("--out", "out"), "branch": ("--site-branch", "site")}
BUDGET, NOTHING, RATIO = 2.0, 1.0, 1.2
COUNTING = """
import atexit, sys
from registry_tool.store.git import object_reader
from registry_tool.cli.registry import main

read = {}

def counted(real):
    def call(self, ids, *more):
        many = [ids] if isinstance(ids, str) else ids
        read.update(dict.fromkeys(many))
        return real(self, ids, *more)
    return call

for name in ("read", "_read_some"):
    setattr(object_reader.ObjectReader, name, counted(getattr(object_reader.ObjectReader, name)))
atexit.register(lambda: print(f"objects read: {len(read)}"))
main()
"""


LAYING_OUT = """
from registry_tool.commands.maintain import publish
from registry_tool.commands.maintain.output import content

publish._demand_sound = lambda source, found: None
content.version_files = lambda *_: iter(())
content.line_files = lambda *_: iter(())
content.render.diff_part = lambda *_: iter(())
"""


@dataclass(frozen=True)
class Cost:
    """Seconds on a clock and of a core, files written, git objects read."""

    seconds: float
    used: float
    written: int
    read: int

    def words(self) -> str:
        """Without what was done."""
        return f"{self.seconds:.2f} s ({self.used:.2f} s of a core), {self.written} files, {self.read} objects"


def publish(root: Path, target: str, first: str = "") -> Cost:
    """One publication; what it costs is a child's. `first` is what the child runs before."""
    environ = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    option, place = TARGETS[target]
    place = str(root.parent / place) if option == "--out" else place
    words = ("publish", "--registry", root, option, place)
    before, started = os.times(), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", first + COUNTING, *words],
        capture_output=True,
        text=True,
        check=False,
        env=environ,  # an installed tool's modules are compiled
    )
    seconds, after = time.perf_counter() - started, os.times()
    assert done.returncode == 0, done.stdout + done.stderr
    used = (
        after.children_user + after.children_system - before.children_user - before.children_system
    )
    (written,) = re.findall(r"(\d+) files written", done.stdout)
    (read,) = re.findall(r"objects read: (\d+)", done.stdout)
    return Cost(seconds, used, int(written), int(read))


def add(root: Path, name: str, number: str, requires: dict[str, str]) -> None:
    """Commit a version to main, without a work tree."""
    compiled = real_registry.Compiler()
    folder, about = f"registry/workflows/{name}", real_registry.Real().about(name)
    files = {
        f"{folder}/{number}/manifest.yaml": real_registry.manifest(name, number, requires, about),
        f"{folder}/{number}/workflow.json": compiled(name, number, requires, about),
        f"{folder}/{number}/docs/README.md": real_registry.README,
    }
    known = subprocess.run(
        ["git", "-C", root, "cat-file", "-e", f"main:{folder}"], capture_output=True, check=False
    )
    if known.returncode:
        files[f"{folder}/owners.yaml"] = real_registry.OWNERS
    stream = (
        b"commit refs/heads/main\ncommitter Ada <ada@example.com> 1800000000 +0000\ndata 3\nAdd\n"
    )
    stream += b"from refs/heads/main^0\n"
    for path, data in files.items():
        stream += f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"
    words = ["git", "-C", root, "fast-import", "--quiet", "--date-format=raw"]
    subprocess.run(words, input=stream, check=True)


def measured(root: Path, target: str) -> dict[str, Cost]:
    """The publications by what was done."""
    costs = {"laying it out": publish(root, target, LAYING_OUT)}
    costs["its indexes"] = publish(root, target)
    first = json.dumps(target)[1]  # another workflow for each target
    add(root, f"brand-{first}-new", "1.0.0", {"abseil-cpp": "*"})
    costs["a new workflow"] = publish(root, target)
    publish(root, target)  # the commit of the indexes
    add(root, "abseil-cpp", "99991231.0.0" if first == "f" else "99991231.1.0", {})
    costs["a new version"] = publish(root, target)
    publish(root, target)
    costs["nothing"] = publish(root, target)
    return costs


def main() -> None:
    """Print a line for each target and step."""
    if not real_registry.DATA.exists():
        print(f"not run: {real_registry.DATA} is not there")
        return
    found: dict[str, list[dict[str, Cost]]] = {target: [] for target in TARGETS}
    for copies in COPIES:
        real = real_registry.read(copies, WORKFLOWS, distinct=True)
        count = len(real.requires)
        with tempfile.TemporaryDirectory() as name:
            root = Path(name) / "bare.git"
            real_registry.repository(root, real)
            for target in TARGETS:
                found[target].append(measured(root, target))
                for step, cost in found[target][-1].items():
                    print(f"{step}, {target}, {count} versions: {cost.words()}", flush=True)
    for target, (small, *large) in found.items():
        for step, cost in small.items() if large else ():
            ratio = large[0][step].used / cost.used
            print(f"{step}, {target}: ratio {ratio:.2f} of a core")
    print(
        f"budgets: {BUDGET} s a version, {NOTHING} s for nothing; aim: a ratio of at most {RATIO}"
    )


if __name__ == "__main__":
    main()
