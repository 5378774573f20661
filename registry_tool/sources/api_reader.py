"""The API that was built from a registry as a source, below a folder or an HTTP(S) address."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from registry_tool.api.layout import PROVENANCE, ROOT, sparse_path
from registry_tool.core.clock import Clock, SystemClock
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.files import parse_json, read_limited
from registry_tool.core.segments import path_segment
from registry_tool.core.urls import is_web_address, without_credentials
from registry_tool.core.values import Object, Value
from registry_tool.manifest.model import Requirement
from registry_tool.package.limits import MAX_PACKAGE
from registry_tool.package.open import open_package
from registry_tool.resolver.candidates import Candidate
from registry_tool.security.tuf.pin import RootPin, demand_library
from registry_tool.sources.compiled import compiled_workflow
from registry_tool.sources.documents import Documents, DocumentSource
from registry_tool.sources.index_documents import read_candidate, read_group, read_page
from registry_tool.store import paths
from registry_tool.store.provenance_branch import bundle_path

if TYPE_CHECKING:
    from registry_tool.site.search.query.index_files import IndexFiles
    from registry_tool.sources.pinned_root import PinnedRoot

_LARGEST_DOCUMENT = 16 * 2**20  # a page of the index
_LARGEST_LINES = 4 * 2**20  # the versions of one workflow
_AT_ONCE = 8  # requests for files of the search index
_WORTH_THREADS = 3
_BUILD_ANEW = "build the site anew: registry-tool build-site"


def is_built_api(folder: Path) -> bool:
    """Whether a folder holds a built API."""
    return (folder / ROOT / "index.json").is_file()


@dataclass
class ApiReader:
    """Reads a built API below a folder or an HTTP(S) address; `documents` is how the latter is asked.

    `address` may hold credentials, which go to its host alone; `location` is how messages show it. Where a root is
    pinned, each document is held against the registry's signatures, and each package against its digest in one.
    """

    address: str
    documents: DocumentSource = field(default_factory=Documents)
    pin: RootPin | None = None
    offline: bool = False
    clock: Clock = field(default_factory=SystemClock)

    @property
    def location(self) -> str:
        """Where it is, without credentials."""
        return without_credentials(self.address)

    def names(self) -> Sequence[str]:
        """Every workflow's name, sorted."""
        return sorted(str(item["name"]) for item in self.summaries())

    def some_names(self) -> Sequence[str]:
        """The names of the latest updates: a registry of 100,000 has a thousand pages of them all."""
        return sorted(str(item["name"]) for item in next(self.pages()))

    def versions(self, name: str) -> Sequence[Candidate]:
        """All versions of a workflow, oldest first."""
        try:
            data = self._get(sparse_path(name), _LARGEST_LINES)
        except NotFoundError:
            return []
        return [
            read_candidate(name, line, self.location) for line in data.splitlines() if line.strip()
        ]

    def requires(self, candidate: Candidate) -> Sequence[Requirement]:
        """What a version requires."""
        return candidate.requires

    def with_digest(self, candidate: Candidate) -> Candidate:
        """The version itself: an index has all digests."""
        return candidate

    def files(self, candidate: Candidate) -> Mapping[str, bytes]:
        """A version's files out of its package, digest verified."""
        file = paths.package_file(candidate.name, candidate.version)
        path = f"packages/{candidate.name}/{file}"
        location = f"{self.location}/{ROOT}/{path}"

        def read(data: bytes) -> Mapping[str, bytes]:
            files = open_package(data, location=location, expected=candidate.digest)
            # The index may give a version an old one's digest.
            compiled_workflow(files, candidate, location)
            return files

        try:
            if not is_web_address(self.address):
                return read(self._fetch(path, MAX_PACKAGE))
            return self.documents.immutable(
                candidate.digest, self._address(path), MAX_PACKAGE, read
            )
        except NotFoundError:
            if self.signatures is None:
                raise
            from registry_tool.sources.pinned_root import withheld

            raise withheld(location) from None

    def attestation(self, candidate: Candidate) -> bytes | None:
        """The attestation of a version's package, in Sigstore's bundle; None where the registry shows none."""
        path = f"{PROVENANCE}/{bundle_path(candidate.name, candidate.version)}"
        try:
            return self._get(path, _LARGEST_LINES)
        except NotFoundError:
            return None

    def summaries(self) -> list[Object]:
        """WorkflowSummary objects, by name: the latest updates and, where they are not all, the pages of all."""
        found = {str(item["name"]): item for page in self.pages() for item in page}
        return [found[name] for name in sorted(found)]

    def pages(self) -> Iterator[list[Object]]:
        """WorkflowSummary objects, a document at a time: the latest updates and, where they are not all, all."""
        seen: set[str] = set()
        path = "workflows.json"
        while path and path not in seen:
            seen.add(path)
            items, path = read_page(self._json(path), f"{self.location}/{ROOT}/{path}")
            yield items

    def group(self, kind: str, key: str) -> list[Object]:
        """The WorkflowSummary objects of a category, author or tag; `kind` is the folder's name. Empty: none."""
        path = f"{kind}/{path_segment(key)}.json"
        try:
            return read_group(self._json(path), f"{self.location}/{ROOT}/{path}")
        except NotFoundError:
            return []

    def search_index(self) -> IndexFiles:
        """The site's own index; where it has none, one of what its lists say."""
        from registry_tool.site.search.layout import HEADER
        from registry_tool.site.search.query.index_files import IndexFiles
        from registry_tool.sources.search import index_of

        try:
            header = self._beside(HEADER)
        except NotFoundError:
            return index_of(self.summaries(), is_partial=True)
        return IndexFiles(lambda paths: self._several(paths, {HEADER: header}))

    def _several(self, paths: Sequence[str], known: Mapping[str, bytes]) -> list[bytes]:
        """Files of the site; several are asked for at once."""
        from concurrent.futures import ThreadPoolExecutor

        missing = [path for path in paths if path not in known]
        if len(missing) < _WORTH_THREADS or not is_web_address(self.address):
            return [known[path] if path in known else self._beside(path) for path in paths]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(self._beside, paths))

    def _beside(self, path: str) -> bytes:
        """A file of the site that is not a document of its API."""
        return self.site_file(path, _LARGEST_DOCUMENT)

    def site_file(self, path: str, largest: int) -> bytes:
        """A file of the site as it is served, checked against nothing; `NotFoundError` where there is none."""
        if is_web_address(self.address):
            return self.documents.get(f"{self.address.rstrip('/')}/{path}", largest)
        return _read(Path(self.address) / path, largest)

    @cached_property
    def signatures(self) -> PinnedRoot | None:
        """What holds documents against the pinned root; None where none is pinned.

        `MissingToolError` where the library for that isn't installed: nothing is read unchecked.
        """
        if self.pin is None:
            return None
        demand_library()
        from registry_tool.sources.pinned_root import PinnedRoot

        return PinnedRoot(self.pin, self.site_file, self.location, self.offline, self.clock)

    def _json(self, path: str) -> Value:
        return parse_json(
            self._get(path, _LARGEST_DOCUMENT), location=f"{self.location}/{ROOT}/{path}"
        )

    def _get(self, path: str, largest: int) -> bytes:
        if self.signatures is None:
            return self._fetch(path, largest)
        return self.signatures.document(
            f"{ROOT}/{path}", largest, lambda most: self._fetch(path, most)
        )

    def _fetch(self, path: str, largest: int) -> bytes:
        if is_web_address(self.address):
            return self.documents.get(self._address(path), largest)
        return _read(Path(self.address) / ROOT / path, largest)

    def _address(self, path: str) -> str:
        return f"{self.address.rstrip('/')}/{ROOT}/{quote(path)}"


def _read(file: Path, largest: int) -> bytes:
    """A file of a built site in a folder, which may be a stranger's: a pipe or a device has no end."""
    try:
        mode = file.stat().st_mode
    except OSError as error:
        raise NotFoundError(f"can't be read: {error.strerror}", location=str(file)) from None
    if not stat.S_ISREG(mode):
        raise RegistryError("is not a regular file", location=str(file), hint=_BUILD_ANEW)
    return read_limited(file, largest)
