"""What many tests need: a small registry in a folder or a git repository, readable at a glance."""

from __future__ import annotations

import gc
import inspect
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from zlib import crc32

import pytest
from hypothesis import settings

from registry_tool.commands.review.check import write_compiled
from registry_tool.core import children
from registry_tool.runtime import confined
from registry_tool.store.tree import FolderTree
from tests import forked, warm_children

warm_children.install(forked.fork_child)
SHARED = Path(__file__).parents[1].parent / "shared"

REGISTRY = """\
name: Test registry
categories: { text: Text }
environments: { development: {}, production: { limits: { memory: 1Gi } } }
"""

MANIFEST = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata:
  name: NAME
  version: "VERSION"
  author: ada@example.com
  description: Greets whoever you name
  category: text
  tags: [greeting]
  license: MIT
  updated: "2024-01-01T00:00:00Z"

spec:
  blocks:
    - { id: who, type: text }
    - { id: greeting, type: text }
  edges:
    - id: greet
      source: who
      target: greeting
      type: modify
      config: { modify_type: edit_text, content: "Hello, {{who}}!" }
  runtime:
    requirements: { memory: 512Mi }
    dependencies:
      workflows: REQUIRES
  interface:
    inputs: [{ name: who, type: string, required: true }]
    outputs: [{ name: greeting, type: string }]
  tests:
    - { name: greets, inputs: { who: world }, expected: { greeting: "Hello, world!" } }
"""


QUIET_GIT = {"maintenance.auto": "false", "core.fsync": "none"}
"""Tests' repositories live for seconds: git need neither tidy them up nor force them to the disk."""


_OF_OTHERS = ("GITHUB_", "ACTIONS_", "RUNNER_", "GIT_")


def pytest_configure() -> None:
    """Tell every git of the tests, by the environment; a property holds on a slow machine too."""
    _without_bytecode()
    # In a job of a forge, and below a hook of git's, too, tests are somebody's laptop unless they say otherwise;
    # and what a person's git is told to read is not what a test may write.
    for key in [key for key in os.environ if key.startswith(_OF_OTHERS)]:
        del os.environ[key]
    for key in ("PUPPY_REGISTRY", "PUPPY_OFFLINE"):
        os.environ.pop(key, None)
    os.environ["PUPPY_CACHE_SIZE"] = "0"  # a port that served another site must not be remembered
    # Nobody's own settings: a test that wants some names a folder for them.
    os.environ["XDG_CONFIG_HOME"] = f"{gettempdir()}/no-settings-for-tests"
    os.environ["XDG_DATA_HOME"] = f"{gettempdir()}/no-tokens-for-tests"
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    for key in ("PUPPY_TOKEN", "PUPPY_TOKEN_HOST", "PUPPY_CLIENT_ID", "GH_TOKEN"):
        os.environ.pop(key, None)
    settings.register_profile("any-machine", deadline=None, max_examples=_examples())
    settings.load_profile("any-machine")
    if (
        signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    ):  # a shell starts what is in its background like that
        signal.signal(
            signal.SIGINT, signal.default_int_handler
        )  # and children would ignore it, too
    os.environ["GIT_CONFIG_COUNT"] = str(len(QUIET_GIT))
    for number, (key, value) in enumerate(QUIET_GIT.items()):
        os.environ[f"GIT_CONFIG_KEY_{number}"] = key
        os.environ[f"GIT_CONFIG_VALUE_{number}"] = value
    ENVIRONMENT.update(os.environ)


def _without_bytecode() -> None:
    """Who compiles a whole checkout leaves some beside fixtures, which are read as they lie there."""
    for kind in ("rules", "threats"):
        for found in (Path(__file__).parent / kind / "cases").rglob("__pycache__"):
            shutil.rmtree(found, ignore_errors=True)


def _examples() -> int:
    """How many examples, drawn anew in each run, a property is tried on where its test does not say."""
    return int(os.environ.get("TESTS_EXAMPLES", "20"))


def pytest_collection() -> None:
    """Look for no garbage meanwhile: what is imported and collected stays."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage among what the tests make, and less often: a tenth of their processor time went there."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


ENVIRONMENT: dict[str, str] = {}
"""What no test has changed."""


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: some tests wait for what others start, or for the disk."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else 2


_TIME = re.compile(r"\b(?:clock|datetime|timedelta|Clock)\b|\bnow\b *[=(),]|\.now\b")
_SLOW = ("e2e", "model")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that know time; keep the order of modules that say they tell one story (`IN_ORDER`).

    Those run under act, which asks the kernel for the time: under a moved clock they would mix two dates, so they
    count as knowing time only in the runs of the whole suite. Modules that take long begin first, so that no
    worker waits for another's last one.
    """
    _keep_order(items)
    slow = {item.module for item in items if any(map(item.get_closest_marker, _SLOW))}  # type: ignore[attr-defined]
    items.sort(key=lambda item: item.module not in slow)  # type: ignore[attr-defined]
    knows: dict[object, bool] = {}
    for item in items:
        module = getattr(item, "module", None)
        if module not in knows:
            knows[module] = bool(module and _TIME.search(inspect.getsource(module)))
        if knows[module] and not getattr(module, "IN_ORDER", False):
            item.add_marker("time")
    _take_part(config, items)


def _take_part(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of the files, only a part where `TESTS_PART` says so (`0/4`): those whose name's checksum fits."""
    if "TESTS_PART" not in os.environ:
        return
    part, _, parts = os.environ["TESTS_PART"].partition("/")
    left = [item for item in items if crc32(item.location[0].encode()) % int(parts) != int(part)]
    if left:
        config.hook.pytest_deselected(items=left)
        gone = set(left)
        items[:] = [item for item in items if item not in gone]


def _keep_order(items: list[pytest.Item]) -> None:
    """Put the tests of each story back where they stand in their file, whatever shuffled them."""
    stories: dict[object, list[int]] = {}
    for position, item in enumerate(items):
        module = getattr(item, "module", None)
        if getattr(module, "IN_ORDER", False):
            stories.setdefault(module, []).append(position)
    for locations in stories.values():
        result = sorted(
            (items[location] for location in locations), key=lambda item: item.location[1] or 0
        )
        for location, item in zip(locations, result, strict=True):
            items[location] = item


class RegistryFolder:
    """A registry in a folder; `add` publishes versions into it, `commit` needs `git=True`."""

    def __init__(self, root: Path, *, git: bool) -> None:
        self.root = root
        if git and not root.exists():
            _started().write(root)
            return
        (root / "registry").mkdir(parents=True)
        (root / "registry/registry.yaml").write_text(REGISTRY)
        if git:
            self.git("init", "--quiet", "--initial-branch=main")
            self.commit("Start")

    def add(self, name: str, version: str, **requires: str) -> Path:
        """Write a version with its compiled workflow; `requires` are name=range (`_` for `-`)."""
        folder = self.lay(name, version, **requires)
        self.compile()
        return folder

    def lay(self, name: str, version: str, **requires: str) -> Path:
        """Write a version that is not compiled yet: who writes many compiles them at once."""
        folder = self.root / "registry/workflows" / name / version
        (folder / "docs").mkdir(parents=True)
        owners = folder.parent / "owners.yaml"
        if not owners.exists():
            owners.write_text("owners: [{ login: ada, id: 1 }]\n")
        needs = ", ".join(
            f"{{ name: {need.replace('_', '-')}, version: '{range_}' }}"
            for need, range_ in requires.items()
        )
        text = MANIFEST.replace("NAME", name).replace("VERSION", version)
        (folder / "manifest.yaml").write_text(text.replace("REQUIRES", f"[{needs}]"))
        (folder / "docs/README.md").write_text(f"# {name}\n\nGreets.\n")
        return folder

    def compile(self) -> None:
        """Write every `workflow.json`."""
        write_compiled(self.root, FolderTree(self.root))

    def git(self, *words: str) -> str:
        """Run git in the folder."""
        command = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", *words]
        done = subprocess.run(command, cwd=self.root, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self, message: str) -> str:
        """Commit everything; the commit's id."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        return self._head()

    def _head(self) -> str:
        """What was committed last; git has written it to the branch's file, or to HEAD itself."""
        head = (self.root / ".git/HEAD").read_text().strip()
        branch = head.removeprefix("ref: ")
        return head if branch == head else (self.root / ".git" / branch).read_text().strip()


@dataclass(frozen=True)
class Kept:
    """A folder's content, to be written again: quicker than making it again, and nothing to clean up."""

    folders: tuple[str, ...]
    files: Mapping[str, bytes]

    @classmethod
    def of(cls, root: Path) -> Kept:
        """What is there now, without the samples of hooks that nobody runs."""
        paths = [path for path in sorted(root.rglob("*")) if path.suffix != ".sample"]
        names = [(path.relative_to(root).as_posix(), path) for path in paths]
        return cls(
            tuple(name for name, path in names if path.is_dir()),
            {name: path.read_bytes() for name, path in names if path.is_file()},
        )

    def write(self, root: Path) -> None:
        """Write it to a folder that is not there yet."""
        root.mkdir(parents=True)
        for name in self.folders:
            (root / name).mkdir()
        for name, data in self.files.items():
            (root / name).write_bytes(data)


@cache
def _started() -> Kept:
    """A git registry at its first commit, made where no test has changed the environment."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for name in os.environ.keys() - ENVIRONMENT.keys():
            patch.delenv(name)
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        RegistryFolder(
            Path(folder), git=True
        )  # the folder is there, so that it is made, not copied
        return Kept.of(Path(folder))


@pytest.fixture
def make_registry(tmp_path: Path) -> Callable[..., RegistryFolder]:
    """Makes registries below the test's folder: `make_registry(git=True)`."""

    def make(name: str = "registry", *, git: bool = False) -> RegistryFolder:
        return RegistryFolder(tmp_path / name, git=git)

    return make


@pytest.fixture
def cold_children(monkeypatch: pytest.MonkeyPatch) -> None:
    """The confined process is started as users have it, not forked."""
    monkeypatch.setattr(confined, "start_python", children.start_python)


@pytest.fixture
def shared() -> Path:
    """The folder of real data; users of the product don't have it."""
    if not SHARED.is_dir():
        pytest.skip("../shared (real data, not part of the product) is absent")
    return SHARED
