"""Errors that a person can act on: the place, the reason and the fix.

Everything the product raises on purpose is a `RegistryError`. `cli/errors.py` is the one place that
prints them and turns them into exit codes; anything else that escapes is a bug (exit code 3).
"""

from __future__ import annotations


class RegistryError(Exception):
    """Something is wrong that the person who runs the command can mend.

    `location` says where (a path, `path:line:column`, a reference), `reason` what is wrong,
    `hint` what to do. Exit code 1.
    """

    exit_code = 1

    def __init__(self, reason: str, *, location: str = "", hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.location = location
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        """To another process as it is: subclasses are made of other things than their reason."""
        return _as_it_was, (self.__class__, self.args, self.__dict__)

    def __str__(self) -> str:
        location = f"{self.location}: " if self.location else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{location}{self.reason}{hint}"


def _as_it_was(
    kind: type[RegistryError], args: tuple[object, ...], state: dict[str, object]
) -> RegistryError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class UsageError(RegistryError):
    """The command's words are off. Exit code 2."""

    exit_code = 2


class NotFoundError(RegistryError):
    """A named thing (workflow, version, environment, file) does not exist."""


class AccessDeniedError(RegistryError):
    """A host wants to know who asks, or lets nobody read; object storage says so, too, of what isn't there."""


class MissingToolError(RegistryError):
    """An optional part (extra, program, model) is not installed; `hint` says how to get it."""
