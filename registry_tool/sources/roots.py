"""Which root is pinned for a registry: by the user's settings or the project's, else by the project's lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry_tool.core.urls import same_place
from registry_tool.security.tuf.pin import RootPin, has_library, parse_pin
from registry_tool.sources.configuration.choice import RegistryChoice
from registry_tool.sources.configuration.named import PUBLIC, NamedRegistry
from registry_tool.sources.lock_file import LOCK_FILE, read_locked

if TYPE_CHECKING:
    from registry_tool.sources.api_reader import ApiReader


def pin_for(one: NamedRegistry, choice: RegistryChoice) -> RootPin | None:
    """The pinned root of a registry, None where there is none."""
    same = (n.name for n in choice.named.values() if same_place(n.location, one.location))
    names = [one.name, *same]
    for name in dict.fromkeys(names):
        if name in choice.roots:
            return parse_pin(choice.roots[name], f"roots.{name}")
    file = choice.project / LOCK_FILE
    locked = read_locked(file).roots
    locked_pin = next((locked[name] for name in names_in_lock(one, choice) if name in locked), None)
    return parse_pin(locked_pin, str(file)) if locked_pin else None


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
