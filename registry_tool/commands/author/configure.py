"""`puppy-cli config`: which settings hold, where each comes from, and changing the files that hold them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from registry_tool.core.errors import NotFoundError
from registry_tool.core.files import write_atomic, write_private
from registry_tool.core.toml_file import parse_toml, read_toml
from registry_tool.core.urls import is_web_address, without_credentials
from registry_tool.core.values import Object, Value
from registry_tool.sources.configuration.choice import Origin, clone_around
from registry_tool.sources.configuration.files import (
    PROJECT_FILE,
    SettingsFile,
    project_file,
    project_settings,
    user_file,
    user_settings,
)
from registry_tool.sources.configuration.keys import (
    SETTINGS,
    SettingKey,
    SettingValue,
    setting_of,
    settings_in,
)
from registry_tool.sources.configuration.location import is_repository

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


@dataclass(frozen=True, slots=True)
class SettingInUse:
    """A setting's value without credentials, and who says it; `holds` is false where a stronger one is said."""

    key: str
    value: SettingValue
    source: str
    holds: bool = True

    @property
    def text(self) -> str:
        """As a person reads it."""
        if isinstance(self.value, bool):
            return str(self.value).lower()
        return self.value if isinstance(self.value, str) else ", ".join(self.value)

    def to_value(self) -> Object:
        """As JSON."""
        value: Value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"key": self.key, "value": value, "source": self.source, "holds": self.holds}


def list_settings(
    project: Path = Path(), environ: Mapping[str, str] | None = None
) -> list[SettingInUse]:
    """Every setting that somebody says, and the defaults of the others; of each key the strongest first."""
    environ = os.environ if environ is None else environ
    own, user = project_settings(project), user_settings()
    found: list[SettingInUse] = []
    for setting in SETTINGS:
        for key in _keys(setting, own, user):
            values = list(_said(setting, key, own, user, environ))
            if not values and setting.default != "":
                values = [(setting.default, "default")]
            found += (
                SettingInUse(key, _shown(value), source, holds=position == 0)
                for position, (value, source) in enumerate(values)
            )
    return found


def get_setting(
    key: str, project: Path = Path(), environ: Mapping[str, str] | None = None
) -> SettingInUse:
    """The value that holds; `NotFoundError` where nobody says one, `UsageError` for an unknown key."""
    setting_of(key)
    for one in list_settings(project, environ):
        if one.key == key:
            return one
    raise NotFoundError(f"{key} is not set", hint=f"puppy-cli config set {key} …")


def _keys(
    setting: SettingKey, own: SettingsFile | None, user: SettingsFile | None
) -> Iterator[str]:
    table, dot, name = setting.key.partition(".")
    if name != "NAME":
        yield setting.key
        return
    files = [file for file in (own, user) if file is not None]
    yield from dict.fromkeys(
        key for file in files for key in file.values if key.startswith(f"{table}{dot}")
    )


def _said(
    setting: SettingKey,
    key: str,
    own: SettingsFile | None,
    user: SettingsFile | None,
    environ: Mapping[str, str],
) -> Iterator[tuple[SettingValue, str]]:
    if text := environ.get(setting.variable, ""):
        yield setting.read(text, setting.variable), setting.variable
    if own and key in own.values:
        yield own.values[key], own.place(key)
    if key == "registry" and (around := clone_around()):
        yield str(around), str(Origin.AROUND)
    if user and key in user.values:
        yield user.values[key], user.place(key)


def _shown(value: SettingValue) -> SettingValue:
    if isinstance(value, bool):
        return value
    if isinstance(value, tuple):
        return tuple(map(without_credentials, value))
    return without_credentials(value)


def set_setting(key: str, values: Sequence[str], *, project: Path | None = None) -> Path:
    """Write a setting into the user's file, or with `project` into that project's; gives the file.

    `UsageError` for a key or a value that it can't have; then nothing is written.
    """
    setting = setting_of(key)
    read = setting.read(list(values) if len(values) > 1 else values[0], key)
    path = _file(project)
    value = _from_anywhere(key, read, None if project is None else path.parent)

    def change(document: TOMLDocument) -> None:
        from tomlkit import table

        plain = list(value) if isinstance(value, tuple) else value
        above, dot, name = key.partition(".")
        if not dot:
            document[above] = plain
            return
        if above not in document:
            document[above] = table()
        document[above][name] = plain

    return _rewritten(path, change, of_project=project is not None)


def unset_setting(key: str, *, project: Path | None = None) -> Path:
    """Take a setting out of the user's file, or of a project's; `NotFoundError` where it isn't there."""
    setting_of(key)
    path = _file(project)

    def change(document: TOMLDocument) -> None:
        above, dot, name = key.partition(".")
        table = document.get(above, {}) if dot else document
        if (name or above) not in table:
            raise NotFoundError(f"{key} is not set there", location=str(path))
        del table[name or above]

    return _rewritten(path, change, of_project=project is not None)


def _file(project: Path | None) -> Path:
    if project is None:
        return user_file().resolve()
    return (project_file(project) or project / PROJECT_FILE).resolve()


def _rewritten(path: Path, change: Callable[[TOMLDocument], None], *, of_project: bool) -> Path:
    """A file with everything else as it was, comments too; only what is read again as meant is written."""
    from tomlkit import dumps, parse

    old = read_toml(path).text if path.exists() else ""
    document = parse(old)
    change(document)
    data = dumps(document).encode()
    settings_in(parse_toml(data, str(path)), of_project=of_project)
    if of_project:
        write_atomic(path, data)
    else:
        write_private(path, data)  # an address in it may hold a token
    return path


def _from_anywhere(key: str, value: SettingValue, folder: Path | None) -> SettingValue:
    """A folder is meant wherever one is later: absolute in the user's file, from its own place in a project's."""
    text = str(value)
    is_location = key.startswith("registries.") or (key == "registry" and isinstance(value, str))
    if not is_location or is_web_address(text) or _is_name(key, text, folder):
        return value
    if folder is None:
        return str(Path(text).resolve())
    return text if Path(text).is_absolute() else os.path.relpath(text, folder)


def _is_name(key: str, text: str, folder: Path | None) -> bool:
    """Whether a value names a registry of the settings, or a repository, and not a folder."""
    if Path(text).exists():
        return False
    files = (user_settings(), project_settings(folder) if folder else None)
    named = any(file is not None and text in file.registries for file in files)
    return (key == "registry" and named) or is_repository(text)
