"""`puppy-cli bundle`: one file that is run, tested, verified and installed where there is no registry."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.commands.author.bundle import bundle
from registry_tool.commands.author.suite import run_suite
from registry_tool.commands.author.verify import verify
from registry_tool.commands.consume.install import install
from registry_tool.commands.run.run import RunCommand, run_anything
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.runtime.run_tests import SuiteOptions
from registry_tool.sources.configuration.choice import choose_registry
from registry_tool.sources.installed import InstalledReader
from registry_tool.sources.lock_file import read_locked
from tests.conftest import RegistryFolder


@pytest.fixture(name="file")
def bundled(
    make_registry: Callable[..., RegistryFolder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A bundle of `caller`, which requires `hello`, in a folder without a registry."""
    made = make_registry()
    for version in ("1.0.0", "1.1.0"):
        made.lay("hello", version)
    made.lay("caller", "1.0.0", hello="^1.0.0")
    made.compile()
    away = tmp_path / "away"
    away.mkdir()
    monkeypatch.chdir(away)
    first = bundle("caller", str(made.root))
    assert (first.path, first.lock.versions) == (Path("caller-1.0.0.wfbundle"), {"hello": "1.1.0"})
    again = bundle("caller:1.0.0", str(made.root), Path("again.wfbundle"))
    assert again.path.read_bytes() == first.path.read_bytes()
    rebundled = bundle("again.wfbundle", choose_registry(), Path("third.wfbundle"))
    assert rebundled.path.read_bytes() == first.path.read_bytes()
    return first.path


def test_it_runs_is_tested_and_verified_without_a_registry(file: Path) -> None:
    nowhere = choose_registry()
    assert not nowhere.is_known
    result = run_anything(RunCommand(str(file), nowhere), lambda _: {"who": "Ada"})
    assert result.status == "success"
    assert run_suite(str(file), nowhere, SuiteOptions()).passed
    found = verify(str(file), nowhere)
    assert found.report.passed
    assert not found.to_value()["published"]
    assert found.opened.lock.versions == {"hello": "1.1.0"}
    with pytest.raises(UsageError, match="published and never changes"):
        run_suite(str(file), nowhere, SuiteOptions(record=True))


def test_it_is_installed_beside_what_is_there(file: Path) -> None:
    done = install([str(file)], choose_registry(), Path())
    assert (done.lock.versions, done.written) == ({"caller": "1.0.0", "hello": "1.1.0"}, 2)
    assert install([str(file)], choose_registry(), Path()).written == 0
    lock = read_locked(Path("workflow.lock"))
    reader = InstalledReader(Path(), lock)
    (candidate,) = reader.versions("hello")
    assert "manifest.yaml" in reader.files(candidate)
    with pytest.raises(UsageError, match="installed alone"):
        install([str(file), "hello"], choose_registry(), Path())


def test_one_that_was_changed_is_refused_everywhere(file: Path) -> None:
    data = file.read_bytes()
    assert data.count(b"kind: Workflow") == 2
    file.write_bytes(data.replace(b"kind: Workflow", b"kind: workflow"))
    for command in (
        lambda: run_anything(RunCommand(str(file), "."), lambda _: {}),
        lambda: verify(str(file), "."),
        lambda: install([str(file)], ".", Path()),
    ):
        with pytest.raises(RegistryError) as error:
            command()
        assert "caller-1.0.0.wfbundle" in error.value.location
    assert not Path("workflow.lock").exists()


def test_a_project_s_bundle_holds_it_as_publishing_would(file: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    manifest = (tmp_path / "registry/registry/workflows/caller/1.0.0/manifest.yaml").read_text()
    (project / "workflow-resource.yaml").write_text(manifest)
    made = bundle(str(project), str(tmp_path / "registry"), Path("own.wfbundle"))
    assert made.lock.versions == {"hello": "1.1.0"}
    assert verify("own.wfbundle", choose_registry()).report.passed
    (project / "old.wfpkg").write_bytes(file.read_bytes())
    with pytest.raises(RegistryError, match="is an archive"):
        bundle(str(project), str(tmp_path / "registry"), Path("bad.wfbundle"))
    assert not Path("bad.wfbundle").exists()
