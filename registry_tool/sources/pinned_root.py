"""A registry whose root is pinned: each document is held against metadata that its keys signed (docs/trust.md).

The order of steps is that of The Update Framework, done by its library; what was seen last is kept, so that no
mirror can go back behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tuf.api import exceptions as tuf_errors
from tuf.api.metadata import Metadata, Root, TargetFile
from tuf.api.serialization import DeserializationError
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from registry_tool.core.clock import Clock, SystemClock
from registry_tool.core.errors import AccessDeniedError, NotFoundError, RegistryError
from registry_tool.core.folders import cache_folder
from registry_tool.core.replacing import only_one
from registry_tool.security.tuf.pin import (
    FOLDER,
    MOST_ROOTS,
    NEWEST_ROOT,
    ROOT_BYTES,
    RootPin,
    pin_of,
)
from registry_tool.sources.base import NotFetchedError

if TYPE_CHECKING:
    from collections.abc import Iterable

ReadFile = Callable[[str, int], bytes]
"""A file of a registry's output by its path, of at most so many bytes; `NotFoundError` where there is none."""
_NOT_FOUND: Final = 404
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_TRUSTED: Final = timedelta(minutes=1)
"""How long metadata counts in a process that goes on reading."""


class UntrustedError(RegistryError):
    """What a registry serves is not what its keys signed."""


def withheld(location: str) -> UntrustedError:
    """What to say of a document or a package that is signed and can't be had."""
    return UntrustedError(
        "the registry signed this document, and it isn't served: it is withheld, or just being published",
        location=location,
        hint=_AGAIN,
    )


class TrustedMetadata(NamedTuple):
    """Metadata that was checked, and when it was fetched."""

    fetched: datetime
    updater: Updater


@dataclass
class PinnedRoot:
    """Checks the documents of a registry. `read` gives its files, `location` is how messages show it.

    Offline, what was fetched once is checked by metadata of that time, which is not asked to be recent.
    """

    pin: RootPin
    read: ReadFile
    location: str
    offline: bool = False
    clock: Clock = field(default_factory=SystemClock)
    kept: Path | None = None
    _trusted: TrustedMetadata | None = field(default=None, init=False, repr=False)

    def document(self, path: str, largest: int, fetch: Callable[[int], bytes]) -> bytes:
        """A document that the registry signed, as `fetch` gives it (at most so many bytes).

        `NotFoundError` where the registry has none at that path; `UntrustedError` where it is another one. What
        does not fit metadata of an earlier call is looked at again by that of now: a publish may lie between.
        """
        before = self._trusted
        try:
            return self._document(path, largest, fetch, _LONGEST_TRUSTED)
        except RegistryError:  # one that has grown is "more than N bytes" of whoever fetches
            if before is None:
                raise
        return self._document(path, largest, fetch, timedelta(0))

    def _document(
        self, path: str, largest: int, fetch: Callable[[int], bytes], oldest: timedelta
    ) -> bytes:
        target = self._target(path, oldest)
        location = f"{self.location}/{path}"
        if target is None:
            raise NotFoundError("there is no such document", location=location)
        if target.length > largest:
            raise UntrustedError(f"more than {largest} bytes", location=location, hint=_TELL)
        try:
            data = fetch(target.length)
            target.verify_length_and_hashes(data)
        except NotFoundError:
            raise withheld(location) from None
        except tuf_errors.LengthOrHashMismatchError:
            raise UntrustedError(
                "the document is not the one that the registry signed: it was altered, is of another time, or is "
                "just being published",
                location=location,
                hint=_AGAIN,
            ) from None
        return data

    def _target(self, path: str, oldest: timedelta) -> TargetFile | None:
        """What is signed of a file, by metadata that is at most so old."""
        try:
            with only_one(self.folder):
                return self._updater(oldest).get_targetinfo(path)
        except (tuf_errors.RepositoryError, tuf_errors.DownloadError) as error:
            raise self._refusal(error) from None
        except OSError as error:
            raise RegistryError(
                f"what was seen last of the registry can't be kept: {error.strerror}",
                location=str(error.filename or self.kept or "the cache folder"),
                hint="set PUPPY_CACHE to a folder that can be written to",
            ) from None

    @cached_property
    def folder(self) -> Path:
        """What was seen last of the registry with this root, whichever mirror gave it."""
        return self.kept or cache_folder() / FOLDER / self.pin.digest.removeprefix("sha256:")[:32]

    def _updater(self, oldest: timedelta) -> Updater:
        now = self.clock.now()
        if self._trusted is None or not timedelta(0) <= now - self._trusted.fetched < oldest:
            self._trusted = None  # nothing counts until all is checked
            self._trusted = TrustedMetadata(now, self._refreshed(now))
        return self._trusted.updater

    def _refreshed(self, now: datetime) -> Updater:
        """The client of the library, its metadata brought up to date."""
        made = Updater(
            str(self.folder),
            f"{FOLDER}/",
            fetcher=_Fetcher(self.read, self.location, offline=self.offline),
            config=UpdaterConfig(prefix_targets_with_hash=False, root_max_length=ROOT_BYTES),
            bootstrap=self._pinned(),
        )
        # The library takes the machine's time, and has no way to hand another one in.
        made._trusted_set.reference_time = _LONG_AGO if self.offline else now
        made.refresh()
        return made

    def _pinned(self) -> bytes:
        """The pinned root: the kept one, else as the registry serves it, held against its digest."""
        kept = self.folder / "root_history" / f"{self.pin.version}.root.json"
        if kept.is_file() and self.pin.fits(data := kept.read_bytes()):
            return data
        try:
            data = self.read(self.pin.path, ROOT_BYTES)
        except NotFoundError:
            raise UntrustedError(
                "a root of this registry is pinned, and it isn't served: this is another registry, or one whose "
                "signatures were left out",
                location=f"{self.location}/{self.pin.path}",
                hint=_UNPIN,
            ) from None
        if not self.pin.fits(data):
            raise UntrustedError(
                f"the root is not the pinned one ({self.pin.digest})",
                location=f"{self.location}/{self.pin.path}",
                hint=_UNPIN,
            )
        return data

    def _refusal(self, error: Exception) -> UntrustedError:
        for kind, reason, hint in _REFUSALS:
            if isinstance(error, kind):
                return UntrustedError(f"{reason} ({error})", location=self._metadata, hint=hint)
        return UntrustedError(
            f"its signed metadata is not valid ({error})", location=self._metadata, hint=_TELL
        )

    @property
    def _metadata(self) -> str:
        return f"{self.location}/{FOLDER}"


_TELL: Final = "ask another copy of the registry, and tell its maintainers"
_AGAIN: Final = f"try again in some minutes; if it stays so, {_TELL}"
_UNPIN: Final = (
    "look at the address; where the registry really has a new root, take the old one out of workflow.lock or your "
    "settings (roots.NAME)"
)
_REFUSALS: Final[Iterable[tuple[type[Exception], str, str]]] = (
    (
        tuf_errors.BadVersionNumberError,
        "older metadata than was seen before, or of versions that don't belong together: an old copy is passed "
        "off as the registry",
        _AGAIN,
    ),
    (
        tuf_errors.ExpiredMetadataError,
        "its signed metadata has expired: the copy is kept from news, or the registry's publish job has stopped",
        f"look at your clock, then {_TELL}",
    ),
    (
        tuf_errors.UnsignedMetadataError,
        "its metadata lacks signatures of keys that count",
        _TELL,
    ),
    (
        tuf_errors.LengthOrHashMismatchError,
        "its metadata files don't belong together, or one was altered",
        _AGAIN,
    ),
    (
        tuf_errors.DownloadError,
        "its signed metadata isn't served as a whole: it is withheld, or just being published",
        _AGAIN,
    ),
)


class _Fetcher(FetcherInterface):
    """Reads metadata as the registry's other documents are read: bounded in size and time."""

    def __init__(self, read: ReadFile, location: str, *, offline: bool) -> None:
        self._read, self._location, self._offline = read, location, offline

    def _fetch(self, url: str) -> Iterator[bytes]:
        yield self.download_bytes(url, ROOT_BYTES)

    def download_bytes(self, url: str, max_length: int) -> bytes:
        """The file at a path of the output."""
        try:
            return self._read(url, max_length)
        except NotFoundError:
            raise tuf_errors.DownloadHTTPError(f"there is no {url}", _NOT_FOUND) from None
        except (
            NotFetchedError,
            AccessDeniedError,
        ):  # S3 denies what isn't there to who may not list
            if not url.endswith(".root.json"):
                raise
            raise tuf_errors.DownloadHTTPError(f"{url} can't be had", _NOT_FOUND) from None


def first_seen(read: ReadFile, location: str) -> RootPin | None:
    """The newest root of a registry that is met for the first time; None where it has none."""
    try:
        data = read(NEWEST_ROOT, ROOT_BYTES)
    except NotFoundError:
        return None
    return pin_of(_root_of(data, f"{location}/{NEWEST_ROOT}").version, data)


def _root_of(data: bytes, location: str) -> Root:
    """The root in a file, signed by enough of its own keys."""
    try:
        found = Metadata[Root].from_bytes(data)
        if not isinstance(found.signed, Root):
            raise DeserializationError("of another role")
        found.signed.verify_delegate("root", found.signed_bytes, found.signatures)
    except (DeserializationError, tuf_errors.RepositoryError) as error:
        raise UntrustedError(f"not a root ({error})", location=location, hint=_TELL) from None
    if found.signed.version > MOST_ROOTS:
        raise UntrustedError(
            f"no root has a version above {MOST_ROOTS}", location=location, hint=_TELL
        )
    return found.signed
