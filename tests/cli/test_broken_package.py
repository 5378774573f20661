from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from registry_tool.cli.broken_package import _EXTRAS, broken_package
from registry_tool.cli.errors import run

ROOT = Path(__file__).parents[2]


def failing(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch, name: str) -> ImportError:
    """What importing a module of this text and name raises."""
    (folder / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(str(folder))
    with pytest.raises(ImportError) as caught:
        __import__(name)
    return caught.value


def test_an_installed_package_that_fails_is_not_a_bug_of_the_tool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "raise ImportError('libgomp.so.1: cannot open shared object file')"
    error = failing(tmp_path, text, monkeypatch, "brokenextra")

    def command() -> object:
        raise error

    assert run(command) == 1
    output = capsys.readouterr().err
    assert "the Python package brokenextra is installed, but can't be loaded: libgomp" in output
    assert "pip install --force-reinstall" in output
    assert "bug" not in output


def test_a_missing_one_names_its_extra() -> None:
    with pytest.raises(ModuleNotFoundError) as caught:
        raise ModuleNotFoundError("No module named 'docx'", name="docx")
    result = broken_package(caught.value)
    assert result is not None
    assert "docx is not installed" in result.reason
    assert "[files]" in result.hint


def test_a_module_of_the_tool_that_is_missing_is_a_bug() -> None:
    with pytest.raises(ImportError) as caught:
        from registry_tool.core import nothing_of_this_name  # type: ignore[attr-defined]  # noqa: F401
    assert broken_package(caught.value) is None


def test_every_extra_is_one_of_the_product() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert set(_EXTRAS.values()) <= set(project["optional-dependencies"])
