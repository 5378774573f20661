"""The roles whose keys lie offline: root, which names all keys, and targets, which names those of the bins.

Both are signed by hand and lie in the registry's tree (`registry/tuf/`), every root that there ever was included:
who trusts an old one follows them one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from securesystemslib.signer import CryptoSigner, Key
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Delegations, Metadata, Root, SuccinctRoles, Targets
from tuf.api.serialization import DeserializationError
from tuf.api.serialization.json import JSONSerializer

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.records import Record

_READABLE: Final = JSONSerializer(compact=False)
_ONLINE: Final = ("snapshot", "timestamp")
_BY_HAND: Final = ("root", "targets")
BIN_PREFIX: Final = "bin"


class RolePolicy(Record, frozen=True):
    """Who holds which keys: `root_keys` sign root and targets, so many of them together; `online` all else.

    `bins` is the number of files over which the signed documents are spread, a power of two; `days` is how long
    root and targets hold.
    """

    root_keys: tuple[Key, ...]
    threshold: int
    online: Key
    bins: int
    days: int


class MissingSignatures(Record, frozen=True):
    """A file that lacks signatures: how many, and whose would count (ids of keys)."""

    file: str
    missing: int
    keys: tuple[str, ...]


@dataclass(frozen=True)
class OfflineRoles:
    """`roots` are all roots' bytes, the first first; `targets` those of the top-level targets."""

    roots: tuple[bytes, ...]
    targets: bytes
    location: str = "registry/tuf"

    @cached_property
    def root_chain(self) -> tuple[Metadata[Root], ...]:
        """The roots, numbered from 1 without a gap; `RegistryError` where a file is something else."""
        found = tuple(self._root(number, data) for number, data in enumerate(self.roots, 1))
        if not found:
            raise RegistryError("there is no root", location=self.location, hint=_INIT)
        return found

    def _root(self, number: int, data: bytes) -> Metadata[Root]:
        location = f"{self.location}/{number}.root.json"
        try:
            found = Metadata[Root].from_bytes(data)
        except DeserializationError as error:
            raise RegistryError(
                f"not a root ({error})", location=location, hint="restore it from git's history"
            ) from None
        if not isinstance(found.signed, Root) or found.signed.version != number:
            raise RegistryError(
                f"not the root of version {number}",
                location=location,
                hint="restore it from git's history",
            )
        return found

    @property
    def root(self) -> Root:
        """The newest root."""
        return self.root_chain[-1].signed

    @cached_property
    def top(self) -> Metadata[Targets]:
        """The top-level targets."""
        location = f"{self.location}/targets.json"
        try:
            found = Metadata[Targets].from_bytes(self.targets)
        except DeserializationError as error:
            raise RegistryError(f"not targets ({error})", location=location, hint=_RENEW) from None
        if not isinstance(found.signed, Targets) or _succinct(found.signed) is None:
            raise RegistryError("names no bins", location=location, hint=_RENEW)
        return found

    @property
    def bins(self) -> SuccinctRoles:
        """The bins, and whose signatures count for them."""
        found = _succinct(self.top.signed)
        if found is None:
            raise RegistryError("names no bins", location=self.location, hint=_RENEW)
        return found

    def missing(self) -> list[MissingSignatures]:
        """The signatures that are still to be made; none where all is signed."""
        return list(dict.fromkeys(self._missing()))

    def _missing(self) -> Iterator[MissingSignatures]:
        before: Root | None = None
        for one in self.root_chain:
            found = one.signed.get_root_verification_result(
                before, one.signed_bytes, one.signatures
            )
            for result in (found.first, found.second):
                if not result.verified:
                    file = f"{one.signed.version}.root.json"
                    yield MissingSignatures(file, result.missing, tuple(sorted(result.unsigned)))
            before = one.signed
        top = self.root.get_verification_result(
            "targets", self.top.signed_bytes, self.top.signatures
        )
        if not top.verified:
            yield MissingSignatures("targets.json", top.missing, tuple(sorted(top.unsigned)))

    def demand_signed(self) -> None:
        """`RegistryError` where signatures are missing: nobody who has pinned a root would take what follows."""
        for lack in self.missing():
            raise RegistryError(
                f"lacks {lack.missing} signatures of its root keys",
                location=f"{self.location}/{lack.file}",
                hint="who holds one runs `registry-tool trust sign --key FILE`, and commits it",
            )

    def expiring(self, now: datetime, within: timedelta) -> list[tuple[str, datetime]]:
        """(role, when) of what expires within some time, or has."""
        both = (("root", self.root.expires), ("targets", self.top.signed.expires))
        return [(role, when) for role, when in both if when - now <= within]


_INIT: Final = "registry-tool trust init makes one"
_RENEW: Final = "registry-tool trust root makes the next one"


def _succinct(targets: Targets) -> SuccinctRoles | None:
    return targets.delegations.succinct_roles if targets.delegations else None


def first_roles(policy: RolePolicy, now: datetime) -> OfflineRoles:
    """Root 1 and targets 1, not signed yet."""
    return OfflineRoles((_root_bytes(policy, 1, now),), _targets_bytes(policy, 1, now))


def next_roles(roles: OfflineRoles, policy: RolePolicy, now: datetime) -> OfflineRoles:
    """The next root and the next targets, not signed yet; a root that nobody has signed is made anew."""
    kept = roles.roots if roles.root_chain[-1].signatures else roles.roots[:-1]
    root = _root_bytes(policy, len(kept) + 1, now)
    targets = _targets_bytes(policy, roles.top.signed.version + 1, now)
    return replace(roles, roots=(*kept, root), targets=targets)


def policy_of(roles: OfflineRoles, days: int) -> RolePolicy:
    """The policy that the newest root states."""
    root, bins = roles.root, roles.bins
    online = root.keys[root.roles["timestamp"].keyids[0]]
    keys = tuple(root.keys[one] for one in root.roles["root"].keyids)
    return RolePolicy(keys, root.roles["root"].threshold, online, bins.number_of_bins, days)


def signed_by(roles: OfflineRoles, signers: Sequence[CryptoSigner]) -> tuple[OfflineRoles, int]:
    """The newest root and targets with signatures of these keys, and how many were added."""
    before = roles.root_chain[-2].signed if len(roles.roots) > 1 else roles.root
    wanted = {*before.roles["root"].keyids, *roles.root.roles["root"].keyids}
    root, top = roles.root_chain[-1], roles.top
    added = 0
    for signer in signers:
        added += _sign(root, signer, wanted)
        added += _sign(top, signer, set(roles.root.roles["targets"].keyids))
    if not added:
        ids = ", ".join(signer.public_key.keyid[:16] for signer in signers)
        raise UsageError(
            f"nothing is to be signed by {ids}: it is not a root key, or has signed already",
            location=roles.location,
            hint="`registry-tool trust status` says whose signatures are missing",
        )
    changed = replace(
        roles,
        roots=(*roles.roots[:-1], root.to_bytes(_READABLE)),
        targets=top.to_bytes(_READABLE),
    )
    return changed, added


def _sign(
    metadata: Metadata[Root] | Metadata[Targets], signer: CryptoSigner, wanted: set[str]
) -> int:
    key = signer.public_key.keyid
    if key not in wanted or key in metadata.signatures:
        return 0
    try:
        metadata.sign(signer, append=True)
    except RepositoryError as error:
        raise RegistryError(f"can't be signed ({error})") from None
    return 1


def _demand_possible(policy: RolePolicy) -> None:
    keys = len({key.keyid for key in policy.root_keys})
    if keys != len(policy.root_keys) or not 1 <= policy.threshold <= keys:
        raise UsageError(
            f"{policy.threshold} of {keys} different root keys can't sign",
            hint="name each root key once, and a threshold from 1 to their number",
        )
    if policy.online.keyid in {key.keyid for key in policy.root_keys}:
        raise UsageError(
            "the online key is a root key, too: who breaks into a job would own the registry for good",
            hint="make another one: registry-tool trust new-key FILE",
        )
    if policy.bins not in {2**bits for bits in range(1, 17)}:
        raise UsageError(
            f"{policy.bins} bins are not possible",
            hint="a power of two from 2 to 65536, such as 256",
        )


def _root_bytes(policy: RolePolicy, version: int, now: datetime) -> bytes:
    _demand_possible(policy)
    root = Root(version, expires=now + timedelta(days=policy.days))
    for role in _BY_HAND:
        for key in policy.root_keys:
            root.add_key(key, role)
        root.roles[role].threshold = policy.threshold
    for role in _ONLINE:
        root.add_key(policy.online, role)
    return Metadata(root).to_bytes(_READABLE)


def _targets_bytes(policy: RolePolicy, version: int, now: datetime) -> bytes:
    online = policy.online
    bins = SuccinctRoles([online.keyid], 1, policy.bins.bit_length() - 1, BIN_PREFIX)
    delegations = Delegations({online.keyid: online}, succinct_roles=bins)
    made = Targets(
        version, expires=now + timedelta(days=policy.days), targets={}, delegations=delegations
    )
    return Metadata(made).to_bytes(_READABLE)
