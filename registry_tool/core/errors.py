"""Errors that a person can act on: the place, the reason and the way out.

Everything the product raises on purpose is a `RegistryError`. `cli/errors.py` is the one place that
prints them and turns them into exit codes; anything else that escapes is a bug (exit code 3).
"""

from __future__ import annotations


class RegistryError(Exception):
    """Something is wrong that the person who runs the command can mend.

    `place` says where (a path, `path:line:column`, a reference), `reason` what is wrong,
    `way_out` what to do. Exit code 1.
    """

    exit_code = 1

    def __init__(self, reason: str, *, place: str = "", way_out: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place
        self.way_out = way_out

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        way_out = f" ({self.way_out})" if self.way_out else ""
        return f"{place}{self.reason}{way_out}"


class UsageError(RegistryError):
    """The command's words are off. Exit code 2."""

    exit_code = 2


class NotFoundError(RegistryError):
    """A named thing (workflow, version, environment, file) does not exist."""


class MissingToolError(RegistryError):
    """An optional part (extra, program, model) is not installed; `way_out` says how to get it."""
