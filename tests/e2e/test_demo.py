"""`make demo` as a newcomer runs it, but for the environment that it makes and the site that it serves."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from registry_tool.engine.providers.models.weights import find_weights

ROOT = Path(__file__).parents[2]
ASKED = "7. What is deployed runs"


@pytest.mark.e2e
@pytest.mark.model
@pytest.mark.skipif(find_weights() is None, reason="the embedded model is not installed")
def test_the_demo_goes_the_whole_way(tmp_path: Path) -> None:
    environment = {**os.environ, "SERVE": "no", "DEMO": str(tmp_path / "demo")}
    environment |= {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(Path.home() / ".cache")}
    before = branches()
    done = subprocess.run(
        [ROOT / "scripts/demo"], env=environment, capture_output=True, text=True, check=False
    )
    output = done.stdout + done.stderr
    assert done.returncode == 0, output[-3000:]
    assert "error" not in done.stderr
    assert ASKED in output
    assert "sentiment-analysis:1.2.0 serves in staging." in output
    assert (tmp_path / "demo/site/index.html").is_file()
    assert branches() == before, "the clone that the demo was started in was written to"


def branches() -> str:
    """The branches of this clone; empty where it is none."""
    done = subprocess.run(
        ["git", "branch", "--list"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout
