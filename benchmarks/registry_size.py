"""Commands in clones of a small and a large registry: each costs what it touches (aim: a ratio of at most 1.2).

`top` calls `base`; all other workflows only stand beside them. Children are measured: seconds on a clock, and of a
core, which a busy machine disturbs less. Budgets: a warm `run` of a two-block workflow 300 ms, `--help` 150 ms.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from real_registry import Real, repository
from timing import sized

SIZES = sized((100, 10_000), (20, 40))
ROUNDS = sized(7, 1)
WARMING = sized(1, 0)
"""Rounds that only warm the disk's cache."""
TOOL = Path(sys.executable).parent / "puppy-cli"
NUMBERS = [f"1.{minor}.0" for minor in range(5)]
COMMANDS = {
    "deploy": "deploy top:1.0.0 --env production --remote .",
    "run --env": "run top --env production --remote . --input who=world",
    "run": "run base --input who=world",
    "info": "info top",
    "tree": "tree top",
    "test": "test top",
    "install": "install top --into ../project",
    "explain": "explain top",
    "--help": "--help",
}
BUDGETS = {"run": 300, "--help": 150}

Cost = tuple[float, float]
"""Milliseconds on a clock, and of a core."""


def registry(size: int) -> Real:
    """So many versions; `top` needs one of the others."""
    real = Real({"top": ["1.0.0"], "base": NUMBERS})
    real.versions |= {f"other-{n}": NUMBERS for n in range((size - 1) // len(NUMBERS) - 1)}
    every = [(name, number) for name, numbers in real.versions.items() for number in numbers]
    real.requires |= {version: {} for version in every}
    real.requires["top", "1.0.0"] = {"base": "^1.0.0"}
    return real


def clone(folder: Path, size: int) -> Path:
    """A clone with a work tree."""
    folder.mkdir()
    repository(folder / "bare.git", registry(size))
    words = ("git", "clone", "--quiet", folder / "bare.git", folder / "clone")
    subprocess.run(words, check=True)
    return folder / "clone"


def measured(root: Path, words: str) -> Cost:
    """One command in a process of its own."""
    before, start = os.times(), time.perf_counter()
    environ = {**os.environ, "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com"}
    done = subprocess.run(
        [TOOL, *words.split()], cwd=root, capture_output=True, check=False, env=environ
    )
    seconds, after = time.perf_counter() - start, os.times()
    assert done.returncode == 0, (words, done.stderr)
    used = after.children_user + after.children_system
    return seconds * 1000, (used - before.children_user - before.children_system) * 1000


def median(costs: list[Cost]) -> Cost:
    """Of each of the two alone."""
    return statistics.median(c[0] for c in costs), statistics.median(c[1] for c in costs)


def main() -> None:
    """Print a line for each command."""
    with tempfile.TemporaryDirectory() as folder:
        roots = [clone(Path(folder) / str(size), size) for size in SIZES]
        for name, words in COMMANDS.items():
            costs: list[list[Cost]] = [[], []]
            for turn in range(WARMING + ROUNDS):
                for root, found in zip(roots, costs, strict=True):
                    shutil.rmtree(root.parent / "project", ignore_errors=True)
                    cost = measured(root, words)
                    if turn >= WARMING:
                        found.append(cost)
            (wall, used), (large_wall, large_used) = map(median, costs)
            budget = f", budget {BUDGETS[name]} ms" if name in BUDGETS else ""
            print(
                f"{name}: {wall:.0f} ms ({used:.0f} ms of a core) at {SIZES[0]} versions, {large_wall:.0f} ms "
                f"({large_used:.0f} ms of a core) at {SIZES[1]}: ratio {large_wall / wall:.2f} "
                f"({large_used / used:.2f} of a core){budget}",
                flush=True,
            )
    print("aim: a ratio of at most 1.2")


if __name__ == "__main__":
    main()
