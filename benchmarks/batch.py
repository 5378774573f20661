"""`puppy-cli batch` against the best that its connections allow: 10,000 items, 200 at once, 50 ms an answer.

The ideal is 10,000 × 0.05 s / 200 = 2.5 s. The whole command is timed: start of Python, reading, keys, ledger,
requests, results; the start is what a batch of one item takes. The server is a stand-in in a process of its own
(`model_server.py`); on two cores it takes its part of what is measured. Memory is the peak of the largest process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from model_server import LATENCY, running
from timing import sized

CONNECTIONS = 200
SIZES = sized((1, 1_000, 10_000), (1, 2, 20))
REPEATS = sized(3, 1)
_MANIFEST = """\
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


@dataclass(frozen=True, slots=True)
class Measured:
    """One command: wall seconds, CPU seconds and peak MiB (of the largest process)."""

    wall: float
    cpu: float
    peak: float


def measure(folder: Path, items: int, address: str, *more: str) -> Measured:
    """A batch of so many items from nothing; it must succeed."""
    inputs, output = folder / "items.jsonl", folder / "results.jsonl"
    inputs.write_text("".join(json.dumps({"text": f"item {n}"}) + "\n" for n in range(items)))
    command = [
        str(Path(sys.executable).with_name("puppy-cli")),
        *("batch", str(folder / "workflow"), "--inputs", str(inputs), "--output", str(output)),
        *("--concurrency", str(CONNECTIONS), "--provider", "openai", *more),
        *("--ledger", tempfile.mkdtemp(dir=folder)),
    ]
    environment = {**os.environ, "OPENAI_BASE_URL": address, "OPENAI_API_KEY": "none"}
    started = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    with output.open() as lines:
        assert sum(json.loads(line)["status"] == "success" for line in lines) == items
    return Measured(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main() -> None:
    """Print seconds, the ratio to the ideal, CPU and memory, for one process and for as many as are usual."""
    with tempfile.TemporaryDirectory() as name, running() as address:
        folder = Path(name)
        (folder / "workflow").mkdir()
        (folder / "workflow/workflow-resource.yaml").write_text(_MANIFEST)
        for words in sized((("--processes", "1"), ()), ((),)):
            print(" ".join(words) or "as many processes as are usual")
            peaks: dict[int, float] = {}
            _, middle, most = SIZES
            start = Measured(0, 0, 0)
            for items in SIZES:
                runs = [measure(folder, items, address, *words) for _ in range(REPEATS)]
                best = min(runs, key=lambda run: run.wall)
                peaks[items] = min(run.peak for run in runs)
                ideal = max(items * LATENCY / CONNECTIONS, LATENCY)
                start = best if items == 1 else start
                print(
                    f"{items:>6} items: {best.wall:6.2f} s, ideal {ideal:.2f} s ({best.wall / ideal:.2f} ×; "
                    f"without the start {(best.wall - start.wall + LATENCY) / ideal:.2f} ×), "
                    f"CPU {(best.cpu - start.cpu) / items * 1e3:.2f} ms an item, "
                    f"peak {peaks[items]:.0f} MiB"
                )
            print(f"   from {middle} to {most} items: {peaks[most] - peaks[middle]:+.1f} MiB")


if __name__ == "__main__":
    main()
