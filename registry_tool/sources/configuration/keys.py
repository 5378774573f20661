"""Every setting that a project's `puppy.toml` and the user's own file may hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, cast

from registry_tool.core.errors import UsageError
from registry_tool.core.records import Record
from registry_tool.core.suggest import did_you_mean
from registry_tool.core.toml_file import TomlFile
from registry_tool.core.urls import holds_credentials
from registry_tool.manifest.names import bad_name
from registry_tool.security.tuf.pin import parse_pin
from registry_tool.sources.configuration.location import demand_location

SettingValue = str | bool | tuple[str, ...]
_TABLES: Final = ("registries", "roots", "cache")
_SIZE: Final = re.compile(r"(\d{1,9})\s*(KiB|MiB|GiB)?")
_UNITS: Final = {None: 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


class SettingKey(Record, frozen=True):
    """One setting: what it means, the variable that goes before it, and whether a project's file may say it.

    `read` gives its value from a file's, or raises `UsageError` with the place that it is given.
    """

    key: str
    about: str
    read: Callable[[object, str], SettingValue]
    variable: str = ""
    default: SettingValue = ""
    in_project: bool = True


def _registry(value: object, place: str) -> SettingValue:
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return tuple(demand_location(item, place) for item in cast(list[str], value))
    if not isinstance(value, str):
        raise UsageError(
            "not a registry's name, and not a list of names",
            location=place,
            hint='write registry = "https://…", or registry = ["first", "second"]',
        )
    return demand_location(value, place)


def _location(value: object, place: str) -> SettingValue:
    if not isinstance(value, str):
        raise UsageError("not text in quotes", location=place, hint='write NAME = "https://…"')
    return demand_location(value, place)


def _pin(value: object, place: str) -> SettingValue:
    return str(parse_pin(value if isinstance(value, str) else "", place))


def _flag(value: object, place: str) -> SettingValue:
    if isinstance(value, str) and value.lower() in _FLAGS:
        return _FLAGS[value.lower()]
    if not isinstance(value, bool):
        raise UsageError("neither true nor false", location=place, hint="write true or false")
    return value


_FLAGS: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def _size(value: object, place: str) -> SettingValue:
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not _SIZE.fullmatch(text):
        raise UsageError(f"{text!r} is not a size", location=place, hint='write "256MiB", or "0"')
    return text


def size_in_bytes(text: str) -> int:
    """The bytes of a size such as `256MiB`."""
    found = _SIZE.fullmatch(text)
    return int(found[1]) * _UNITS[found[2]] if found else 0


def flag_of(text: str, place: str) -> bool:
    """The value of a variable that is on or off; `UsageError` for another word."""
    return bool(text) and _flag(text, place) is True


SETTINGS: Final = (
    SettingKey(
        "registry", "The registry to use, or several, the first first.", _registry, "PUPPY_REGISTRY"
    ),
    SettingKey("registries.NAME", "The address of a registry that has a name.", _location),
    SettingKey(
        "roots.NAME",
        "The pinned root of the registry of that name: what it serves is held against its signatures.",
        _pin,
    ),
    SettingKey(
        "offline", "Use only what was fetched before, and the lock.", _flag, "PUPPY_OFFLINE", False
    ),
    SettingKey(
        "cache.size",
        "How large the cache of fetched documents may grow; 0 keeps none.",
        _size,
        "PUPPY_CACHE_SIZE",
        "256MiB",
        in_project=False,
    ),
)


def setting_of(key: str, place: str = "") -> SettingKey:
    """The setting that a key such as `registries.acme` names; `UsageError` with the nearest right one."""
    table, dot, name = key.partition(".")
    if table in {"registries", "roots"} and dot:
        if reason := bad_name(name):
            raise UsageError(
                f"the registry's name {name[:64]!r} {reason}",
                location=place,
                hint="choose a name such as acme or acme-internal",
            )
        return _BY_KEY[f"{table}.NAME"]
    if key in _BY_KEY:
        return _BY_KEY[key]
    raise UsageError(
        f"there is no setting {key[:64]!r}",
        location=place,
        hint=did_you_mean(key, _BY_KEY, f"there are {', '.join(_BY_KEY)}"),
    )


_BY_KEY: Final = {setting.key: setting for setting in SETTINGS}


def settings_in(file: TomlFile, *, of_project: bool) -> Mapping[str, SettingValue]:
    """What a file says, by key, in its order; `UsageError` with file and line for what it may not say."""
    found: dict[str, SettingValue] = {}
    for key, value in _flat(file):
        place = file.location(key.split(".", 1))
        setting = setting_of(key, place)
        if of_project and not setting.in_project:
            raise UsageError(
                f"a project's file can't set {key}",
                location=place,
                hint=f"set it for yourself: puppy-cli config set {key} …",
            )
        found[key] = setting.read(value, place)
        if of_project:
            _demand_no_credentials(found[key], place)
    return found


def _flat(file: TomlFile) -> list[tuple[str, object]]:
    pairs: list[tuple[str, object]] = []
    for key, value in file.value.items():
        if key.startswith("x-"):
            continue
        if key in _TABLES and isinstance(value, dict):
            pairs += ((f"{key}.{name}", item) for name, item in value.items())
        else:
            pairs.append((key, value))
    return pairs


def _demand_no_credentials(value: SettingValue, place: str) -> None:
    """A project's file is shared: what stands in it is known to everyone who has the project."""
    texts = value if isinstance(value, tuple) else (str(value),)
    if any(map(holds_credentials, texts)):
        raise UsageError(
            "an address with a user or a password doesn't belong into a project's file",
            location=place,
            hint="leave them out here, and set the address for yourself: puppy-cli config set registries.NAME …",
        )
