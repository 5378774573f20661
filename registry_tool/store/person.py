"""Who works in a clone: the person as git knows them, and their login where a forge's own tools have one."""

from __future__ import annotations

import getpass
import re
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from registry_tool.core.clock import instant
from registry_tool.core.records import Record
from registry_tool.store.git.environment import users_environment
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.process import run_to_completion, text_of
from registry_tool.store.git.repository import Repository

_HOST = re.compile(r"^github\.com:\s*\n((?:[ \t]+.*\n?|\s*\n)*)", re.MULTILINE)
_USER = re.compile(r"^[ \t]+user:[ \t]*[\"']?([A-Za-z0-9-]{1,39})[\"']?[ \t]*$", re.MULTILINE)


class Person(Record, frozen=True):
    """A name and an address as commits have them, and the forge's login, empty where none is known."""

    name: str
    email: str
    login: str = ""

    def __str__(self) -> str:
        login = f" (@{self.login})" if self.login else ""
        return f"{self.name}{login} <{self.email}>"


def person_of(repository: Repository, environ: Mapping[str, str]) -> Person:
    """git's `user.name` and `user.email` (or what `GIT_AUTHOR_…` says), else the machine's user."""
    known, user = repository.settings(r"^(user\.name|user\.email|github\.user)$"), _machine_user()
    name = environ.get("GIT_AUTHOR_NAME") or known.get("user.name") or user
    email = environ.get("GIT_AUTHOR_EMAIL") or known.get("user.email") or f"{user}@localhost"
    login = known.get("github.user") or _login_of_gh(environ)
    return Person(_plain(name), _plain(email), _plain(login) if login else "")


def configured_email(folder: Path, environ: Mapping[str, str]) -> str:
    """git's `user.email` for a folder, which need be no repository; empty where there is none, or no git."""
    if given := environ.get("GIT_AUTHOR_EMAIL"):
        return _plain(given)
    try:
        with tempfile.TemporaryFile() as nothing:
            words = ("git", "config", "--get", "user.email")
            done = run_to_completion(words, folder, users_environment(), nothing)
    except OSError:  # there is no git
        return ""
    return _plain(text_of(done.stdout)) if done.returncode == 0 and done.stdout.strip() else ""


def bot_identity(now: datetime) -> Identity:
    """Whose commits are those that no person makes: a job's, and what is generated."""
    return Identity("registry-tool", "registry-tool@localhost", instant(now))


def _plain(text: str) -> str:
    """Without what git has no place for in an identity."""
    return re.sub(r"[<>\x00-\x1f\x7f]", "", text).strip()[:200] or "unknown"


def _machine_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id that has no name
        return "unknown"


def _login_of_gh(environ: Mapping[str, str]) -> str:
    """Whom GitHub's own `gh` is logged in as."""
    home = environ.get("XDG_CONFIG_HOME") or f"{environ.get('HOME', '')}/.config"
    file = Path(environ.get("GH_CONFIG_DIR") or f"{home}/gh") / "hosts.yml"
    try:
        host = _HOST.search(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return ""
    user = _USER.search(host[1]) if host else None
    return user[1] if user else ""
