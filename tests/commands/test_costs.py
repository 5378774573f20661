"""A command costs what it touches: as many files, git objects and processes, whatever else the registry holds."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from registry_tool.catalogue import load
from registry_tool.cli.puppy import cli
from registry_tool.store.git.object_reader import ObjectReader
from tests.conftest import RegistryFolder

SETTINGS = "name: Test\ncategories: { text: Text }\nenvironments: { production: {} }\n"
READ = (
    *("info top", "tree top", "versions top", "explain top", "test top"),
    *("run top --input who=Ada", "install top --into ../project", "info base@^1.0"),
)
OPERATE = (
    *("deploy top:1.0.0 --env production", "run top --env production --input who=Ada"),
    *("explain top --env production", "status top", "deploy base:1.0.0 --env production"),
)
_COUNTS: list[Counter[str]] = []


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if not _COUNTS:
        return
    if event == "open" and "/registry/" in f"/{arguments[0]}":
        _COUNTS[-1]["files"] += 1
    elif event in {"os.scandir", "os.listdir"} and "registry/workflows" in str(arguments[0]):
        _COUNTS[-1]["folders"] += 1
    elif event == "subprocess.Popen" and _is_counted(arguments[1]):
        _COUNTS[-1]["git processes"] += 1


def _is_counted(command: list[str]) -> bool:
    """Any git but the question which version it is, which a process asks once."""
    return command[0] == "git" and command[1:] != ["version"]


sys.addaudithook(_heard)


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """What is read within it."""
    found: Counter[str] = Counter()
    read = ObjectReader.read

    def reading(self: ObjectReader, object_id: str) -> tuple[str, bytes] | None:
        found["git objects"] += 1
        return read(self, object_id)

    with monkeypatch.context() as patch:
        patch.setattr(ObjectReader, "read", reading)
        _COUNTS.append(found)
        try:
            yield found
        finally:
            _COUNTS.pop()


def a_registry(make: Callable[..., RegistryFolder], name: str, others: int) -> Path:
    """A clone in which `top` calls `base`; `others` are further workflows, and further versions of `base`."""
    made = make(f"{name}/clone", git=True)
    (made.root / "registry/registry.yaml").write_text(SETTINGS)
    made.lay("base", "1.0.0")
    made.lay("base", "1.1.0")
    made.add("top", "1.0.0", base="^1.0.0")
    workflows = made.root / "registry/workflows"
    for number in range(others):
        _copy(workflows, f"other-{number}", "1.0.0")
        _copy(workflows, "base", f"0.{number}.0")
    made.commit("Publish")
    return made.root


def _copy(workflows: Path, name: str, version: str) -> None:
    folder = shutil.copytree(workflows / "base/1.0.0", workflows / name / version)
    for file in ("manifest.yaml", "workflow.json"):
        text = (folder / file).read_text().replace("base", name).replace("1.0.0", version)
        (folder / file).write_text(text)


def costs(
    root: Path, commands: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> dict[str, Counter[str]]:
    """What each command reads, by command, in a registry at the present folder."""
    monkeypatch.chdir(root)
    found = {}
    for words in commands:
        with counted(monkeypatch) as count:
            cli.main(shlex.split(words), standalone_mode=False)
        found[words] = count
    return found


def test_commands_read_as_much_in_a_larger_registry(
    make_registry: Callable[..., RegistryFolder],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small, large = (
        costs(a_registry(make_registry, name, others), READ + OPERATE, monkeypatch)
        for name, others in (("small", 3), ("large", 28))
    )
    differing = {
        words: (cost, large[words]) for words, cost in small.items() if cost != large[words]
    }
    assert not differing
    assert max(cost["files"] for words, cost in small.items() if words in READ) == 8, small
    once = "run top --env production --input who=Ada"
    assert small[once]["files"] <= 12, small[once]  # each version's files once, and registry.yaml
    assert all(not cost["git processes"] for words, cost in small.items() if words in READ)


def test_a_bare_repository_is_read_alike(
    make_registry: Callable[..., RegistryFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for name, others in (("small", 3), ("large", 28)):
        made = a_registry(make_registry, name, others)
        bare = made.parent / "bare"
        (made / ".git").rename(bare)
        with (bare / "config").open("a") as settings:
            settings.write("[core]\n\tbare = true\n")
        words = tuple(f"{command} --registry ." for command in READ)
        found.append(costs(bare, words, monkeypatch))
    assert found[1] == found[0]
    assert all(cost["git objects"] <= 70 for cost in found[0].values()), found[0]


def test_nothing_loads_the_whole_catalogue(
    make_registry: Callable[..., RegistryFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor any part of it that is broken: what is wrong elsewhere concerns nobody here."""
    root = a_registry(make_registry, "one", 1)
    other = root / "registry/workflows/other-0"
    (other / "owners.yaml").write_text("owners: 1\n")
    (other / "1.0.0/workflow.json").write_text("{")
    monkeypatch.delattr(load, "load_catalogue")
    costs(root, READ, monkeypatch)
