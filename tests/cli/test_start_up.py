"""What a command imports before it does its work: each module costs every start. Modules are counted, no time."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from registry_tool.cli import puppy, registry
from registry_tool.cli.groups import LazyCommands
from registry_tool.commands.deploy.deploy import deploy
from tests.commands.deploying import ENVIRONMENTS, Make, scene_of

ROOT = Path(__file__).parents[2]
HEAVY = frozenset(
    {
        *(
            "aiohttp",
            "ahocorasick_rs",
            "cryptography",
            "git",
            "jinja2",
            "jsonschema",
            "jsonschema_rs",
        ),
        *(
            "markdown_it",
            "msgspec",
            "nh3",
            "openai",
            "phonenumbers",
            "prometheus_client",
            "resolvelib",
        ),
        *("rfc8785", "semver", "stdnum", "wasmtime", "xllamacpp", "yaml"),
    }
)
PROGRAM = """
import atexit, dataclasses, sys
sys.argv = sys.argv[1:]
made, process = [], dataclasses._process_class

def counted(cls, *words):
    made.append(cls.__qualname__)
    return process(cls, *words)

def tell():
    print("dataclasses", *made, file=sys.stderr)
    print(*sys.modules, file=sys.stderr)

dataclasses._process_class = counted
atexit.register(tell)
from registry_tool.cli.puppy import main
main()
"""
MOST_DATACLASSES = 40
"""Each takes a millisecond to make (docs/adr/0033); a run used to make 137."""


def started(folder: Path, *words: str) -> tuple[list[str], set[str]]:
    """The dataclasses that `puppy-cli` has made, and what it has imported, when it ends."""
    command = [sys.executable, "-c", PROGRAM, "puppy-cli", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made, modules = done.stderr.splitlines()[-2:]
    assert made.startswith("dataclasses ")
    return made.split()[1:], set(modules.split())


ASKED_FOR = frozenset(
    f"registry_tool.{name}"
    for name in (
        "engine.providers.all_services",
        "engine.providers.models.local",
        "engine.providers.models.openai_compatible",
        "package.open",
        "report.timeline",
        "resolver.lock",
        "resolver.solve",
        "rules.all_rules",
        "security.redact",
        "security.pii.recognise",
        "sources.reference",
    )
)
"""What a run imports where something of it is needed: a model, a registry, a package, a text to clean."""


def loaded(folder: Path, *words: str) -> set[str]:
    """What `puppy-cli` has imported when it ends."""
    return started(folder, *words)[1]


def parts(modules: set[str]) -> set[str]:
    """Which of the tool's packages they are of."""
    return {name.split(".")[1] for name in modules if name.startswith("registry_tool.")}


def test_help_imports_no_library_but_click_and_nothing_that_works(tmp_path: Path) -> None:
    found = loaded(tmp_path, "--help")
    assert not found & (HEAVY - {"rfc8785"})
    assert parts(found) == {"cli", "core", "report"}


def test_a_run_of_a_folder_imports_nothing_of_deployments_jobs_and_other_edges(
    tmp_path: Path,
) -> None:
    shutil.copy(ROOT / "benchmarks/two-blocks.yaml", tmp_path / "workflow-resource.yaml")
    made, found = started(tmp_path, "run", ".", "--input", "text=x")
    assert made  # the counter counts
    assert len(made) <= MOST_DATACLASSES, made
    assert "registry_tool.runtime.run_program" in found
    assert not parts(found) & {"deploy", "forge", "importers", "site"}
    assert not found & (HEAVY - {"jsonschema_rs", "msgspec", "rfc8785", "yaml"})
    assert not found & ASKED_FOR
    assert "registry_tool.engine.edges.modify" in found
    assert not {f"registry_tool.engine.edges.{kind}" for kind in ("llm", "map", "search")} & found


@pytest.mark.e2e
def test_a_run_of_what_serves_imports_no_metrics_no_sites_and_no_search_for_repositories(
    make_registry: Make,
) -> None:
    made = make_registry(git=True)
    made.add("hello", "1.0.0")
    scene = scene_of(made, ENVIRONMENTS)
    deploy(scene.target, "hello:1.0.0", "development", scene.on_event, scene.how())
    found = loaded(scene.root, "run", "hello", "--env", "development", "--input", "who=Ada")
    assert "registry_tool.commands.run.execute" in found
    assert not found & {"aiohttp", "git", "jinja2", "prometheus_client", "resolvelib", "wasmtime"}
    assert not parts(found) & {"forge", "importers", "rules", "site"}


@pytest.mark.parametrize("program", [puppy, registry])
def test_every_command_of_a_module_is_in_the_table(program: object) -> None:
    modules: dict[str, str] = program.MODULES  # type: ignore[attr-defined]
    for name, command in LazyCommands(modules).items():
        assert command.name == name
    for module, names in modules.items():
        assert [one.name for one in sys.modules[module].COMMANDS] == names.split()
