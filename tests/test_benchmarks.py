"""Every benchmark runs, at its smallest size: what it prints there is no measurement, but it is a number."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"
SCRIPTS = sorted(p.stem for p in FOLDER.glob("*.py") if "\ndef main(" in p.read_text())
HELPERS = {"generated_summaries", "model_server", "real_registry", "timing"}
NUMBER = re.compile(r"\d+(?:\.\d+)? (?:ms|s|µs|MiB)\b|ratio")


def test_the_scripts_are_those_of_the_readme_and_of_make_bench() -> None:
    assert set(SCRIPTS) | HELPERS == {path.stem for path in FOLDER.glob("*.py")}
    readme = (FOLDER / "README.md").read_text()
    assert set(re.findall(r"^\| `(\w+)\.py` \|", readme, re.MULTILINE)) == set(SCRIPTS) - HELPERS
    makefile = (FOLDER.parent / "Makefile").read_text()
    (listed,) = re.findall(r"for script in ([a-z_ ]+);", makefile)
    assert set(listed.split()) == set(SCRIPTS) - HELPERS


@pytest.mark.e2e
@pytest.mark.parametrize("name", sorted(set(SCRIPTS) - HELPERS))
def test_a_benchmark_runs_at_its_smallest_size(name: str) -> None:
    done = subprocess.run(
        [sys.executable, f"{name}.py", "--smallest"],
        cwd=FOLDER, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    if done.stdout.startswith("not run: "):
        pytest.skip(done.stdout.strip())
    assert NUMBER.search(done.stdout), done.stdout
