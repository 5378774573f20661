"""A repository by its folder, and git commands on it with the tool's own configuration."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from registry_tool.store.git.environment import (
    ON_OBJECTS,
    OWN_SETTINGS,
    own_environment,
)
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.locations import places_of
from registry_tool.store.git.open_objects import OpenObjects, open_objects
from registry_tool.store.git.process import (
    command_name,
    error_text,
    fill,
    run_to_completion,
    text_of,
)


class Commands:
    """A repository by its folder (a work tree, a folder inside one, or a bare repository).

    `calls` counts git processes, so that tests can assert what an operation costs.
    """

    def __init__(self, folder: Path) -> None:
        found = places_of(folder)
        self.work_tree, self.git_dir, self._own_dir = found.work_tree, found.common, found.own
        self.location = str(self.work_tree or self.git_dir)
        self.calls = 0
        self._open: OpenObjects | None = None

    def run(
        self, *command: str, stdin: bytes | None = None, env: Mapping[str, str] | None = None
    ) -> bytes:
        """Standard output of a git command with the tool's own configuration; `GitError` where it fails.

        Commands on objects take ids (`object_name` gives a ref's).
        """
        more = dict(env or {})
        environment: Mapping[str, str]
        settings: tuple[str, ...]
        if command_name(command) in ON_OBJECTS or "GIT_INDEX_FILE" in more:
            environment, settings = self._opened().alone.environment, ()
        else:
            environment, settings = own_environment(self._own_dir), OWN_SETTINGS
        words = ("git", *settings, *command)
        return self._execute(words, {**environment, **more}, self._own_dir, stdin, self.location)

    def _opened(self) -> OpenObjects:
        if self._open is None:
            self._open = open_objects(self.git_dir)
        return self._open

    def _execute(
        self,
        words: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        stdin: bytes | None,
        location: str,
    ) -> bytes:
        self.calls += 1
        with tempfile.TemporaryFile() as source:
            fill(source, stdin or b"")
            done = run_to_completion(words, folder, environment, source)
        if done.returncode:
            raise GitError(command_name(words[1:]), error_text(done.stderr), location)
        return done.stdout

    def text(self, *command: str, stdin: bytes | None = None) -> str:
        """Standard output as text without the last line break."""
        return text_of(self.run(*command, stdin=stdin))
