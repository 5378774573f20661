"""From a save to findings and test results on the screen, by `puppy-cli dev --watch`, beside pytest-watcher.

Each watches a project of its own with one test that a save changes; the clock runs from before the write to the
line with the result. The peer starts pytest anew for every save, as its users have it.
"""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from timing import sized

ROOT = Path(__file__).parents[1]
VERSION = ROOT / "registry/workflows/ticket-router/1.0.0"
SAVES = sized(20, 1)
PATIENCE = 600.0
PAUSE = 0.7
"""Between two saves, as an author makes them: the peer overhears one while its last run ends."""
DEV = [sys.executable, "-c", "from registry_tool.cli.puppy import main; main()", "dev"]
PEER = [sys.executable, "-m", "pytest_watcher", ".", "--delay", "0", "-p", "no:cacheprovider", "-q"]
TEST = "def test_a():\n    assert {number} != -1\n"


def main() -> None:
    """Print the median and the longest time of each kind of save."""
    with tempfile.TemporaryDirectory() as folder:
        ours = _project(Path(folder) / "ours")
        words = [*DEV, str(ours), "--registry", str(ROOT), "--watch", "--format", "json"]
        manifest, readme = ours / "workflow-resource.yaml", ours / "docs/README.md"
        text, about = manifest.read_text(), readme.read_text()
        with _watching(words, '"findings"') as told:
            _until_it_watches(told, lambda n: readme.write_text(f"{about}\n{n}\n"))
            words_only = _times(told, lambda n: readme.write_text(f"{about}\nAgain {n}.\n"))
            step = _times(told, lambda n: manifest.write_text(_greeting(text, n)))
        theirs = Path(folder) / "theirs"
        theirs.mkdir()
        case = theirs / "test_a.py"
        case.write_text(TEST.format(number=0))
        with _watching(PEER, " passed", theirs) as told:
            _until_it_watches(told, lambda n: case.write_text(TEST.format(number=n + 100)))
            peer = _times(told, lambda n: case.write_text(TEST.format(number=n + 1_000)))
    _print("a text in docs/: findings", words_only, "; budget 1,000 ms")
    _print("a step: findings and its test", step, "; budget 1,000 ms")
    _print("pytest-watcher: one test", peer)
    print(f"{'ratio to pytest-watcher':<34} {median(step) / median(peer):7.2f}")


def _project(folder: Path) -> Path:
    shutil.copytree(VERSION, folder)
    (folder / "manifest.yaml").rename(folder / "workflow-resource.yaml")
    (folder / "workflow.json").unlink()
    return folder


def _greeting(text: str, number: int) -> str:
    """Another text of the edge that every run comes to."""
    assert "We answer within a day." in text
    return text.replace("We answer within a day.", f"We answer within {number + 2} days.")


@contextmanager
def _watching(words: list[str], wanted: str, folder: Path = ROOT) -> Iterator[queue.Queue[float]]:
    """A watcher; the queue gets the time of each line of its output that holds `wanted`."""
    told: queue.Queue[float] = queue.Queue()
    running = subprocess.Popen(
        words,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={
            **os.environ,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },  # the peer starts as quick as it can
    )

    def listen() -> None:
        assert running.stdout is not None
        for line in running.stdout:
            if wanted in line:
                told.put(time.perf_counter())

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        yield told
    finally:
        running.terminate()
        running.wait()
        listener.join()


def _until_it_watches(told: queue.Queue[float], save: Callable[[int], object]) -> None:
    """Save until a save was answered; then wait until it is quiet."""
    started = time.perf_counter()
    for number in range(1_000):
        save(number)
        try:
            # Longer after each: on a busy machine the peer would start anew before it is done.
            if told.get(timeout=1.0 + number) and number:
                break
        except queue.Empty:
            assert time.perf_counter() - started < PATIENCE, "the watcher says nothing"
    try:
        while True:
            told.get(timeout=1.5)
    except queue.Empty:
        return


def _times(told: queue.Queue[float], save: Callable[[int], object]) -> list[float]:
    """Seconds from each save to its result."""
    found = []
    for number in range(SAVES):
        started = time.perf_counter()
        save(number)
        found.append(told.get(timeout=PATIENCE) - started)
        time.sleep(PAUSE)
    return found


def _print(name: str, times: list[float], more: str = "") -> None:
    middle, longest = median(times) * 1000, max(times) * 1000
    print(f"{name:<34} {middle:7.0f} ms (longest {longest:.0f} ms{more})")


if __name__ == "__main__":
    main()
