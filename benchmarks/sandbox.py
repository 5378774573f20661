"""What a call of a code edge costs beside starting Python itself: `python -I -c pass`, in the same run.

Cold is a new process's first call (its own start and this tool's imports not counted; the interpreter has been
compiled before, once, which takes seconds). Warm is a later call in the same process. Every call, cold or warm,
gets a new interpreter that nobody else has used.
"""

from __future__ import annotations

import shutil
import subprocess
import sys

from timing import best, sized

from registry_tool.engine.sandbox.all_sandboxes import ALL_SANDBOXES
from registry_tool.engine.sandbox.wasm import WasmSandbox

REPEATS = sized(10, 1)
PROCESSES = sized(5, 1)
COLD = """
import asyncio, time
from registry_tool.engine.sandbox.all_sandboxes import ALL_SANDBOXES
from registry_tool.engine.sandbox.base import SandboxLimits

async def call():
    sandbox, started = ALL_SANDBOXES["NAME"](), time.perf_counter()
    await sandbox.call("def main(x): return x", {"x": 1}, SandboxLimits())
    return time.perf_counter() - started

first = asyncio.run(call())
"""
WARM = f"{COLD}\nprint(first, min(asyncio.run(call()) for _ in range({REPEATS})))"


def measure(name: str) -> tuple[float, float]:
    """Seconds of the first call and of a later one, each the best of several processes."""
    command = [sys.executable, "-c", WARM.replace("NAME", name)]
    told = [
        subprocess.run(command, check=True, capture_output=True, text=True)
        for _ in range(PROCESSES)
    ]
    pairs = [tuple(map(float, one.stdout.split())) for one in told]
    return min(cold for cold, _ in pairs), min(warm for _, warm in pairs)


def main() -> None:
    """Print milliseconds and ratios."""
    bare = [sys.executable, "-I", "-c", "pass"]
    python = best(lambda: subprocess.run(bare, check=True), REPEATS)
    print(f"python -I -c pass: {python * 1000:.0f} ms")
    WasmSandbox().prepare()
    for name in ALL_SANDBOXES:
        if name == "native" and shutil.which("bwrap") is None:
            print("native: bubblewrap is missing")
            continue
        cold, warm = measure(name)
        print(
            f"{name:<6}: cold {cold * 1000:4.0f} ms ({cold / python:.1f} ×), "
            f"warm {warm * 1000:4.0f} ms ({warm / python:.1f} ×)"
        )


if __name__ == "__main__":
    main()
