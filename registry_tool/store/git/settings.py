"""What git's configuration says, asked once for as long as none of its files changes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from registry_tool.core.records import Record

LIST: Final = ("config", "--null", "--show-origin", "--list")
_FOUND_BY: Final = ("GIT_CONFIG", "HOME", "XDG_CONFIG_HOME", "USERPROFILE")
_MOST: Final = 64

Stamp = tuple[tuple[str, int, int, int], ...]


class _Known(Record, frozen=True):
    """Settings by key, and the files that they stand in or would stand in, as they were."""

    values: Mapping[str, str]
    files: tuple[str, ...]
    stamp: Stamp


_KNOWN: Final[dict[tuple[str, tuple[tuple[str, str], ...]], _Known]] = {}


def settings(folder: Path, common: Path, ask: Callable[[], str]) -> Mapping[str, str]:
    """All settings of a repository by key (section and last word in lower case); the last value of each.

    `folder` and `common` are its git folder and the one that its worktrees share; `ask` runs git with `LIST`.
    Where a file includes others by conditions, it is asked each time.
    """
    key = (str(folder), _environment_key(os.environ))
    known = _KNOWN.get(key)
    if known is not None and known.stamp == _stamp(known.files):
        return known.values
    before = {path: _stamp((path,)) for path in _usual(folder, common)}
    values, files = _read(ask(), folder)
    watched = tuple(dict.fromkeys((*before, *files)))
    stamp = _stamp(watched)
    if len(_KNOWN) >= _MOST:
        _KNOWN.clear()
    unmoved = all(_stamp((path,)) == seen for path, seen in before.items())
    if unmoved and not any(name.startswith(("include.", "includeif.")) for name in values):
        _KNOWN[key] = _Known(values, watched, stamp)
    return values


def _environment_key(environ: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((k, v) for k, v in environ.items() if k.startswith(_FOUND_BY)))


def _usual(folder: Path, common: Path) -> tuple[str, ...]:
    """Where git looks, whether a file is there or not (git-config(1), FILES)."""
    home = os.environ.get("HOME") or os.environ.get("USERPROFILE") or ""
    theirs = os.environ.get("XDG_CONFIG_HOME") or f"{home}/.config"
    named = os.environ.get("GIT_CONFIG_GLOBAL", "")
    locations = (*_SYSTEM, f"{home}/.gitconfig", f"{theirs}/git/config", named)
    own = (str(common / "config"), str(folder / "config.worktree"))
    return tuple(path for path in (*locations, *own) if path)


_SYSTEM: Final = ("/etc/gitconfig", "/usr/local/etc/gitconfig", "/opt/homebrew/etc/gitconfig")


def _stamp(files: tuple[str, ...]) -> Stamp:
    return tuple(_seen(path) for path in files)


def _seen(path: str) -> tuple[str, int, int, int]:
    try:
        found = Path(path).stat()
    except OSError:
        return path, 0, 0, 0
    return path, found.st_mtime_ns, found.st_size, found.st_ino


def _read(listed: str, folder: Path) -> tuple[dict[str, str], list[str]]:
    """The settings, and the files that they stand in."""
    parts = listed.split("\0")
    values: dict[str, str] = {}
    files = []
    for origin, item in zip(parts[::2], parts[1::2], strict=False):
        name, _, value = item.partition("\n")
        values[name] = value
        if origin.startswith("file:"):
            files.append(str(folder / origin.removeprefix("file:")))
    return values, files
