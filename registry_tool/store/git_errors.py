"""What git says when it fails, and what that means."""

from __future__ import annotations

from registry_tool.core.errors import RegistryError

_FASTER = (
    "stale info",
    "rejected",
    "cannot lock ref",
    "failed to update ref",
    "reference already exists",
)
_FORBIDDEN = ("hook declined", "protected branch")


class GitError(RegistryError):
    """A git command failed; `stderr` is what git said."""

    def __init__(self, command: str, stderr: str, place: str) -> None:
        self.stderr = stderr
        super().__init__(f"git {command} failed: {_reason(stderr)}", place=place)

    @property
    def tells_of_a_rival(self) -> bool:
        """True where a push was refused since somebody was faster, and not by a hook or a rule."""
        if any(word in self.stderr for word in _FORBIDDEN):
            return False
        return any(word in self.stderr for word in _FASTER)


def _reason(stderr: str) -> str:
    """The line that says what was wrong; below it git often gives advice that means nothing by itself."""
    lines = [line.strip(" '\"") for line in stderr.removeprefix("stderr: ").strip().splitlines()]
    told = [
        line for line in lines if line.removeprefix("stderr: '").startswith(("fatal:", "error:"))
    ]
    chosen = told[:1] or lines[-1:] or ["no reason given"]
    return chosen[0].removeprefix("stderr: '")
