"""What git says when it fails, and what that means."""

from __future__ import annotations

import re

from registry_tool.core.errors import RegistryError
from registry_tool.store.remote_words import remote_words, tidy

_LOST_RACE = (
    "cannot lock ref",
    "failed to update ref",
    "failed to lock",
    "reference already exists",
    "incorrect old value provided",
    "but expected",
)
"""Why a ref was not moved, where somebody else was moving it."""

_STATUS = re.compile(r"(?:^|')[ \t]*! \[(remote )?rejected\] (.*)$", re.MULTILINE)
"""The line in which `git push` says what became of a ref (git-push(1), OUTPUT)."""

_MACHINES = {
    "No space left on device": ("the disk is full", "make room there, then run it again"),
    "Disk quota exceeded": ("the disk quota is used up", "make room there, then run it again"),
    "Read-only file system": ("the disk is read-only", "make it writable, then run it again"),
}
_RULES = ("GH013", "GH006", "protected branch", "repository rule violations")
_HELP_RULES = (
    "nothing was pushed: do what the rule asks for, or let this account pass it in the repository's settings "
    "(docs/github.md)"
)
_HELP_HOOK = "nothing was pushed: do what the remote asks for, or ask whoever runs it"
_HELP_RIGHTS = "give the token or key the right to write there (docs/github.md)"
_NO_RIGHTS = (
    "403",
    "Permission to ",
    "Permission denied",
    "Write access to repository not granted",
)
_UNREACHED = (
    "does not appear to be a git repository",
    "Could not read from remote repository",
    "unable to access",
    "Could not resolve host",
    "Authentication failed",
)
_HELP_UNREACHED = (
    "look at the remote's address (`git remote -v`), the connection, and your key or password there; "
    "then run it again"
)


class GitError(RegistryError):
    """A git command failed; `stderr` is what git said. What a remote said to it is shown whole, and bounded."""

    def __init__(self, command: str, stderr: str, location: str) -> None:
        self.stderr = stderr
        reason, help_ = _machine(stderr)
        message = reason or f"git {command} failed: {_reason(stderr)}"
        remote_said = remote_words(stderr)
        if remote_said:
            message = f"{message}; the remote says:\n{remote_said}"
        super().__init__(message, location=location, hint=help_ or _help(command, stderr))

    @property
    def tells_of_a_rival(self) -> bool:
        """True where a ref was not moved since somebody was faster, and not by a hook, a rule or a full disk."""
        if _machine(self.stderr)[0]:
            return False
        refs = list(_STATUS.finditer(self.stderr))
        if not refs:
            return any(word in self.stderr for word in _LOST_RACE)
        return all(not ref[1] or _lost_race(_why(ref[2])) for ref in refs)

    @property
    def tells_of_a_rule(self) -> bool:
        """True where the forge's rules for the branch refused a push."""
        return "[remote rejected]" in self.stderr and any(word in self.stderr for word in _RULES)


def _why(status: str) -> str:
    """The reason that stands in brackets at the end of what became of a ref."""
    text = status.rstrip(" \t\r'")
    return text.partition("(")[2][:-1] if text.endswith(")") else ""


def _lost_race(reason: str) -> bool:
    return any(word in reason for word in _LOST_RACE)


def _machine(stderr: str) -> tuple[str, str]:
    """What is wrong with a machine, and what to do; the remote's where the remote says so."""
    for words, (reason, help_) in _MACHINES.items():
        for line in stderr.splitlines():
            if words in line:
                where = "of the remote " if "remote" in line else ""
                what = reason.replace("the disk ", f"the disk {where}", 1)
                return f"{what} ({words})", help_
    return "", ""


def _help(command: str, stderr: str) -> str:
    if any(word in stderr for word in _NO_RIGHTS) and "fatal:" in stderr:
        return _HELP_RIGHTS
    if any(word in stderr for word in _UNREACHED):
        return _HELP_UNREACHED
    if command != "push" or "[remote rejected]" not in stderr:
        return ""
    return _HELP_RULES if any(word in stderr for word in _RULES) else _HELP_HOOK


def _reason(stderr: str) -> str:
    """The line that says what was wrong; below it git often gives advice that means nothing by itself."""
    refused = _STATUS.search(stderr)
    if refused is not None:
        return tidy(f"the push was refused ({_why(refused[2]) or 'no reason given'})")
    lines = [line.strip(" '\"") for line in stderr.strip().removeprefix("stderr: ").splitlines()]
    errors = [
        line for line in lines if line.removeprefix("stderr: '").startswith(("fatal:", "error:"))
    ]
    own = [line for line in lines if not line.startswith("remote:")]
    chosen = errors[:1] or own[-1:] or ["no reason given"]
    return tidy(chosen[0].removeprefix("stderr: '"))
