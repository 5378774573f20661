"""git's configuration is asked once, and again as soon as any of its files says something else."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from registry_tool.store.git.repository import Repository

PATTERN = r"^(user\.name|remote\..+\.url|registry-tool\.remote)$"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    (tmp_path / "home").mkdir()
    subprocess.run(["git", "init", "--quiet", tmp_path / "clone"], check=True)
    return Repository(tmp_path / "clone")


def config(repository: Repository, *words: str) -> None:
    subprocess.run(["git", "config", *words], cwd=repository.location, check=True)


def test_what_has_not_changed_is_not_asked_again(repository: Repository) -> None:
    config(repository, "registry-tool.remote", "here")
    first = repository.settings(PATTERN)
    calls = repository.calls
    assert repository.settings(PATTERN) == first == {"registry-tool.remote": "here"}
    assert repository.calls == calls
    again = Repository(Path(repository.location))
    assert again.settings(PATTERN) == first
    assert again.calls == 0


def test_every_change_is_seen(repository: Repository, tmp_path: Path) -> None:
    assert repository.settings(PATTERN) == {}
    config(repository, "remote.Origin.x.url", "one")
    assert repository.settings(PATTERN) == {"remote.Origin.x.url": "one"}
    config(repository, "remote.Origin.x.url", "two")
    assert repository.settings(PATTERN) == {"remote.Origin.x.url": "two"}
    config(repository, "--global", "user.name", "Ada")
    assert repository.settings(PATTERN)["user.name"] == "Ada"
    (tmp_path / "home/.config/git").mkdir(parents=True)
    (tmp_path / "home/.config/git/config").write_text('[registry-tool]\n\tremote = "a\\nb"\n')
    assert repository.settings(PATTERN)["registry-tool.remote"] == "a\nb"


def test_the_environment_counts(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "user.name" not in repository.settings(PATTERN)
    count = int(os.environ.get("GIT_CONFIG_COUNT", "0"))
    monkeypatch.setenv("GIT_CONFIG_COUNT", str(count + 1))
    monkeypatch.setenv(f"GIT_CONFIG_KEY_{count}", "user.name")
    monkeypatch.setenv(f"GIT_CONFIG_VALUE_{count}", "Bob")
    assert repository.settings(PATTERN)["user.name"] == "Bob"


def test_what_is_included_is_asked_each_time(repository: Repository, tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.write_text("[user]\n\tname = Ada\n")
    config(repository, "include.path", str(more))
    assert repository.settings(PATTERN)["user.name"] == "Ada"
    more.write_text("[user]\n\tname = Bob\n")
    assert repository.settings(PATTERN)["user.name"] == "Bob"
