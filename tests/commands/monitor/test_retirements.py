from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registry_tool.cli import monitor
from registry_tool.cli.retirements import COMMANDS
from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.monitor.exporter import SeriesCollector
from registry_tool.commands.monitor.retirements import retirements
from registry_tool.state.target import Target

NOW = datetime(2026, 11, 25, tzinfo=UTC)
OWN = {
    "format": "puppyai.com/model-retirements/v1",
    "models": [
        {
            "model": "in-house-7b",
            "retires": "2027-01-24T00:00:00Z",
            "replacement": "in-house-8b",
            "source": "https://example.com/models",
        }
    ],
}
ASKING = """\
    - { id: answer, type: text }
  edges:
    - { id: ask, source: greeting, target: answer, type: llm, config: { prompt: Hi, model: in-house-7b } }
"""


@pytest.fixture
def root(make_registry: Callable[..., object]) -> Path:
    """base asks the model that retires; middle requires base, top requires middle, other nothing.

    Both environments let the embedded model answer for it, which changes nothing about what is named.
    """
    made = make_registry(git=True)
    settings: Path = made.root / "registry/registry.yaml"  # type: ignore[attr-defined]
    allowing = settings.read_text().replace("development: {}", "development: { substitute: local }")
    settings.write_text(allowing.replace("production: {", "production: { substitute: local,"))
    folder: Path = made.add("base", "1.0.0")  # type: ignore[attr-defined]
    manifest = folder / "manifest.yaml"
    manifest.write_text(manifest.read_text().replace("  edges:\n", ASKING).replace(
        "  tests:\n", "  x-tests:\n"
    ))  # fmt: skip
    made.add("middle", "1.0.0", base="^1.0.0")  # type: ignore[attr-defined]
    made.add("top", "2.0.0", middle="*")  # type: ignore[attr-defined]
    made.add("newer", "1.0.0", base="^2.0.0")  # type: ignore[attr-defined]
    made.add("other", "1.0.0")  # type: ignore[attr-defined]
    made.compile()  # type: ignore[attr-defined]
    (made.root / "registry/model-retirements.json").write_text(json.dumps(OWN))  # type: ignore[attr-defined]
    made.commit("Publish")  # type: ignore[attr-defined]
    return Path(made.root)  # type: ignore[attr-defined]


def found(root: Path, days: int = 90, now: datetime = NOW) -> list[tuple[str, str, str]]:
    result = retirements(Target(root), now, timedelta(days=days))
    return [(a.use.kind, a.use.who, a.through) for a in result.found]


BASE = ("version", "base:1.0.0", "")
DEPENDENTS = [
    ("dependent", "middle:1.0.0", "base:1.0.0"),
    ("dependent", "top:2.0.0", "middle:1.0.0"),
]


def test_a_version_and_all_that_lead_to_it_are_flagged_in_time(root: Path) -> None:
    assert found(root) == [BASE, *DEPENDENTS]
    assert found(root, days=60) == [BASE, *DEPENDENTS]
    assert found(root, days=59) == []
    assert found(root, days=0, now=NOW + timedelta(days=400)) == [BASE, *DEPENDENTS]


def test_what_serves_is_flagged_by_the_environments_own_models(root: Path) -> None:
    target = Target(root)
    deploy(target, "base", "development")
    deploy(target, "middle", "production")
    assert found(root)[:2] == [
        ("deployed", "base:1.0.0 in development", ""),
        ("deployed", "middle:1.0.0 in production", ""),
    ]
    watched = SeriesCollector(target)
    watched.refresh()
    labels = {"workflow_name": "base", "version": "1.0.0", "environment": "development"}
    name = "workflow_model_retirement_timestamp_seconds"
    when = watched.registry.get_sample_value(name, {**labels, "model": "in-house-7b"})
    assert when == datetime(2027, 1, 24, tzinfo=UTC).timestamp()


def urgent(root: Path) -> list[str]:
    result = retirements(Target(root), NOW, timedelta(days=90))
    return [a.use.who for a in result.found if a in result.urgent]


def test_only_what_serves_or_new_users_would_get_is_urgent(root: Path) -> None:
    assert urgent(root) == ["base:1.0.0", "middle:1.0.0", "top:2.0.0"]
    folder = root / "registry/workflows/base/1.1.0"
    shutil.copytree(root / "registry/workflows/base/1.0.0", folder)
    for name in ("manifest.yaml", "workflow.json"):
        file = folder / name
        text = file.read_text().replace("1.0.0", "1.1.0").replace("in-house-7b", "in-house-8b")
        file.write_text(text)
    assert found(root) == [BASE, *DEPENDENTS]  # all of it is still told …
    assert urgent(root) == []  # … and nobody has to act: their ranges lead to 1.1.0
    code, said = cli(root, "--now", "2026-11-25T00:00:00Z")
    assert code == 0
    assert said.startswith("Older versions that serve nowhere:\n2027-01-24")
    deploy(Target(root), "base:1.0.0", "development")
    assert urgent(root) == ["base:1.0.0 in development"]
    assert cli(root, "--now", "2026-11-25T00:00:00Z")[0] == 1


def test_an_environment_that_chose_another_model_is_safe_and_its_own_choice_is_looked_at(
    root: Path,
) -> None:
    settings = root / "registry/registry.yaml"
    chosen = settings.read_text().replace(
        "development: {", "development: { llm_model: in-house-9b,"
    )
    settings.write_text(chosen.replace("production: {", "production: { judge_model: in-house-7b,"))
    deploy(Target(root), "base", "development")
    assert found(root)[0] == ("setting", "production", "")
    assert not [kind for kind, _, _ in found(root) if kind == "deployed"]


def test_a_yanked_version_is_nobodys_choice(root: Path) -> None:
    owners = root / "registry/workflows/base/owners.yaml"
    owners.write_text(owners.read_text() + 'yanked: { "1.0.0": leaks }\n')
    assert found(root) == []


def cli(root: Path, *words: str) -> tuple[int, str]:
    command = [
        Path(sys.executable).with_name("registry-tool"),
        "retirements",
        "--root",
        root,
        *words,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_command_tells_by_its_exit_code(root: Path) -> None:
    code, said = cli(root, "--now", "2026-11-25T00:00:00Z", "--format", "json")
    assert code == 1
    first = json.loads(said)["affected"][0]
    assert (first["model"], first["days"], first["replacement"]) == (
        "in-house-7b",
        60,
        "in-house-8b",
    )
    code, said = cli(root, "--now", "2026-11-25T00:00:00Z", "--format", "markdown")
    assert "| 2027\\-01\\-24 | 60 | in\\-house\\-7b |" in said
    assert cli(root, "--within", "1d", "--now", "2026-11-25T00:00:00Z") == (
        0,
        "Nothing here asks a model that retires by then.\n",
    )
    assert cli(root, "--now", "soon")[0] == 2
    assert cli(root, "--within", "soon")[0] == 2


def test_a_broken_list_of_the_registrys_own_is_reported(root: Path) -> None:
    (root / "registry/model-retirements.json").write_text("{}")
    code, said = cli(root)
    assert code == 1
    assert "registry/model-retirements.json: this is not a list of models" in said


def test_the_commands_are_listed_once() -> None:
    names = [command.name for command in (*monitor.COMMANDS, *COMMANDS)]
    assert names == ["monitoring", "exporter", "drift", "retirements"]
