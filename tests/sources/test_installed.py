"""What is installed runs without any registry, as the lock holds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.consume.install import install
from registry_tool.commands.run.explain import explain
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.sources.installed import FOLDER, LOCK_FILE
from registry_tool.sources.reference import open_reference

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a workflow, those that it calls, and an older release than the latest one."""
    install(["review-digest", "keyword-extractor:1.0.0"], str(ROOT), tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def package(project: Path, name: str) -> Path:
    (found,) = (project / FOLDER / name).glob("*.wfpkg")
    return found


@pytest.mark.usefixtures("project")
def test_a_name_means_what_is_locked_and_so_do_its_calls() -> None:
    assert open_reference("keyword-extractor", ".").program.workflow.version == "1.0.0"
    opened = open_reference("review-digest", ".")
    callee = opened.program.callees["sentiment-analysis"]
    assert callee.workflow.version == "1.2.0"
    assert opened.lock.workflows["sentiment-analysis"].digest == callee.digest
    assert explain("review-digest", ".", lambda _: {}).callees


def test_a_projects_own_dependencies_are_found_there(project: Path) -> None:
    own = open_reference("review-digest", ".").program.files["manifest.yaml"]
    (project / "workflow-resource.yaml").write_bytes(own)
    opened = open_reference(str(project), ".")
    assert opened.program.callees["sentiment-analysis"].workflow.version == "1.2.0"


@pytest.mark.usefixtures("project")
def test_what_is_not_installed_is_reported() -> None:
    with pytest.raises(NotFoundError, match=r"no version of sentiment-analysis is 1\.1\.0"):
        open_reference("sentiment-analysis:1.1.0", ".")
    with pytest.raises(NotFoundError, match="there is no workflow faq-answerer"):
        open_reference("faq-answerer", ".")


def test_a_package_that_is_gone_or_damaged_is_not_run(project: Path) -> None:
    file = package(project, "sentiment-analysis")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(bytes(data))
    with pytest.raises(RegistryError, match="sentiment-analysis"):
        open_reference("review-digest", ".")
    file.unlink()
    with pytest.raises(NotFoundError, match="its package is not there") as error:
        open_reference("review-digest", ".")
    assert "puppy-cli install sentiment-analysis:1.2.0" in error.value.hint


def test_a_registry_that_is_named_is_the_only_one(project: Path) -> None:
    with pytest.raises(NotFoundError, match="there is no registry here"):
        open_reference("review-digest", str(project / "nowhere"))
    (project / LOCK_FILE).unlink()
    with pytest.raises(NotFoundError, match="there is no registry here"):
        open_reference("review-digest", ".")
