"""What the SDK imports: little for itself, and to read a registry nothing that only runs need."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from puppyai.workflows import MissingExtraError
from puppyai.workflows.translate import installed, missing_module

ROOT = Path(__file__).parents[2]
ALLOWED = {"registry_tool", "registry_tool.core", "registry_tool.core.errors"} | {
    f"registry_tool.core.{name}" for name in ("finding", "values")
}
"""What of the tool may be imported before a method is called."""
SLOW = {
    "asyncio",
    "ssl",
    "urllib.request",
    "http.client",
    "email",
    "yaml",
    "msgspec",
    "typing_extensions",
}

READ = """
import sys
from importlib.abc import MetaPathFinder

LIGHT = set(sys.argv[2].split(",")) | {"registry_tool", "puppyai", "cython_runtime"}

class Missing(MetaPathFinder):
    "Everything that the light distribution does not bring is not installed."

    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names and top not in LIGHT and not top.startswith("_"):
            raise ModuleNotFoundError(f"No module named {top!r}", name=top)

sys.meta_path.insert(0, Missing())
from puppyai.workflows import *

client = WorkflowClient(sys.argv[1])
assert [one.name for one in client.list_workflows(tag="greeting")] == ["caller", "hello"]
assert len(client.search("greets")) == 2
assert client.versions("hello")[0].version == "1.1.0"
workflow = client.get_workflow("caller", "^1.0")
assert workflow.inputs[0].required and workflow.lock()["hello"].version == "1.1.0"
path = workflow.save_package(sys.argv[3])
assert verify_package(path, workflow.digest).name == "caller"
built = WorkflowBuilder("built").add_block("a").build()
assert 'name: "built"' in built.to_yaml()
try:
    WorkflowClient()
except InvalidRequestError as error:
    assert "none is around" in error.reason, error
print(sorted({name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names)))
try:
    workflow.execute({"who": "you"})
except MissingExtraError as error:
    print(error.install)
"""


def python(program: str, *words: str, cwd: Path = ROOT) -> list[str]:
    command = [sys.executable, "-c", program, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def light() -> dict[str, str]:
    """What the light distribution depends on: its name, and the module's."""
    project = tomllib.loads((ROOT / "sdks/python/pyproject.toml").read_text())["project"]
    named = [line.partition(">")[0] for line in project["dependencies"]]
    modules = {"pyyaml": "yaml", "node-semver": "nodesemver"}
    return {name: modules.get(name, name.replace("-", "_")) for name in named}


def test_the_import_brings_little() -> None:
    (output,) = python(
        "import sys, json, puppyai.workflows; print(json.dumps(sorted(sys.modules)))"
    )
    loaded = set(json.loads(output))
    assert {name for name in loaded if name.startswith("registry_tool")} <= ALLOWED
    assert loaded & SLOW == set()
    others = {name.partition(".")[0] for name in loaded if "." not in name}
    outside = {name for name in others - set(sys.stdlib_module_names) if not name.startswith("_")}
    assert outside <= {"puppyai", "registry_tool", "sitecustomize", "usercustomize"}


def test_reading_needs_the_light_dependencies_alone_and_running_says_what_is_missing(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("PUPPY_REGISTRY", raising=False)
    words = (str(site), ",".join(light().values()), str(tmp_path))
    *_, extra = python(READ, *words, cwd=tmp_path)
    assert extra == f"pip install '{installed()}[run]'"


def test_the_light_distribution_is_the_tools_in_version_and_extras() -> None:
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    part = tomllib.loads((ROOT / "sdks/python/pyproject.toml").read_text())["project"]
    assert part["version"] == whole["version"]
    assert part["requires-python"] == whole["requires-python"]
    assert set(part["dependencies"]) < set(whole["dependencies"])
    both = part["dependencies"] + part["optional-dependencies"]["run"]
    assert set(both) <= set(whole["dependencies"])
    for extra, needs in part["optional-dependencies"].items():
        if extra != "run":
            assert needs == whole["optional-dependencies"][extra]


@pytest.mark.parametrize(
    ("package", "extra"), [("wasmtime", "sandbox"), ("pypdf._reader", "files"), ("aiohttp", "run")]
)
def test_a_missing_package_names_its_extra(package: str, extra: str) -> None:
    error = missing_module(ModuleNotFoundError("no", name=package))
    assert isinstance(error, MissingExtraError)
    assert error.install == f"pip install '{installed()}[{extra}]'"


def test_a_missing_module_of_our_own_is_a_bug() -> None:
    with pytest.raises(ModuleNotFoundError):
        missing_module(ModuleNotFoundError("no", name="registry_tool.nothing"))
