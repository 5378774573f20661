"""Documents of a registry over HTTP: asked whether they changed, or offline as they were fetched once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Final, Protocol, TypeVar

from registry_tool.core.clock import Clock, SystemClock, instant
from registry_tool.core.errors import RegistryError
from registry_tool.core.http import Answer
from registry_tool.core.http_cache import CachedDocument, HttpCache
from registry_tool.core.urls import split_credentials, without_credentials
from registry_tool.sources.base import NotFetchedError
from registry_tool.sources.configuration.notes import RegistryNotes
from registry_tool.sources.download import ask, demand_found, download

T = TypeVar("T")
_MAX_AGE: Final = re.compile(r"\bmax-age=(\d{1,9})\b")
_VALIDATOR: Final = re.compile(r"[\x20-\x7e]{1,256}")
_LONGEST_AGE: Final = 3600
_STRONG: Final = timedelta(seconds=60)
"""A time of change tells documents apart where it is so much older than the answer (RFC 9110, 8.8.2.2)."""


class DocumentSource(Protocol):
    """Who gives the documents of a registry at an address."""

    def get(self, address: str, largest: int) -> bytes:
        """A document of at most so many bytes; `NotFoundError` where there is none."""

    def immutable(self, digest: str, address: str, largest: int, read: Callable[[bytes], T]) -> T:
        """What `read` makes of a document that never changes, and of which it demands that digest."""


@dataclass(frozen=True)
class Uncached:
    """Asks for every document by a function of one's own, each time."""

    fetch: Callable[[str, int], bytes]

    def get(self, address: str, largest: int) -> bytes:
        """The document."""
        return self.fetch(address, largest)

    def immutable(self, digest: str, address: str, largest: int, read: Callable[[bytes], T]) -> T:
        """What `read` makes of the document."""
        return read(self.fetch(address, largest))


@dataclass(frozen=True)
class Documents:
    """Fetches documents of the registry `location`; `cache` None keeps nothing."""

    location: str = ""
    cache: HttpCache | None = None
    offline: bool = False
    notes: RegistryNotes = field(default_factory=RegistryNotes)
    clock: Clock = field(default_factory=SystemClock)

    def get(
        self,
        address: str,
        largest: int,
        *,
        headers: Mapping[str, str] | None = None,
        believe_age: bool = False,
    ) -> bytes:
        """The document at an address as it is now, or offline as it was; `NotFoundError` where there is none.

        `believe_age` asks no more often than the server's `max-age` says, which a new version must not wait for.
        """
        plain, credentials = split_credentials(address)
        key = _key(plain, {**credentials, **(headers or {})})
        kept = self.cache.find(key) if self.cache else None
        if self.offline:
            return self._kept(kept, plain)
        if believe_age and kept is not None and self._is_fresh(kept):
            return kept.body
        answer = ask(address, largest, headers={**(headers or {}), **_validators(kept)})
        if kept is not None and answer.status == HTTPStatus.NOT_MODIFIED:
            self._keep(key, replace(kept, fetched=instant(self.clock.now())))
            return kept.body
        demand_found(answer, plain)
        if "no-store" not in answer.headers.get("cache-control", ""):
            self._keep(key, self._document(answer, _max_age(answer) if believe_age else 0))
        return answer.body

    def immutable(self, digest: str, address: str, largest: int, read: Callable[[bytes], T]) -> T:
        """What `read` makes of a document that never changes, and of which it demands that digest.

        It is fetched once, from wherever; a kept one that `read` refuses is fetched again.
        """
        kept = self.cache.find(digest) if self.cache else None
        if kept is not None:
            with suppress(RegistryError):
                return read(kept.body)
        if self.offline:
            raise self._lacks(address)
        body = download(address, largest)
        found = read(body)
        self._keep(digest, CachedDocument(body, instant(self.clock.now())))
        return found

    def _keep(self, key: str, document: CachedDocument) -> None:
        if self.cache:
            self.cache.keep(key, document)

    def _kept(self, kept: CachedDocument | None, shown: str) -> bytes:
        if kept is None:
            raise self._lacks(shown)
        self.notes.used_kept(self.location, kept.fetched)
        return kept.body

    def _lacks(self, shown: str) -> NotFetchedError:
        return NotFetchedError(
            "this was never fetched, or is no longer kept, and nothing is asked offline",
            location=without_credentials(shown),
            hint="run it once without --offline (and with PUPPY_OFFLINE unset), or name a clone",
        )

    def _is_fresh(self, kept: CachedDocument) -> bool:
        age = self.clock.now() - datetime.fromisoformat(kept.fetched)
        return timedelta(0) <= age < timedelta(seconds=kept.fresh)

    def _document(self, answer: Answer, fresh: int) -> CachedDocument:
        return CachedDocument(
            answer.body,
            instant(self.clock.now()),
            etag=_sendable(answer.headers.get("etag", "")),
            modified=_strong_time(answer.headers),
            fresh=fresh,
        )


def _key(address: str, sent: Mapping[str, str]) -> str:
    """What another user, or somebody who asks for another form, gets is another document."""
    if not sent:
        return address
    headers = "\n".join(f"{name}: {value}" for name, value in sorted(sent.items()))
    return f"{address} {sha256(headers.encode()).hexdigest()}"


def _sendable(validator: str) -> str:
    """A validator that can be sent back; a stranger's server may say anything, and would never be asked again."""
    return validator if _VALIDATOR.fullmatch(validator) else ""


def _max_age(answer: Answer) -> int:
    found = _MAX_AGE.search(answer.headers.get("cache-control", ""))
    return min(int(found[1]), _LONGEST_AGE) if found else 0


def _validators(kept: CachedDocument | None) -> dict[str, str]:
    if kept is None:
        return {}
    if kept.etag:
        return {"If-None-Match": kept.etag}
    return {"If-Modified-Since": kept.modified} if kept.modified else {}


def _strong_time(headers: Mapping[str, str]) -> str:
    modified = headers.get("last-modified", "")
    try:
        then, now = parsedate_to_datetime(modified), parsedate_to_datetime(headers.get("date", ""))
        return _sendable(modified) if now - then >= _STRONG else ""
    except (ValueError, TypeError):
        return ""
