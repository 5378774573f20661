"""Tokens in files that only their user can read: `tokens/<host>` in the user's data folder.

A file that others can read, that is somebody else's, or that is a link is refused: its token may be known already.
"""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json, write_private
from registry_tool.forge.tokens.token import HostToken, checked_secret

_LARGEST = 16 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def data_folder() -> Path:
    """Where this tool keeps a user's own data (`$XDG_DATA_HOME/puppy-cli` on Linux)."""
    from platformdirs import user_data_path

    return user_data_path("puppy-cli", appauthor=False)


@dataclass(frozen=True, slots=True)
class TokenFiles:
    """One file a host, below `folder`."""

    folder: Path

    def path(self, host: str) -> Path:
        """Where a host's token is."""
        return self.folder / "tokens" / quote(host, safe="")

    def read(self, host: str) -> HostToken | None:
        """A host's token, None where none is kept; `RegistryError` for a file that can't be trusted."""
        path = self.path(host)
        data = _private_bytes(path)
        if data is None:
            return None
        value = parse_json(data, location=str(path))
        if not isinstance(value, dict) or value.get("host") != host:
            raise _refused(path, f"holds no token for {host}", f"remove it: rm {path}")
        return HostToken(
            host, f"the file {path}", checked_secret(str(value.get("token", "")), str(path))
        )

    def write(self, host: str, secret: str) -> HostToken:
        """Keep a token; the file has mode 0600 from its first byte, its folder 0700."""
        path = self.path(host)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(path, json.dumps({"host": host, "token": secret}).encode() + b"\n")
        return HostToken(host, f"the file {path}", secret)

    def remove(self, host: str) -> bool:
        """Remove a host's token, whatever the file's mode; False where none is kept."""
        try:
            self.path(host).unlink()
        except FileNotFoundError:
            return False
        return True


def _private_bytes(path: Path) -> bytes | None:
    """The content of a file that nobody else can read; it is judged by the descriptor that is read from."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _refused(path, f"can't be read: {error.strerror}", f"remove it: rm {path}") from None
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        _demand_private(path, about)
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise _refused(path, "is too large for a token", f"remove it: rm {path}")
    return data


def _demand_private(path: Path, about: os.stat_result) -> None:
    if os.name == "nt":  # modes mean nothing there; the folder is the user's own
        return
    if about.st_uid != os.geteuid():
        raise _refused(path, "belongs to somebody else", f"remove it: rm {path}")
    if about.st_mode & _OTHERS:
        mode = stat.S_IMODE(about.st_mode)
        hint = (
            "others may have read the token: revoke it and run `puppy-cli login` again, or, "
            f"if nobody else uses this machine: chmod 600 {path}"
        )
        raise _refused(path, f"has mode {mode:04o}, so that others can read the token", hint)


def _refused(path: Path, reason: str, hint: str) -> RegistryError:
    return RegistryError(f"the file {reason}", location=str(path), hint=hint)
