"""The documents say what is true: every path, command, option and rule that they name exists."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import click
import pytest

from registry_tool.cli.puppy import cli as puppy
from registry_tool.cli.registry import cli as registry
from registry_tool.engine import events
from registry_tool.engine.edges.all_edges import ALL_EDGES

ROOT = Path(__file__).parents[1]
NAMED = ("README.md", "README.zh.md", "CONTRIBUTING.md")
DOCUMENTS = [*(ROOT / name for name in NAMED), *sorted((ROOT / "docs").rglob("*.md"))]
PROGRAMS = {"puppy-cli": puppy, "registry-tool": registry}
_COMMAND = re.compile(r"\b(puppy-cli|registry-tool) ([a-z][a-z-]*)([^\n`#|]*)")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


def names(document: Path) -> str:
    return str(document.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=names)
def test_every_command_and_option_exists(document: Path) -> None:
    for program, name, rest in _COMMAND.findall(document.read_text()):
        command = PROGRAMS[program].commands.get(name)
        assert command is not None, f"{program} {name}"
        if isinstance(command, click.Group):
            continue
        known = {option for parameter in command.params for option in parameter.opts}
        for option in _OPTION.findall(rest.split(" && ")[0]):
            assert option in known | {"--help"}, f"{program} {name} {option}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=names)
def test_every_link_and_path_exists(document: Path) -> None:
    text = document.read_text()
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        if not link.startswith("http"):
            assert (document.parent / link).exists(), link
    prefixes = (
        "registry_tool/",
        "docs/",
        "tests/rules/",
        "site_templates/",
        ".github/",
        "benchmarks/",
    )
    for path in re.findall(r"`([\w./-]+)`", text):
        if path.startswith(prefixes) and not path.endswith("/README.md"):
            assert (ROOT / path).exists(), path


def test_the_first_hour_names_what_is_there() -> None:
    """Files, also those in shell blocks, targets of make, and names that are said to stand in a file."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    blocks = "".join(re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    assert blocks.count("pytest") > len(PROGRAMS)
    paths = re.findall(r"(?<![\w/-])((?:tests|scripts|docs|registry_tool)/[\w./-]+)", blocks)
    paths += re.findall(r"`((?:tests|scripts|site_templates|\.ci)/[\w./-]+)`", text)
    assert [path for path in paths if not (ROOT / path).exists()] == []
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    asked = {name for line in re.findall(r"\bmake ([a-z -]+)", blocks) for name in line.split()}
    assert asked <= set(targets)
    placed = re.findall(r"`([A-Za-z_]+)` (?:of|in)\s+`([\w/]+\.py)`", text)
    assert len(placed) > len(PROGRAMS)
    assert [pair for pair in placed if pair[0] not in (ROOT / pair[1]).read_text()] == []


def test_the_glossarys_types_are_there() -> None:
    text = (ROOT / "docs/glossary.md").read_text()
    terms = re.findall(r"^\| ((?!term |---)[^|]+) \|", text, re.MULTILINE)
    assert sorted(set(terms)) == sorted(terms)
    tables = text.partition("\n## ")[2]
    homes = re.findall(r"`(\w+/[\w/]+\.py)`(?: `(\w+)`)?", tables)
    assert len(homes) > len(PROGRAMS) * 20
    for path, name in homes:
        source = (ROOT / "registry_tool" / path).read_text()
        assert not name or f"\nclass {name}" in source, f"{path} {name}"


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_every_command_shows_an_example_and_stands_in_the_docs(program: str) -> None:
    everything = "".join(document.read_text() for document in DOCUMENTS)
    for name, command in PROGRAMS[program].commands.items():
        assert "Example:" in (command.help or ""), name
        assert f"{program} {name}" in everything, name


def test_the_readmes_map_names_every_package() -> None:
    readme = (ROOT / "README.md").read_text()
    packages = {path.parent.name for path in (ROOT / "registry_tool").glob("*/__init__.py")}
    for package in packages:
        assert re.search(rf"^  {package}/ ", readme, re.MULTILINE), package


def test_every_edge_and_event_is_documented() -> None:
    manifest = (ROOT / "docs/manifest.md").read_text()
    for type_ in ALL_EDGES:
        assert f"| `{type_}` |" in manifest, type_
    text = (ROOT / "docs/events.md").read_text()
    for name, value in vars(events).items():
        if name.isupper() and isinstance(value, str):
            assert f"| `{value}` |" in text, value


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs/adr").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
    for path in (ROOT / "docs/adr").glob("*.md"):
        text = path.read_text()
        assert text.startswith(f"# {int(path.name[:4])}. ")
        assert all(
            part in text for part in ("**Context.**", "**Decision.**", "**Consequences.**")
        ) or (path.name.startswith("0001"))
        assert len(text.splitlines()) <= 40


def test_the_changelog_has_an_unreleased_part() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text()


def test_the_reference_of_commands_is_what_help_says() -> None:
    """`python scripts/command_reference.py` writes it."""
    script = runpy.run_path(str(ROOT / "scripts/command_reference.py"))
    assert (ROOT / "docs/commands.md").read_text("utf-8") == script["page"](), "run the script"
