"""What a person writes for a registry: a folder, an address, or a repository on the forge."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from registry_tool.core.errors import UsageError
from registry_tool.core.urls import is_web_address, without_credentials

HERE: Final = "."
"""The registry that is meant where nobody names one: the folder that a command runs in."""
_REPOSITORY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}")
_ON_GITHUB: Final = re.compile(r"https://github\.com/([^/?#\s@]+/[^/?#\s@]+?)(?:\.git)?/?")
_OTHER_ADDRESS: Final = re.compile(r"(?i)[a-z][a-z0-9+.-]*:|[\w.-]+@[\w.-]+:")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DRIVE: Final = re.compile(r"[A-Za-z]:[\\/]")


class LocationKind(StrEnum):
    """Where a registry is."""

    FOLDER = "folder"
    ADDRESS = "address"
    REPOSITORY = "repository"


def kind_of(location: str) -> LocationKind:
    """A folder wins over a repository of the same spelling; `https://github.com/OWNER/REPO` is a repository."""
    if is_web_address(location):
        return LocationKind.REPOSITORY if _ON_GITHUB.fullmatch(location) else LocationKind.ADDRESS
    if is_repository(location) and not Path(location).exists():
        return LocationKind.REPOSITORY
    return LocationKind.FOLDER


def repository_name(location: str) -> str:
    """`OWNER/REPO` of a location of that kind."""
    on_github = _ON_GITHUB.fullmatch(location)
    return on_github[1] if on_github else location


def demand_location(text: str, source: str) -> str:
    """The location as it is; `UsageError` for what names no registry that could be opened."""
    if not text.strip() or "\n" in text or "\0" in text:
        raise UsageError("the registry's name is empty", location=source, hint=WAYS)
    if _CONTROL.search(text) or (is_web_address(text) and not _is_whole(text)):
        raise UsageError(
            f"{without_credentials(text)[:200]!r} is not an address", location=source, hint=WAYS
        )
    if _OTHER_ADDRESS.match(text) and not is_web_address(text) and not _DRIVE.match(text):
        raise UsageError(
            f"{without_credentials(text)[:200]!r} is an address of a kind that is not read",
            location=source,
            hint=f"git clone it, then name the clone's folder; or {WAYS}",
        )
    return text


def _is_whole(address: str) -> bool:
    """Whether an address has a host, and a port that is one where it names any."""
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


WAYS: Final = "name a clone, a built site, an https:// address or OWNER/REPO"
"""What a registry's name may be, for messages."""


def is_repository(text: str) -> bool:
    """Whether a text is spelled `OWNER/REPO`; a folder may be, too."""
    owner, _, name = text.partition("/")
    return (
        bool(_REPOSITORY.fullmatch(text)) and owner not in {".", ".."} and name not in {".", ".."}
    )
