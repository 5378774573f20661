"""The two files that hold settings: the project's `puppy.toml` and the user's own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from registry_tool.core.records import Record, field
from registry_tool.core.toml_file import TomlFile, read_toml
from registry_tool.sources.configuration.keys import SettingValue, settings_in

PROJECT_FILE: Final = "puppy.toml"
_APPLICATION: Final = "puppy-cli"


class SettingsFile(Record, frozen=True):
    """What one file says: values by key, in the file's order. `folder` is where its relative paths begin."""

    file: TomlFile
    folder: Path
    of_project: bool
    values: Mapping[str, SettingValue] = field(default_factory=dict)

    def place(self, key: str) -> str:
        """`puppy.toml:3`, for messages."""
        return self.file.location(key.split(".", 1))

    @property
    def registries(self) -> dict[str, str]:
        """Named registries, in the file's order."""
        return self._table("registries")

    @property
    def roots(self) -> dict[str, str]:
        """Pinned roots of registries, by the registry's name."""
        return self._table("roots")

    def _table(self, table: str) -> dict[str, str]:
        pairs = ((key.partition("."), value) for key, value in self.values.items())
        return {name: str(value) for (found, _, name), value in pairs if found == table}


def user_file() -> Path:
    """Where the user's own settings are, whether there are any or not."""
    from platformdirs import user_config_path

    return user_config_path(_APPLICATION, appauthor=False) / "config.toml"


def user_settings() -> SettingsFile | None:
    """The user's own settings; None where there are none."""
    path = user_file()
    if not path.is_file():
        return None
    file = read_toml(path)
    return SettingsFile(
        file, path.parent, of_project=False, values=settings_in(file, of_project=False)
    )


def project_settings(project: Path) -> SettingsFile | None:
    """The settings of the project at a folder (or a manifest): its own, or those of a folder above it."""
    path = project_file(project)
    if path is None:
        return None
    file = read_toml(path, os.path.relpath(path))
    return SettingsFile(
        file, path.parent, of_project=True, values=settings_in(file, of_project=True)
    )


def project_file(project: Path) -> Path | None:
    """The nearest `puppy.toml` at or above a project, up to its repository; None where there is none.

    One above it counts only where it belongs to the project's owner, this user or root: anybody may write into a
    folder such as /tmp.
    """
    start = (project if project.is_dir() else project.parent).absolute()
    for folder in (start, *start.parents):
        path = folder / PROJECT_FILE
        if path.is_file() and (folder == start or _is_trusted(path, start)):
            return path
        if (folder / ".git").exists():
            return None
    return None


def _is_trusted(path: Path, start: Path) -> bool:
    if not hasattr(os, "getuid"):
        return True
    return path.stat().st_uid in {0, os.getuid(), start.stat().st_uid}
