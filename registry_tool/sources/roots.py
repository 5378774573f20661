"""Which root is pinned for a registry: a program's own, else that of settings and of the lock, if they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry_tool.core.errors import UsageError
from registry_tool.core.urls import same_place
from registry_tool.security.tuf.pin import RootPin, has_library, parse_pin
from registry_tool.sources.configuration.choice import Origin, RegistryChoice
from registry_tool.sources.configuration.named import PUBLIC, NamedRegistry
from registry_tool.sources.lock_file import LOCK_FILE, read_locked

if TYPE_CHECKING:
    from registry_tool.sources.api_reader import ApiReader


def pin_for(one: NamedRegistry, choice: RegistryChoice) -> RootPin | None:
    """The pinned root of a registry, None where there is none.

    `UsageError` where settings and the lock pin different ones: nobody here knows which of them is right.
    """
    if choice.given_root and same_place(one.location, choice.order[0].location):
        return parse_pin(choice.given_root, "root")
    key, said = _said(one, choice)
    file = choice.project / LOCK_FILE
    roots = read_locked(file).roots
    name = next((name for name in names_in_lock(one, choice) if name in roots), "")
    locked = parse_pin(roots[name], str(file)) if name else None
    if said and locked and said != locked and _is_of(name, choice):
        raise _disagree(key, said, f"roots.{name}", locked, str(file))
    return said or locked


def _said(one: NamedRegistry, choice: RegistryChoice) -> tuple[str, RootPin | None]:
    """The setting that pins a registry's root, and the root."""
    same = (n.name for n in choice.named.values() if same_place(n.location, one.location))
    for name in dict.fromkeys([one.name, *same]):
        if name in choice.roots:
            key = f"roots.{name}"
            return key, parse_pin(choice.roots[name], key)
    return "", None


def _is_of(name: str, choice: RegistryChoice) -> bool:
    """Whether a lock's name is of the registry in use: `--registry` may be another than its `public`."""
    return name != PUBLIC or choice.origin is not Origin.OPTION


def _disagree(key: str, said: RootPin, name: str, locked: RootPin, file: str) -> UsageError:
    return UsageError(
        f"two different roots are pinned for one registry: {locked} here ({name}), {said} in settings ({key})",
        location=file,
        hint="ask the registry's maintainers which one is theirs, and take the other out: by hand here, or with "
        f"`puppy-cli config unset {key}` (--project for puppy.toml)",
    )


def pinned(reader: ApiReader, one: NamedRegistry, choice: RegistryChoice) -> ApiReader:
    """The reader, which holds what it reads against the registry's pinned root, where there is one.

    Where the choice pins what is new, the root that the registry shows is taken, if it has one.
    """
    reader.pin, reader.offline = pin_for(one, choice), choice.offline
    reader.clock = choice.clock
    if reader.pin is None and choice.pins_new and not choice.offline and has_library():
        from registry_tool.sources.pinned_root import first_seen

        reader.pin = first_seen(reader.site_file, reader.location)
    return reader


def names_in_lock(one: NamedRegistry, choice: RegistryChoice) -> tuple[str, ...]:
    """What a lock may call a registry: a single one is `public` in it."""
    return (PUBLIC, one.name) if len(choice.order) == 1 else (one.name,)
