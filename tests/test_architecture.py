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
TESTS = ROOT / "tests"
CASES = re.compile(r'^RULE = \w+\(\s*"([a-z-]+)"', re.MULTILINE)
UNMIRRORED = {
    "types, protocols or constants": """
        deploy/plan engine/assertions/base engine/edges/base engine/edges/ranking/search_config
        engine/providers/embeddings/base engine/providers/http/base engine/providers/outbound
        engine/providers/web_search/base forge/base forge/open_requests manifest/model manifest/publish_policy
        rules/file_set security/credential_kinds/kind security/layers site/site
        sources/base""",
    "a table that another module's test goes through": """
        cli/help/puppy_sections cli/help/registry_sections
        cli/registry rules/all_rules security/credential_kinds/clouds security/credential_kinds/code
        security/credential_kinds/models security/credential_kinds/services
        security/credential_kinds/structured""",
    "the table of cases in engine/assertions/test_judging.py": """
        engine/assertions/calls engine/assertions/equality engine/assertions/html_scan
        engine/assertions/html_text engine/assertions/measured engine/assertions/sql_text
        engine/assertions/text engine/assertions/xml_text""",
}
"""Modules without a test file or a folder of cases of their own, by the reason."""
LEAST_MIRRORED = 0.9
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


def _is_mirrored(module: Path) -> bool:
    if (TESTS / module.parent / f"test_{module.name}").is_file():
        return True
    rule = CASES.search((TOOL / module).read_text("utf-8"))
    return rule is not None and (TESTS / "rules/cases" / rule[1]).is_dir()


def test_tests_stand_where_one_looks_for_them() -> None:
    """A module's test has its name and its folder's; a rule's is a folder of cases."""
    excused = {Path(f"{name}.py") for names in UNMIRRORED.values() for name in names.split()}
    assert [name.as_posix() for name in excused if not (TOOL / name).is_file()] == []
    assert [name.as_posix() for name in excused if _is_mirrored(name)] == []
    wanted = [path for path in modules() if path.name != "__main__.py" and path not in excused]
    missing = [path.as_posix() for path in wanted if not _is_mirrored(path)]
    assert 1 - len(missing) / len(wanted) >= LEAST_MIRRORED, missing


def test_every_problem_comes_with_its_fix() -> None:
    """Where a rule finds one, or a file of a registry is read: what is wrong, and what to do."""
    without = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted((ROOT / "registry_tool").rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "Problem"
        and len(call.args) < len(("route", "message", "help"))
        and not any(isinstance(argument, ast.Starred) for argument in call.args)
        and not {"help", None} & {keyword.arg for keyword in call.keywords}
    ]
    assert without == []
