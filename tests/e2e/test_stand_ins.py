"""The stand-ins are at least as strict as the actions that they stand in for."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from tests.e2e.scratch import STAND_INS, outside_actions

UPLOAD = {"name": "run", "path": "build", "if-no-files-found": "warn", "overwrite": "false"}


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, STAND_INS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look there
    spec.loader.exec_module(module)
    return module


artifacts = loaded("artifacts")
caches = loaded("caches")


class Run:
    """One run's steps on the stand-ins' store; `attempt` moves on as by *Re-run*."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.number, self.attempt = folder, 1, 1

    def does(self, what: str, inputs: Mapping[str, str], **more: str) -> dict[str, str]:
        named = {key.replace("_", "-"): value for key, value in more.items()}
        store = artifacts.Store(self.folder / "kept", str(self.number), str(self.attempt))
        result: dict[str, str] = artifacts.DOES[what]({**inputs, **named}, store)
        return result

    def upload(self, **more: str) -> dict[str, str]:
        return self.does("upload-artifact", UPLOAD, **more)

    def download(self, **more: str) -> list[str]:
        """The files that came."""
        into = self.folder / f"into{len(list(self.folder.iterdir()))}"
        self.does("download-artifact", {"path": str(into), "run-id": str(self.number)}, **more)
        return sorted(str(p.relative_to(into)) for p in into.rglob("*") if p.is_file())


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "build").mkdir()
    (tmp_path / "build/a.txt").write_text("a")
    (tmp_path / "build/.hidden").write_text("h")
    return Run(tmp_path)


def test_a_name_is_there_once_in_a_run(run: Run) -> None:
    run.upload()
    with pytest.raises(artifacts.RefusedError, match="409"):
        run.upload()
    run.attempt = 2
    with pytest.raises(artifacts.RefusedError, match="409"):
        run.upload()
    run.upload(overwrite="true")
    assert len(list((run.folder / "kept").glob("1/*/run"))) == 1
    run.number = 2
    run.upload()


@pytest.mark.parametrize("name", ["a/b", "a:b", "a\nb", "", "a*", 'a"'])
def test_names_that_no_artifact_has(run: Run, name: str) -> None:
    with pytest.raises(artifacts.RefusedError, match="name is not valid"):
        run.upload(name=name)


def test_paths_that_no_artifact_holds(run: Run) -> None:
    (run.folder / "build/a:b").write_text("x")
    with pytest.raises(artifacts.RefusedError, match="path for one of the files"):
        run.upload()


def test_nothing_to_keep(run: Run) -> None:
    with pytest.raises(artifacts.RefusedError, match="No files were found"):
        run.upload(path="nowhere", if_no_files_found="error")
    assert run.upload(path="nowhere") == {}
    with pytest.raises(artifacts.RefusedError, match="Artifact not found"):
        run.download(name="run")
    for word in ("", "maybe"):
        with pytest.raises(artifacts.RefusedError, match="Unrecognized"):
            run.upload(if_no_files_found=word)


def test_wrong_words(run: Run) -> None:
    with pytest.raises(artifacts.RefusedError, match="YAML"):
        run.upload(overwrite="yes")
    with pytest.raises(artifacts.RefusedError, match="retention-days"):
        run.upload(retention_days="thirty")


def test_hidden_files(run: Run) -> None:
    run.upload()
    run.upload(name="all", include_hidden_files="true")
    assert run.download(name="run") == ["a.txt"]
    assert run.download(name="all") == [".hidden", "a.txt"]


def test_patterns_make_folders_but_for_one(run: Run) -> None:
    run.upload(name="part-1")
    assert run.download(pattern="part-*") == ["a.txt"]  # since v5
    run.upload(name="part-2")
    assert run.download(pattern="part-*") == ["part-1/a.txt", "part-2/a.txt"]
    assert run.download(pattern="part-*", merge_multiple="true") == ["a.txt"]
    assert run.download(pattern="other-*") == []


def test_earlier_attempts_are_seen_with_a_token_only(run: Run) -> None:
    run.upload()
    run.attempt = 2
    with pytest.raises(artifacts.RefusedError, match="not found"):
        run.download(name="run")
    assert run.download(name="run", github_token="t") == ["a.txt"]


def test_pages_takes_one_artifact(run: Run) -> None:
    pages = {"name": "github-pages", "path": "build"}
    with pytest.raises(artifacts.RefusedError, match="No artifacts named"):
        run.does("deploy-pages", {"artifact_name": "github-pages"})
    run.does("upload-pages-artifact", pages)
    with pytest.raises(artifacts.RefusedError, match=r"no index\.html"):
        run.does("deploy-pages", {"artifact_name": "github-pages"})
    run.attempt = 2
    with pytest.raises(artifacts.RefusedError, match="409"):
        run.does("upload-pages-artifact", pages)
    (run.folder / "kept/1/2/github-pages").mkdir(parents=True)  # as GitHub would have it
    with pytest.raises(artifacts.RefusedError, match="Artifact count is 2"):
        run.does("deploy-pages", {"artifact_name": "github-pages"})


def test_a_cache_never_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRATCH_CACHES", str(tmp_path / "caches"))
    folder = tmp_path / "tool"
    assert not caches.restore("key", str(folder))
    folder.mkdir()
    (folder / "x").write_text("1")
    caches.save("key", str(folder))
    (folder / "x").write_text("2")
    caches.save("key", str(folder))
    assert caches.restore("key", str(folder))
    assert (folder / "x").read_text() == "1"
    assert not caches.restore("key", str(tmp_path / "other"))
    with pytest.raises(SystemExit, match="Key Validation"):
        caches.restore("a,b", str(folder))


def checkout(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The stand-in's own script on a remote with two commits on main and a branch beside it."""
    action = yaml.safe_load((STAND_INS / "checkout/action.yml").read_text())
    given = {
        name: str(inputs.get(name.replace("-", "_"), known["default"]))
        for name, known in action["inputs"].items()
    }
    known = {
        "REF": given["ref"],
        "DEPTH": given["fetch-depth"],
        "FOLDER": given["path"],
        "PERSIST": given["persist-credentials"],
        "REPOSITORY": given["repository"],
    }
    work = folder / "work"
    work.mkdir(exist_ok=True)
    return subprocess.run(
        ["bash", "-c", action["runs"]["steps"][0]["run"]],
        cwd=work,
        env={
            **os.environ,
            **known,
            "EVENT": inputs.get("event", "push"),
            "SCRATCH_REMOTE": str(folder / "remote"),
            "SCRATCH_OTHERS": str(folder / "others"),
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    for words in (
        ["init", "--quiet", "--initial-branch=main", "remote"],
        *(["-C", "remote", *who, "commit", "--quiet", "--allow-empty", "-m", m] for m in "ab"),
        ["-C", "remote", "branch", "beside"],
        ["-C", "remote", "config", "uploadpack.allowAnySHA1InWant", "true"],
    ):
        subprocess.run(["git", *words], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


def seen(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder / "work"), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_a_checkout_is_shallow_and_keeps_the_token_unless_told(remote: Path) -> None:
    assert checkout(remote).returncode == 0
    assert seen(remote, "rev-list", "--count", "HEAD") == "1"
    assert seen(remote, "branch", "-r") == "origin/main"
    assert "left-behind" in (remote / "work/.git/config").read_text()
    assert checkout(remote, fetch_depth="0", persist_credentials="false").returncode == 0
    assert seen(remote, "rev-list", "--count", "HEAD") == "2"
    assert "origin/beside" in seen(remote, "branch", "-r")
    assert "left-behind" not in (remote / "work/.git/config").read_text()


def test_a_checkout_of_a_commit_or_of_what_is_not_there(remote: Path) -> None:
    checkout(remote, fetch_depth="0")
    first = seen(remote, "rev-parse", "HEAD~1")
    assert checkout(remote, ref=first).returncode == 0
    assert seen(remote, "rev-parse", "HEAD") == first
    for wrong in (
        {"ref": "nowhere"},
        {"fetch_depth": "all"},
        {"persist_credentials": "no"},
        {"event": "pull_request"},
        {"path": "../elsewhere"},
        {"path": "/elsewhere"},
    ):
        assert checkout(remote, **wrong).returncode != 0, wrong


def test_a_checkout_of_another_repository(remote: Path) -> None:
    (remote / "others/ada").mkdir(parents=True)
    (remote / "others/ada/notes.git").symlink_to(remote / "remote")
    assert checkout(remote, repository="ada/notes", ref="beside").returncode == 0
    assert seen(remote, "branch", "--show-current") == "beside"
    assert checkout(remote, repository="ada/none").returncode != 0


def test_a_checkout_below_the_workspace_leaves_the_rest_alone(remote: Path) -> None:
    checkout(remote)
    assert checkout(remote, ref="beside", path="build/site").returncode == 0
    assert seen(remote, "branch", "--show-current") == "main"
    assert seen(remote, "-C", "build/site", "branch", "--show-current") == "beside"


def test_an_input_that_a_stand_in_does_not_know_is_refused(tmp_path: Path) -> None:
    step: dict[str, Any] = {"uses": "actions/checkout@x", "with": {"fetch-dept": 0}}
    (tmp_path / "w.yml").write_text(json.dumps({"jobs": {"a": {"steps": [step]}}}))
    with pytest.raises(AssertionError, match="fetch-dept"):
        outside_actions(tmp_path / "w.yml")


def test_every_stand_in_is_in_its_readme() -> None:
    table = (STAND_INS / "README.md").read_text()
    for action in STAND_INS.rglob("action.yml"):
        assert f"`{action.parent.relative_to(STAND_INS)}`" in table
