from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.author.dev.page import preview as module
from registry_tool.commands.author.dev.page.preview import Preview, preview_files, preview_path
from registry_tool.sources.program import Program
from registry_tool.sources.reference import open_alone
from tests.commands.author.dev.projects import two_ways


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return open_alone(str(two_ways(tmp_path / "two-ways")), "")


def test_the_page_of_the_version_in_each_language_with_its_files(program: Program) -> None:
    files = preview_files(program)
    assert preview_path(program) == "workflows/two-ways/1.0.0/index.html"
    assert {
        preview_path(program),
        f"zh/{preview_path(program)}",
        "assets/style.css",
    } <= files.keys()


def test_it_is_made_once_a_program(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    made = list[Program]()

    def counted(program: Program) -> dict[str, bytes]:
        made.append(program)
        return {"a": b"1"}

    monkeypatch.setattr(module, "preview_files", counted)
    preview = Preview()
    assert [preview.file(program, "a"), preview.file(program, "b")] == [b"1", None]
    assert len(made) == 1
