"""A project that validates at once, over nobody's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.author import init as module
from registry_tool.commands.author.init import ProjectWords, init
from registry_tool.commands.author.project_template import TEMPLATES
from registry_tool.commands.author.validate import validate
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.manifest.load import load_file
from registry_tool.sources.configuration.choice import RegistryChoice
from tests.commands.deploying import Make


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_project_validates_without_a_registry(tmp_path: Path, template: str) -> None:
    made = init("mine", template, tmp_path / "mine")
    workflow = load_file(made.folder / "workflow-resource.yaml").workflow
    assert (workflow.name, workflow.version) == ("mine", "1.0.0")
    assert (workflow.metadata.author, workflow.metadata.license) == ("you@example.com", "MIT")
    assert workflow.tests
    assert sorted(made.files) == sorted(p for p in made.folder.rglob("*") if p.is_file())
    assert validate(made.folder, RegistryChoice()).findings == ()
    assert (made.folder / "docs/README.md").read_text().startswith("# mine\n")


def test_what_the_author_says_stands_in_the_manifest(tmp_path: Path) -> None:
    words = ProjectWords('Says "no": loudly # always', "Ada <ada@example.com>", "Apache-2.0 OR MIT")
    made = init("mine", "text", tmp_path / "mine", words)
    result = load_file(made.folder / "workflow-resource.yaml").workflow.metadata
    assert (result.description, result.author, result.license) == (
        'Says "no": loudly # always',
        "Ada <ada@example.com>",
        "Apache-2.0 OR MIT",
    )


@pytest.mark.parametrize(
    ("name", "template", "words", "expected"),
    [
        ("mine", "clasify", ProjectWords(), "there is no template 'clasify'"),
        ("Not A Name", "text", ProjectWords(), "must be lower-case"),
        ("mine", "text", ProjectWords(license="Apache 2"), "is not an SPDX licence"),
        ("mine", "text", ProjectWords(description="x" * 70_000), "makes no manifest"),
        ("mine", "text", ProjectWords(author="two\nlines"), "makes no manifest"),
    ],
)
def test_wrong_words_are_refused_and_nothing_written(
    tmp_path: Path, name: str, template: str, words: ProjectWords, expected: str
) -> None:
    with pytest.raises(UsageError, match=expected) as refused:
        init(name, template, tmp_path / "mine", words)
    assert refused.value.hint
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_template_names_the_nearest_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        init("mine", "clasify", tmp_path / "mine")
    assert refused.value.hint.startswith("did you mean 'classify'?")


def test_a_folder_that_has_files_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty") as refused:
        init("mine", "text", folder)
    assert "-o" in refused.value.hint
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="a file already"):
        init("mine", "text", tmp_path / "file")
    assert [path.name for path in folder.rglob("*")] == ["notes.txt"]
    assert (tmp_path / "file").read_text() == "mine"


def test_a_project_is_never_made_over_another(tmp_path: Path) -> None:
    init("mine", "text", tmp_path / "mine")
    with pytest.raises(UsageError, match="a project already"):
        init("mine", "code", tmp_path / "mine")


def test_an_empty_folder_and_a_fresh_repository_are_filled(tmp_path: Path) -> None:
    (tmp_path / "mine/.git").mkdir(parents=True)
    made = init("mine", "text", tmp_path / "mine")
    assert {path.name for path in made.folder.iterdir()} == {
        *(".git", ".puppy", "docs", "workflow-resource.yaml")
    }


@pytest.mark.parametrize("there", [False, True])
def test_an_interrupted_one_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    folder = tmp_path / "mine"
    if there:
        folder.mkdir()
    rename, calls = Path.rename, []

    def interrupted(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == (2 if there else 1):
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        init("mine", "classify", folder)
    assert list(tmp_path.rglob("*")) == ([folder] if there else [])


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write_atomic", full)
    with pytest.raises(RegistryError, match="No space left"):
        init("mine", "text", tmp_path / "mine")
    assert list(tmp_path.iterdir()) == []


def test_a_category_that_the_registry_lacks_is_left_out(
    make_registry: Make, tmp_path: Path
) -> None:
    root = str(make_registry().root)
    for template, category in (("text", "text"), ("http", "uncategorized")):
        made = init("mine", template, tmp_path / template, registry=root)
        result = load_file(made.folder / "workflow-resource.yaml").workflow
        assert result.metadata.category == category
        assert validate(made.folder, root).findings == ()
