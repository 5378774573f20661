"""docs/sdk-python.md says what is true: its examples are files that run, its reference is the docstrings'."""

from __future__ import annotations

import importlib.util
import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest

import puppyai.workflows as sdk
from puppyai.workflows import errors
from tests.made_once import put_copy
from tests.sdk.conftest import make_published_site
from tests.sdk.live_registry import LiveRegistry, live_registry

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/sdk-python.md").read_text("utf-8")
EXAMPLES = sorted((ROOT / "examples/python").glob("*.py"))
ADDRESS = "https://registry.example.com"
SAID = {
    "find": ["text-preprocessor 1.6.0", "sha256:", "lowercase boolean False"],
    "results": ["HELLO, WORLD!", "3.0\n13\n", "success"],
    "events": ["execution_started", "edge_finished clean-up", "shout"],
    "errors": ["no workflow text-preprocesor - did you mean text-preprocessor?"],
    "async_calls": ["['One', 'Two', 'Three']", "execution_finished"],
    "live": ["exec-", "Hello\nsuccess"],
    "build": ['name: "greeter"', "Good day, Ada!"],
    "verify": ["text-preprocessor 1.6.0 ["],
}
"""What each example prints, among other things."""


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[LiveRegistry]:
    put_copy(make_published_site, tmp_path / "site")
    with live_registry(LiveRegistry(tmp_path / "site", token="your-token")) as running:
        yield running
    assert running.violations == []


def test_the_examples_on_the_page_are_the_files() -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert sorted(blocks) == sorted(path.read_text("utf-8") for path in EXAMPLES)
    assert {path.stem for path in EXAMPLES} == set(SAID)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_runs(
    example: Path,
    registry: LiveRegistry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    program = tmp_path / example.name
    program.write_text(example.read_text("utf-8").replace(ADDRESS, registry.address), "utf-8")
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(program), run_name="__main__")
    output = capsys.readouterr().out
    assert [words for words in SAID[example.stem] if words not in output] == [], output


def test_the_generated_parts_are_the_docstrings() -> None:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "scripts/sdk_reference.py")
    assert spec is not None
    assert spec.loader is not None
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    assert reference.rewritten(PAGE) == PAGE, "run scripts/sdk_reference.py"


def test_every_error_is_exported_told_of_and_below_one() -> None:
    own = {
        name
        for name, thing in vars(errors).items()
        if isinstance(thing, type) and thing.__module__ == errors.__name__
    }
    assert own <= set(sdk.__all__)
    reported = set(re.findall(r"`(\w+Error)`", errors.__doc__ or ""))
    assert own <= reported
    assert all(issubclass(getattr(errors, name), sdk.WorkflowError) for name in own)


def test_everything_public_says_what_it_does() -> None:
    for name in sdk.__all__:
        thing = getattr(sdk, name)
        if isinstance(thing, type):
            assert thing.__doc__, name


def five_lines(page: str) -> str:
    """The page's only Python, which is five lines long."""
    (text,) = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
    assert len([line for line in text.splitlines() if line]) == 5
    return str(text)


def test_the_five_lines_of_the_readme_run_in_a_clone_as_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "five.py").write_text(five_lines("README.md"))
    monkeypatch.chdir(ROOT)
    runpy.run_path(str(tmp_path / "five.py"))
    assert capsys.readouterr().out == "Hello, World!\n"


@pytest.mark.model
def test_the_five_lines_of_the_sdks_readme(
    registry: LiveRegistry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = five_lines("sdks/python/README.md")
    program = tmp_path / "five.py"
    program.write_text(re.sub(r'registry_url="[^"]*"', f'registry_url="{registry.address}"', text))
    runpy.run_path(str(program))
    assert "'label'" in capsys.readouterr().out
