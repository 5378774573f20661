"""Deployments end to end: the real command in a clone against a bare remote, alone and eight at once.

The design document's target is 30 seconds on average. The peer of eight at once is eight one after the other: what
is lost to rivals who write the same branch shows as a ratio, once for eight workflows (nothing to wait for but the
branch) and once for eight versions of one workflow (each in its turn).
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from timing import sized

from registry_tool.commands.review.check import write_compiled
from registry_tool.store.tree import FolderTree

ROOT = Path(__file__).parents[1]
TOOL = Path(sys.executable).parent / "registry-tool"
EXAMPLE = ROOT / "registry/workflows/keyword-extractor/1.0.1"
SETTINGS = "name: Benchmark\ncategories: { text: Text }\nenvironments: { production: {} }\n"
RIVALS, REPEATS = sized((8, 5), (2, 1))


def git(folder: Path, *words: str) -> None:
    """Run git in a folder."""
    names = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    subprocess.run(["git", *names, *words], cwd=folder, check=True, capture_output=True)


def publish(root: Path, name: str, version: str) -> None:
    """A copy of the example under another name and version."""
    folder = root / "registry/workflows" / name / version
    shutil.copytree(EXAMPLE, folder)
    text = (folder / "manifest.yaml").read_text()
    text = text.replace("keyword-extractor", name).replace('"1.0.1"', f'"{version}"')
    (folder / "manifest.yaml").write_text(text)


def remote(folder: Path) -> Path:
    """A bare remote whose registry holds what is deployed below."""
    work = folder / "work"
    (work / "registry").mkdir(parents=True)
    (work / "registry/registry.yaml").write_text(SETTINGS)
    for number in range(RIVALS):
        publish(work, f"alone-{number}", "1.0.0")
        publish(work, "shared", f"1.{number}.0")
        publish(work, "first", f"1.{number}.0")
    write_compiled(work, FolderTree(work))
    git(work, "init", "--quiet", "--initial-branch=main")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "-m", "Publish")
    git(folder, "clone", "--quiet", "--bare", str(work), "bare.git")
    for number in range(RIVALS):
        git(folder, "clone", "--quiet", "bare.git", f"clone{number}")
    return folder


def command(clone: Path, workflow: str) -> list[str]:
    """The job's command."""
    words = ["deploy", "--registry", str(clone), "--env", "production", "--remote", "origin"]
    return [str(TOOL), *words, "--request", json.dumps({"workflow": workflow})]


def alone(folder: Path) -> list[float]:
    """Seconds of deployments one after the other."""
    times = []
    for number in range(REPEATS):
        started = time.perf_counter()
        subprocess.run(
            command(folder / "clone0", f"first:1.{number}.0"), check=True, capture_output=True
        )
        times.append(time.perf_counter() - started)
    return times


def at_once(folder: Path, workflows: list[str]) -> tuple[float, list[float]]:
    """Seconds until all have ended, and of each."""
    started = time.perf_counter()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = [
        subprocess.Popen(command(folder / f"clone{number}", workflow), **quiet)
        for number, workflow in enumerate(workflows)
    ]
    times: dict[int, float] = {}
    while len(times) < len(running):
        for number, process in enumerate(running):
            if number not in times and process.poll() is not None:
                assert process.returncode == 0, workflows[number]
                times[number] = time.perf_counter() - started
        time.sleep(0.005)
    return max(times.values()), list(times.values())


def main() -> None:
    """Print seconds and ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = remote(Path(name))
        times = alone(folder)
        one = statistics.median(times)
        mean = statistics.mean(times)
        print(f"one deployment, end to end: {one:.2f} s (median), {mean:.2f} s on average")
        print(f"the design document's target: 30 s on average, {30 / mean:.0f} x as long")
        for title, workflows in (
            (f"{RIVALS} workflows at once", [f"alone-{n}:1.0.0" for n in range(RIVALS)]),
            (
                f"{RIVALS} versions of one workflow at once",
                [f"shared:1.{n}.0" for n in range(RIVALS)],
            ),
        ):
            whole, each = at_once(folder, workflows)
            print(
                f"{title}: {whole:.2f} s for all, {statistics.mean(each):.2f} s on average; "
                f"{whole / (RIVALS * one):.2f} x {RIVALS} one after the other"
            )


if __name__ == "__main__":
    main()
