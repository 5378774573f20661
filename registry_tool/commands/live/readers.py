"""Who may read what of a private registry: by each workflow's latest list, and by the credential."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from registry_tool.core.errors import RegistryError
from registry_tool.manifest.model import Security
from registry_tool.manifest.owners import Owners, read_owners
from registry_tool.security.access import AUTHENTICATED, OWNER, PUBLIC, Access, may
from registry_tool.security.tokens.principal import READ, Principal
from registry_tool.store import paths
from registry_tool.store.tree import RegistryTree

NOBODY_ELSE: Final = (OWNER,)
"""What is taken for the list of a version that can't be read."""
_OPEN: Final = frozenset({PUBLIC, AUTHENTICATED})


class _Lists(msgspec.Struct):
    read: tuple[str, ...] = Security().read


class _Security(msgspec.Struct):
    access_control: _Lists = msgspec.field(default_factory=_Lists)


class _Compiled(msgspec.Struct):
    security: _Security = msgspec.field(default_factory=_Security)


def read_list(tree: RegistryTree, name: str, version: str) -> tuple[str, ...]:
    """The list of a version, out of its compiled workflow, of which nothing else is read."""
    path = f"{paths.version_dir(name, version)}/{paths.COMPILED}"
    try:
        found = msgspec.json.decode(tree.read(path), type=_Compiled)
    except (RegistryError, msgspec.MsgspecError):
        return NOBODY_ELSE
    return found.security.access_control.read


def owners_in(tree: RegistryTree, name: str) -> Owners:
    """Who owns a workflow; nobody where that can't be read."""
    path = paths.owners_file(name)
    try:
        return read_owners(tree.read(path), path) if tree.has(path) else Owners()
    except RegistryError:
        return Owners()


@dataclass(frozen=True)
class ReadGate:
    """Somebody before the workflows of a private registry, as a tree has them."""

    tree: RegistryTree
    access: Access
    who: Principal

    def admits(self, name: str, words: tuple[str, ...]) -> bool:
        """Whether they may read a workflow with that list."""
        who = self.who
        if who.is_anonymous or not who.lets(READ, name):
            return False
        if _OPEN & set(words):
            return True
        rules = Security(read=words)
        return may("read", who.id, rules, owners_in(self.tree, name), self.access).allowed
