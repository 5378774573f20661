"""Settings and remotes of a repository: asked as the user would, with a job's credentials."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from registry_tool.core.errors import NotFoundError
from registry_tool.store.credentials import job_credentials
from registry_tool.store.git.environment import (
    USERS_SETTINGS,
    users_environment,
)
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.process import text_of
from registry_tool.store.git.references import References
from registry_tool.store.git.settings import LIST, settings


class Remotes(References):
    """Other repositories, by their names or addresses."""

    def ask_remote(self, remote: str, *command: str) -> bytes:
        """Run a git command that talks to a remote: with the user's configuration and a job's credentials.

        A remote's address may be a relative path, so it runs where git itself would stand. An error names the
        remote as its place.
        """
        environment = users_environment(self._credentials(remote))
        words = ("git", *USERS_SETTINGS, *command)
        return self._execute(words, environment, Path(self.location), None, remote)

    def _ask_settings(self, *command: str) -> bytes:
        """What the user's and the clone's configuration say; only read, nothing is started by it."""
        environment = {**users_environment(), "GIT_DIR": str(self._own_dir)}
        words = ("git", *USERS_SETTINGS, *command)
        return self._execute(words, environment, self._own_dir, None, self.location)

    def _credentials(self, remote: str) -> Mapping[str, str] | None:
        if not os.environ.get("GITHUB_TOKEN"):
            return None
        return job_credentials(os.environ, self.remote_address(remote)) or None

    def push(self, remote: str, new: str, ref: str, old: str) -> bool:
        """Move a ref on a remote, or delete it where `new` is empty; False where somebody was faster."""
        try:
            self.ask_remote(
                remote,
                *("push", "--quiet", "--no-recurse-submodules", f"--force-with-lease={ref}:{old}"),
                *(remote, f"{new}:{ref}"),
            )
        except GitError as error:
            if error.tells_of_a_rival:
                return False
            raise
        return True

    def fetch(self, remote: str, ref: str, into: str) -> str:
        """Fetch a ref into a local one; its commit, empty where the remote has none."""
        try:
            self.ask_remote(
                remote,
                *("fetch", "--quiet", "--no-tags", "--no-recurse-submodules"),
                *(remote, f"+{ref}:{into}"),
            )
        except GitError as error:
            if "couldn't find remote ref" in error.stderr:
                return ""
            raise
        return self.commit(into)

    def complete(self, remote: str, ref: str) -> None:
        """Fetch into a shallow clone what it lacks of the history of a remote's ref."""
        words = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--unshallow")
        self.ask_remote(remote, *words, remote, ref)

    def remote_refs(self, remote: str, *patterns: str) -> dict[str, str]:
        """Ids by ref of a remote, asked now; `GitError` where it can't be reached."""
        lines = self.ask_remote(remote, "ls-remote", "--refs", remote, *patterns)
        pairs = (line.split("\t", 1) for line in lines.decode().splitlines())
        return {ref: commit for commit, ref in pairs}

    def remote_address(self, name: str) -> str:
        """The address of a remote; `NotFoundError` for none."""
        try:
            return text_of(self._ask_settings("remote", "get-url", "--", name))
        except GitError as error:
            if "No such remote" not in error.stderr:
                raise
        raise NotFoundError(
            f"there is no remote {name!r}", location=self.location, hint="look at `git remote`"
        )

    def remotes(self) -> list[str]:
        """Names of the remotes."""
        return text_of(self._ask_settings("remote")).splitlines()

    def config(self, key: str) -> str:
        """A setting of git's own configuration (its key in lower case), empty where it is not set."""
        return self.settings(f"^{re.escape(key)}$").get(key, "")

    def settings(self, pattern: str) -> dict[str, str]:
        """The settings whose keys (section and last word in lower case) fit a pattern: all in one question."""

        def ask() -> str:
            return text_of(self._ask_settings(*LIST))

        try:
            known = settings(self._own_dir, self.git_dir, ask)
        except GitError:
            return {}
        return {key: value for key, value in known.items() if re.search(pattern, key)}
