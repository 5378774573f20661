"""Making keys and roots: what a registry's root key holders do by hand, in files that they commit."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from registry_tool.commands.maintain.trust.metadata import TARGETS, offline_roles
from registry_tool.core.clock import Clock
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.core.files import read_limited, write_atomic, write_private
from registry_tool.core.same_file import demand_distinct
from registry_tool.security.tuf.pin import demand_library
from registry_tool.store import paths
from registry_tool.store.tree import FolderTree

if TYPE_CHECKING:
    from securesystemslib.signer import Key

    from registry_tool.security.tuf.offline import OfflineRoles

_LARGEST_KEY = 16 * 1024


@dataclass(frozen=True, slots=True)
class TrustKey:
    """A key that was made: its id, and where its two parts are."""

    id: str
    private: Path
    public: Path


@dataclass(frozen=True, slots=True)
class RootChange:
    """What a next root changes; what is empty stays."""

    add: tuple[Path, ...] = ()
    remove: tuple[str, ...] = ()
    threshold: int = 0
    online: Path | None = None
    bins: int = 0
    days: int = 365


def new_key(file: Path, passphrase: str = "") -> TrustKey:
    """Make an Ed25519 key: `file` (mode 0600) and `file`.pub; nothing that is there is overwritten."""
    demand_library()
    from registry_tool.security.tuf.keys import new_key as made
    from registry_tool.security.tuf.keys import read_public

    public = file.with_name(f"{file.name}.pub")
    for there in (file, public):
        if there.exists() or there.is_symlink():
            raise UsageError(
                "is there already; nothing was written",
                location=str(there),
                hint="name another file: a key that is overwritten is lost",
            )
    secret, published = made(passphrase)
    write_private(file, secret)
    write_atomic(public, published)
    return TrustKey(read_public(published, str(public)).keyid, file, public)


def init(  # noqa: PLR0913 - what a root says, each by name
    root: Path,
    *,
    root_keys: Sequence[Path],
    online: Path,
    threshold: int,
    bins: int,
    days: int,
    clock: Clock,
) -> OfflineRoles:
    """Write the first root and the first targets into the registry's tree, to be signed."""
    demand_library()
    from registry_tool.security.tuf.offline import RolePolicy, first_roles

    if (root / paths.root_file(1)).exists():
        raise UsageError(
            "the registry has a root already; nothing was written",
            location=paths.root_file(1),
            hint="registry-tool trust root makes the next one",
        )
    keys = tuple(_public(file) for file in root_keys)
    policy = RolePolicy(keys, threshold, _public(online), bins, days)
    return _written(root, first_roles(policy, clock.now()))


def next_root(root: Path, change: RootChange, clock: Clock) -> OfflineRoles:
    """Write the next root and the next targets, to be signed by enough keys of the old root and of the new one."""
    roles = there(root)
    from registry_tool.security.tuf.offline import next_roles, policy_of

    policy = policy_of(roles, change.days)
    added = tuple(_public(file) for file in change.add)
    kept = tuple(key for key in policy.root_keys if not _is_named(key, change.remove))
    for text in change.remove:
        if not any(_is_named(key, (text,)) for key in policy.root_keys):
            raise UsageError(
                f"no root key's id begins with {text[:64]!r}",
                location=paths.TRUST,
                hint="`registry-tool trust status` lists them",
            )
    changed = replace(
        policy,
        root_keys=(*kept, *added),
        threshold=change.threshold or policy.threshold,
        online=_public(change.online) if change.online else policy.online,
        bins=change.bins or policy.bins,
    )
    if changed.bins != policy.bins and changed.online.keyid == policy.online.keyid:
        raise UsageError(
            "another number of bins takes another online key: whoever has seen the old bins would miss them "
            "in what the same key signs, and take nothing any more",
            location=paths.TRUST,
            hint="registry-tool trust new-key FILE, and name FILE.pub: --online-key",
        )
    return _written(root, next_roles(roles, changed, clock.now()))


def sign(root: Path, key: Path, passphrase: str = "") -> OfflineRoles:
    """Add a key's signature to the newest root and targets."""
    roles = there(root)
    from registry_tool.security.tuf.keys import read_signers
    from registry_tool.security.tuf.offline import signed_by

    demand_distinct(key, "--key", [root / paths.root_file(len(roles.roots)), root / TARGETS])
    signers = read_signers(_read(key), str(key), passphrase)
    if not passphrase:
        _demand_private(key)
    changed, _ = signed_by(roles, signers)
    return _written(root, changed)


def there(root: Path) -> OfflineRoles:
    """The registry's roles; `NotFoundError` where it has no root."""
    found = offline_roles(FolderTree(root))
    if found is None:
        raise NotFoundError(
            "the registry has no root, so nothing of it is signed",
            location=paths.root_file(1),
            hint="registry-tool trust init makes one (docs/trust.md)",
        )
    return found


def needs_passphrase(key: Path) -> bool:
    """Whether a private key's file asks for a passphrase."""
    demand_library()
    from registry_tool.security.tuf.keys import is_encrypted

    return is_encrypted(_read(key))


def _written(root: Path, roles: OfflineRoles) -> OfflineRoles:
    """The roles as files; `RegistryError` where what is written could not be read back."""
    if not roles.root_chain or not roles.bins:
        raise RegistryError("the root is empty", location=paths.TRUST)
    number = len(roles.roots)
    write_atomic(root / paths.root_file(number), roles.roots[-1])
    write_atomic(root / TARGETS, roles.targets)
    return roles


def _is_named(key: Key, ids: Sequence[str]) -> bool:
    return any(text and key.keyid.startswith(text) for text in ids)


def _demand_private(key: Path) -> None:
    """A root key that lies open is everybody's on its machine; Windows has no such modes."""
    if os.name == "posix" and key.stat().st_mode & 0o077:
        raise RegistryError("others can read the key", location=str(key), hint=f"chmod 600 {key}")


def _public(file: Path) -> Key:
    from registry_tool.security.tuf.keys import read_public

    return read_public(_read(file), str(file))


def _read(file: Path) -> bytes:
    if not file.is_file():
        raise NotFoundError(
            "there is no such file",
            location=str(file),
            hint="registry-tool trust new-key FILE makes a key",
        )
    return read_limited(file, _LARGEST_KEY)
