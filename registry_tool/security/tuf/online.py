"""The roles that the publish job signs: bins of targets, snapshot and timestamp.

A version is the second in which it was signed (or one more than before): a build from nothing is never behind what
a consumer saw, and the snapshot alone tells how old each bin is. Only what differs, or is old, is signed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final, NamedTuple, TypeVar

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile, Snapshot, TargetFile, Targets, Timestamp
from tuf.api.serialization import DeserializationError

from registry_tool.core.errors import RegistryError
from registry_tool.security.tuf.offline import OfflineRoles
from registry_tool.security.tuf.pin import (
    FOLDER,
    NEWEST_ROOT,
    ONLINE_KEY,
    DamagedMetadataError,
)

BIN_DAYS: Final = 90
SNAPSHOT_DAYS: Final = 14
TIMESTAMP_DAYS: Final = 7
_BIN_AGE: Final = timedelta(days=30)
_DAILY: Final = timedelta(hours=12)
"""A job that runs once a day renews timestamp and snapshot each time."""
_TIMESTAMP: Final = f"{FOLDER}/timestamp.json"

Read = Callable[[str], bytes | None]
"""A file of the output that is there, None where it has none."""
T = TypeVar("T", Targets, Snapshot, Timestamp)


class SignedFile(NamedTuple):
    """What is signed of a file: its bytes' number, and their SHA-256 (hex)."""

    length: int
    sha256: str


class SignedBefore(NamedTuple):
    """What an output has of the online roles."""

    timestamp: Metadata[Timestamp]
    snapshot: Metadata[Snapshot]

    @property
    def bin_versions(self) -> dict[str, int]:
        """Versions of the bins by name."""
        meta = self.snapshot.signed.meta
        return {
            name.removesuffix(".json"): one.version
            for name, one in meta.items()
            if name != "targets.json"
        }


@dataclass(frozen=True)
class OnlineRoles:
    """Signs by the online key, at a moment, what the roles by hand allow it."""

    offline: OfflineRoles
    signer: CryptoSigner
    now: datetime

    def everything(self, files: Iterable[tuple[str, SignedFile]], read: Read) -> dict[str, bytes]:
        """All metadata of an output with these files; `read` gives an earlier output, None for a new one."""
        bins = dict[str, dict[str, SignedFile]](
            {name: {} for name in self.offline.bins.get_roles()}
        )
        for path, file in files:
            bins[self.offline.bins.get_role_for_target(path)][path] = file
        before = self._before_or_none(read)
        versions = before.bin_versions if before else {}
        new = {name: self._version(versions.get(name, 0)) for name in bins}
        made = {
            f"{FOLDER}/{new[name]}.{name}.json": self._bin(new[name], content)
            for name, content in bins.items()
        }
        return {**self._by_hand(), **made, **self._top(new, before)}

    def patch(
        self,
        changes: Mapping[str, SignedFile | None],
        read: Read,
        expect: Callable[[Iterable[str]], None] = lambda _: None,
    ) -> dict[str, bytes | None]:
        """The metadata that an output lacks after changes of files (None: removed), None for what goes.

        `expect` is told of the files that are about to be read, so that a distant output sends them in one go.
        """
        before = self.before(read)
        versions = before.bin_versions
        touched = {self.offline.bins.get_role_for_target(path) for path in changes}
        due = {name for name, version in versions.items() if self._is_old(version, _BIN_AGE)}
        again = set(versions) if self._is_rekeyed(before, read) else due
        bins = [f"{FOLDER}/{versions[name]}.{name}.json" for name in sorted(again | touched)]
        expect([*bins, *self._by_hand()])
        made: dict[str, bytes | None] = {}
        for name in sorted(again | touched):
            path = f"{FOLDER}/{versions[name]}.{name}.json"
            known = dict(self._files_of(path, read))
            mine = {p: f for p, f in changes.items() if self._is_in(name, p)}
            files = {p: f for p, f in {**known, **mine}.items() if f is not None}
            if files == known and name not in again:
                continue
            versions[name] = self._version(versions[name])
            made[path] = None
            made[f"{FOLDER}/{versions[name]}.{name}.json"] = self._bin(versions[name], files)
        hand = {path: data for path, data in self._by_hand().items() if read(path) != data}
        if not made and not hand and not self._is_due(before):
            return {}
        return {**made, **hand, **self._gone(before), **self._top(versions, before)}

    def is_due(self, read: Read) -> bool:
        """Whether an output whose files stay as they are lacks anything."""
        try:
            return bool(self.patch({}, read))
        except DamagedMetadataError:
            return True

    def before(self, read: Read) -> SignedBefore:
        """The metadata that an output has; `DamagedMetadataError` where it is none."""
        timestamp = _read(Timestamp, _TIMESTAMP, read)
        version = timestamp.signed.snapshot_meta.version
        return SignedBefore(timestamp, _read(Snapshot, f"{FOLDER}/{version}.snapshot.json", read))

    def _before_or_none(self, read: Read) -> SignedBefore | None:
        try:
            return self.before(read)
        except DamagedMetadataError:
            return None

    def _is_due(self, before: SignedBefore) -> bool:
        versions = (before.timestamp.signed.version, before.snapshot.signed.version)
        return any(self._is_old(version, _DAILY) for version in versions)

    def _is_old(self, version: int, age: timedelta) -> bool:
        return version < (self.now - age).timestamp()

    def _is_rekeyed(self, before: SignedBefore, read: Read) -> bool:
        """Whether the bins were signed under other top-level targets, which may name another key."""
        known = before.snapshot.signed.meta["targets.json"].version
        return read(f"{FOLDER}/{known}.targets.json") != self.offline.targets

    def _is_in(self, name: str, path: str) -> bool:
        return self.offline.bins.get_role_for_target(path) == name

    def _files_of(self, path: str, read: Read) -> Iterator[tuple[str, SignedFile]]:
        for target, file in _read(Targets, path, read).signed.targets.items():
            yield target, SignedFile(file.length, file.hashes["sha256"])

    def _version(self, before: int) -> int:
        return max(int(self.now.timestamp()), before + 1)

    def _bin(self, version: int, files: Mapping[str, SignedFile]) -> bytes:
        targets = {
            path: TargetFile(file.length, {"sha256": file.sha256}, path)
            for path, file in sorted(files.items())
        }
        return self._signed(Targets(version, expires=self._until(BIN_DAYS), targets=targets))

    def _top(self, bins: Mapping[str, int], before: SignedBefore | None) -> dict[str, bytes]:
        """Snapshot and timestamp over the bins of these versions."""
        version = self._version(before.snapshot.signed.version if before else 0)
        meta = {f"{name}.json": MetaFile(number) for name, number in sorted(bins.items())}
        meta["targets.json"] = MetaFile(self.offline.top.signed.version)
        snapshot = self._signed(Snapshot(version, expires=self._until(SNAPSHOT_DAYS), meta=meta))
        listed = MetaFile.from_data(version, snapshot, ["sha256"])
        number = self._version(before.timestamp.signed.version if before else 0)
        stamp = Timestamp(number, expires=self._until(TIMESTAMP_DAYS), snapshot_meta=listed)
        return {
            f"{FOLDER}/{version}.snapshot.json": snapshot,
            _TIMESTAMP: self._signed(stamp),
        }

    def _gone(self, before: SignedBefore) -> dict[str, None]:
        found: dict[str, None] = {f"{FOLDER}/{before.snapshot.signed.version}.snapshot.json": None}
        known = before.snapshot.signed.meta["targets.json"].version
        if known != self.offline.top.signed.version:
            found[f"{FOLDER}/{known}.targets.json"] = None
        return found

    def _by_hand(self) -> dict[str, bytes]:
        roots = {f"{FOLDER}/{n}.root.json": data for n, data in enumerate(self.offline.roots, 1)}
        top = f"{FOLDER}/{self.offline.top.signed.version}.targets.json"
        return {**roots, NEWEST_ROOT: self.offline.roots[-1], top: self.offline.targets}

    def _until(self, days: int) -> datetime:
        return self.now + timedelta(days=days)

    def _signed(self, content: T) -> bytes:
        made = Metadata[T](content)
        made.sign(self.signer)
        return made.to_bytes()

    @cached_property
    def identity(self) -> str:
        """What an output's mark says of its signatures; where it differs, all is built anew."""
        return f"{self.offline.bins.number_of_bins} bins"


def _read(kind: type[T], path: str, read: Read) -> Metadata[T]:
    data = read(path)
    try:
        found = Metadata[T].from_bytes(data or b"")
    except DeserializationError:
        found = None
    if found is None or not isinstance(found.signed, kind):
        raise DamagedMetadataError(
            "the output's signed metadata is missing or damaged",
            location=path,
            hint="build it anew: registry-tool build-site --full",
        )
    return found


def online_roles(
    offline: OfflineRoles, signers: Iterable[CryptoSigner], now: datetime
) -> OnlineRoles:
    """The signer of an output; `RegistryError` where the root is unfit, or no key is the one that it names."""
    offline.demand_signed()
    for role, when in offline.expiring(now, timedelta(0)):
        raise RegistryError(
            f"the {role} expired on {when:%Y-%m-%d}: nobody who has pinned it takes anything any more",
            location=offline.location,
            hint="renew it: registry-tool trust root, then trust sign by enough root keys",
        )
    wanted = {
        *offline.bins.keyids,
        *offline.root.roles["snapshot"].keyids,
        *offline.root.roles["timestamp"].keyids,
    }
    signer = next((one for one in signers if wanted == {one.public_key.keyid}), None)
    if signer is None:
        raise RegistryError(
            f"{ONLINE_KEY} has no key that the root names for publishing "
            f"({', '.join(sorted(key[:16] for key in wanted))})",
            location=offline.location,
            hint=f"set {ONLINE_KEY} to that private key as PEM, or name another one in the next root "
            "(registry-tool trust root --online-key FILE)",
        )
    return OnlineRoles(offline, signer, now)
