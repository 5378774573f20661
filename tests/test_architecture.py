"""The layout's own rules: what docs/architecture.md says is there, and files that share a prefix have a folder."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOOL = ROOT / "registry_tool"
PAGE = (ROOT / "docs/architecture.md").read_text()
MANY = 3
FLAT = {"rules"}
"""One check, one file: names there are the rules' own."""


def modules() -> list[Path]:
    return [path.relative_to(TOOL) for path in TOOL.rglob("*.py") if path.name != "__init__.py"]


def test_what_the_page_names_is_there() -> None:
    named = re.findall(r"`((?:\w+/)+\w+\.py|(?:\w+/)+)`", PAGE)
    assert len(named) > MANY * 10
    missing = [name for name in named if not any((root / name).exists() for root in (TOOL, ROOT))]
    assert missing == [
        "edges/",
        "providers/",
        "assertions/",
        "sandbox/",
        "batch/",
        "testing/",
        "github/",
    ]
    inside = {"engine": missing[:-1], "forge": missing[-1:]}
    assert [
        f"{room}/{name}"
        for room in inside
        for name in inside[room]
        if not (TOOL / room / name).is_dir()
    ] == []


def test_every_room_is_on_the_page_and_in_the_readme() -> None:
    rooms = {path.parent.name for path in TOOL.glob("*/__init__.py")}
    assert rooms - {"_data"} == {room for room in rooms if f"`{room}`" in PAGE}
    readme = (ROOT / "README.md").read_text()
    assert [room for room in sorted(rooms) if f"\n  {room}/" not in readme] == []


def test_files_that_share_a_prefix_have_a_folder() -> None:
    shared: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in modules():
        shared[str(path.parent), path.stem.partition("_")[0]].append(path.name)
    flat = {
        key: names for key, names in shared.items() if len(names) >= MANY and key[0] not in FLAT
    }
    assert flat == {}


def test_commands_are_in_folders_of_their_subject() -> None:
    assert [path for path in modules() if path.parent == Path("commands")] == []


def test_a_type_name_means_one_thing() -> None:
    """Public classes; one that begins with an underscore is its own file's."""
    homes: dict[str, list[str]] = defaultdict(list)
    for path in modules():
        for node in ast.walk(ast.parse((TOOL / path).read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(path.as_posix())
    assert len(homes) > MANY * 100
    assert {name: sorted(paths) for name, paths in homes.items() if len(paths) > 1} == {}
