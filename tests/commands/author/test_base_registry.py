"""What a candidate is judged on, and what is said of what can't be judged."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from registry_tool.commands.author.validate import validate
from registry_tool.core.errors import RegistryError
from registry_tool.sources.configuration.choice import choose_registry
from tests.conftest import RegistryFolder
from tests.rules.test_cases import CASES
from tests.sources.test_reader import built


def test_a_warning_says_what_was_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(CASES / "license/none", tmp_path / "mine")
    result = validate(tmp_path / "mine", "")
    assert [f.rule for f in result.findings if f.severity.value == "hold"] == [
        "license",
        "publishable",
    ]
    (nowhere, tests) = result.not_checked
    assert nowhere.warns
    assert "no registry is known" in str(nowhere)
    assert replace(tests, help="").rules == ("tests-pass", "dependents")


@pytest.mark.parametrize(
    ("location", "expected"),
    [("nowhere", "there is no registry here"), ("http://127.0.0.1:1", "the download failed")],
)
def test_a_registry_that_was_named_is_read_or_nothing_is_said(
    tmp_path: Path, location: str, expected: str
) -> None:
    """A cut line, or a slip of the pen, makes no project valid."""
    shutil.copytree(CASES / "license/none", tmp_path / "mine")
    choice = choose_registry(location, environ={})
    with pytest.raises(RegistryError, match=expected):
        validate(tmp_path / "mine", choice)


def test_offline_what_needs_no_registry_is_checked(tmp_path: Path) -> None:
    shutil.copytree(CASES / "license/none", tmp_path / "mine")
    choice = choose_registry("http://127.0.0.1:1", offline=True, environ={})
    (nowhere, _) = validate(tmp_path / "mine", choice).not_checked
    assert "http://127.0.0.1:1 was never fetched" in str(nowhere)


def test_an_api_does_not_tell_which_other_registries_there_are(
    make_registry: Callable[..., RegistryFolder], tmp_path: Path
) -> None:
    made = make_registry()
    made.add("base", "1.0.0")
    site = built(made, tmp_path / "site")
    shutil.copytree(made.root / "registry/workflows/base/1.0.0", tmp_path / "mine")
    manifest = tmp_path / "mine/manifest.yaml"
    text = manifest.read_text().replace(
        "workflows: []", "workflows: [{ name: far, version: ^1, registry: acme }]"
    )
    manifest.write_text(text.replace("name: base", "name: mine"))
    (tmp_path / "mine/workflow.json").unlink()
    found = validate(tmp_path / "mine", str(site))
    assert "dependencies-resolve" not in {finding.rule for finding in found.findings}
    assert "other registries" in str(found.not_checked[0])
    found = validate(tmp_path / "mine", str(made.root))
    assert "there is no registry 'acme'" in {finding.message for finding in found.findings}
