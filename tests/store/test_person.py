"""Who works in a clone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from registry_tool.store.git.repository import Repository
from registry_tool.store.person import person_of

HOSTS = """\
example.org:
    user: other
github.com:
    users:
        ada-l:
    git_protocol: https
    user: ada-l
"""


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A clone of Ada's."""
    for words in (
        ("init", "-q"),
        ("config", "user.name", "Ada Lovelace"),
        ("config", "user.email", "ada@example.org"),
    ):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True)
    return Repository(tmp_path)


def test_git_knows_the_person(repository: Repository, tmp_path: Path) -> None:
    nobody = {"HOME": str(tmp_path)}
    assert str(person_of(repository, nobody)) == "Ada Lovelace <ada@example.org>"
    given = {**nobody, "GIT_AUTHOR_NAME": "Bob\n<b>", "GIT_AUTHOR_EMAIL": "bob@example.org"}
    assert str(person_of(repository, given)) == "Bobb <bob@example.org>"


def test_the_login_is_that_of_the_forges_own_tool(repository: Repository, tmp_path: Path) -> None:
    folder = tmp_path / ".config/gh"
    folder.mkdir(parents=True)
    (folder / "hosts.yml").write_text(HOSTS)
    at_home = {"HOME": str(tmp_path)}
    assert str(person_of(repository, at_home)) == "Ada Lovelace (@ada-l) <ada@example.org>"
    repository.run("config", "github.user", "countess")
    assert person_of(repository, at_home).login == "countess"
