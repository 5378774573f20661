"""The project's own jobs, `test.yml` and `release.yml`, as act runs them, and `scripts/release`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from registry_tool import __version__
from registry_tool.commands.maintain.new import ACTION_FILES
from tests.e2e.scratch import ROOT, Scratch, passed

pytestmark = pytest.mark.e2e
SOURCES = ("registry_tool", "sdks/python", "site_templates", "docs", "scripts")
TEXTS = ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md")
RANDOM_BACKEND = """\
import os, pathlib, sys
if sys.argv[1] == "version":
    print("1.2.3")
else:
    pathlib.Path(sys.argv[3], "a.whl").write_bytes(os.urandom(8))
"""


FAILING_BACKEND = """\
import pathlib, sys
if sys.argv[1] == "version":
    print("1.2.3")
else:
    pathlib.Path(sys.argv[3], "a.tar.gz").touch()
    sys.exit("no wheel today")
"""


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    """A scratch repository with the tool's sources."""
    made = Scratch(tmp_path)
    junk = shutil.ignore_patterns("__pycache__")
    for name in SOURCES:
        shutil.copytree(ROOT / name, made.work / name, ignore=junk)
    for name in TEXTS:
        shutil.copy(ROOT / name, made.work)
    (made.work / ".gitignore").write_text("/dist/\n/sbom/\n")
    made.commit("Bring the sources")
    made.git("push", "--quiet", "origin", "main")
    return made


def release(
    scratch: Scratch, *, python: str = sys.executable, **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [scratch.work / "scripts/release"],
        env={**os.environ, "PYTHON": python, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_job_builds_twice_and_keeps_one(scratch: Scratch) -> None:
    """Publishing is left out: it needs a tag, and PyPI's word."""
    result = passed(scratch.act("workflow_dispatch", "release.yml"))
    assert "Built twice, the same bytes" in result
    assert "gh-action-pypi-publish" not in result
    (folder,) = scratch.kept("dist")
    wheel, source, light = sorted(folder.iterdir())
    (materials,) = scratch.kept("sbom")
    told = {
        json.loads(path.read_text())["metadata"]["component"]["hashes"][0]["content"]
        for path in materials.iterdir()
    }
    assert told == {sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    assert (wheel.suffix, source.suffix, light.suffix) == (".whl", ".gz", ".whl")
    assert light.name.startswith(f"puppyai_workflows-{__version__}-")
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {name for name in names if "_data/github/" in name}
    assert shipped == {f"registry_tool/_data/github/{path}" for path in ACTION_FILES}
    sdk = set(zipfile.ZipFile(light).namelist())
    assert not any("_data/" in name or "__pycache__" in name for name in sdk)
    assert {"puppyai/py.typed", "registry_tool/site/search/ranking.json"} <= sdk
    assert {"registry_tool/py.typed", "registry_tool/_data/site_templates/base.html"} <= names


def test_another_tag_than_the_version_is_refused(scratch: Scratch) -> None:
    done = release(scratch, TAG="v9.9.9")
    assert done.returncode == 1
    assert f"tag v{__version__}" in done.stderr
    assert not (scratch.work / "dist").exists()


def test_another_version_of_the_sdk_is_refused(scratch: Scratch) -> None:
    project = scratch.work / "sdks/python/pyproject.toml"
    project.write_text(project.read_text().replace(f'"{__version__}"', '"9.9.9"'))
    done = release(scratch)
    assert done.returncode == 1
    assert "sdks/python/pyproject.toml says 9.9.9" in done.stderr


@pytest.mark.parametrize(
    ("code", "reason"), [(RANDOM_BACKEND, "differ"), (FAILING_BACKEND, "no wheel today")]
)
def test_builds_that_differ_or_fail_are_refused(
    scratch: Scratch, tmp_path: Path, code: str, reason: str
) -> None:
    backend = tmp_path / "backend"
    backend.mkdir()
    (backend / "hatchling.py").write_text(code)
    done = release(scratch, PYTHONPATH=str(backend))
    assert done.returncode == 1
    assert reason in done.stderr
    assert not (scratch.work / "dist").exists()


def test_the_tests_job_runs_everything_on_its_python(scratch: Scratch) -> None:
    """What `.ci/run` does is not done again here: a script in its place says that it was reached."""
    (scratch.work / ".ci").mkdir()
    script = scratch.work / ".ci/run"
    script.write_text("#!/bin/sh\necho everything runs here\n")
    script.chmod(0o755)
    scratch.commit("Say that the tests run")
    scratch.git("push", "--quiet", "origin", "main")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    result = passed(scratch.act("push", "test.yml", "-j", "linux", f"--matrix=python:{python}"))
    assert "everything runs here" in result
