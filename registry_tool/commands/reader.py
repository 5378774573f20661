"""Where the consumer's commands read: a registry's own tree, or the API that was built from one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from http import HTTPStatus
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Protocol, cast
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from registry_tool.api.documents import ROOT, sparse_path, summed
from registry_tool.catalogue.documents import summary
from registry_tool.catalogue.load import load_catalogue
from registry_tool.catalogue.source import CatalogueSource
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.files import parse_json
from registry_tool.core.values import Object, Value
from registry_tool.manifest.digest import digest
from registry_tool.manifest.model import Requirement
from registry_tool.manifest.notice import Level, Notice
from registry_tool.package.open import open_package
from registry_tool.resolver.candidates import Candidate
from registry_tool.store import paths
from registry_tool.store.registry_tree import holds_registry, registry_tree
from registry_tool.store.tree import FolderTree, Tree

_LARGEST = 64 * 2**20


class Reader(Protocol):
    """A registry as a consumer sees it; also a resolver's source."""

    place: str

    def names(self) -> Sequence[str]:
        """Every workflow's name, sorted."""

    def versions(self, name: str) -> Sequence[Candidate]:
        """All versions of a workflow, oldest first; empty where there is none."""

    def requires(self, candidate: Candidate) -> Sequence[Requirement]:
        """What a version requires."""

    def files(self, candidate: Candidate) -> Mapping[str, bytes]:
        """A version's files, digest verified."""

    def summaries(self) -> list[Object]:
        """WorkflowSummary objects, by name."""


class TreeReader:
    """Reads a registry's tree (a folder with registry/registry.yaml, or a commit)."""

    def __init__(self, tree: Tree, place: str) -> None:
        self.place = place
        self._tree = tree
        self._catalogue = load_catalogue(tree)
        self._source = CatalogueSource(self._catalogue)

    def names(self) -> Sequence[str]:
        """Every workflow's name, sorted."""
        return [line.name for line in self._catalogue.lines]

    def versions(self, name: str) -> Sequence[Candidate]:
        """All versions of a workflow, oldest first."""
        return self._source.versions(name)

    def requires(self, candidate: Candidate) -> Sequence[Requirement]:
        """What a version requires."""
        return candidate.requires

    def files(self, candidate: Candidate) -> Mapping[str, bytes]:
        """A version's files."""
        version = self._catalogue.by_name[candidate.name].by_number[candidate.version]
        found = {f.path: self._tree.read(f"{version.directory}/{f.path}") for f in version.files}
        return _verified(found, candidate, self.place)

    def summaries(self) -> list[Object]:
        """WorkflowSummary objects, by name."""
        return [summary(self._catalogue, line) for line in self._catalogue.lines]


@dataclass
class ApiReader:
    """Reads a built API below a folder or an HTTP(S) address."""

    place: str

    def names(self) -> Sequence[str]:
        """Every workflow's name, sorted."""
        return sorted(str(item["name"]) for item in self.summaries())

    def versions(self, name: str) -> Sequence[Candidate]:
        """All versions of a workflow, oldest first."""
        try:
            data = self._get(sparse_path(name))
        except NotFoundError:
            return []
        return [self._candidate(name, line) for line in data.splitlines() if line.strip()]

    def requires(self, candidate: Candidate) -> Sequence[Requirement]:
        """What a version requires."""
        return candidate.requires

    def _candidate(self, wanted: str, line: bytes) -> Candidate:
        try:
            value = cast(dict[str, Value], parse_json(line, place=self.place))
            rest = {key: item for key, item in value.items() if key != "sum"}
            if value["name"] != wanted or summed(rest) != line:
                raise KeyError("sum")
            return Candidate(
                name=str(value["name"]),
                version=str(value["version"]),
                digest=str(value["digest"]),
                yanked=value["yanked"] is True,
                notice=_notice(value.get("notice")),
                requires=tuple(
                    Requirement(str(need["name"]), str(need["range"]), str(need["registry"]))
                    for need in cast(list[Object], value["requires"])
                ),
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise RegistryError(
                f"the index of {wanted} is damaged ({error})",
                place=self.place,
                way_out="try again; if it stays so, tell the registry's maintainers",
            ) from None

    def files(self, candidate: Candidate) -> Mapping[str, bytes]:
        """A version's files out of its package, digest verified."""
        file = paths.package_file(candidate.name, candidate.version)
        path = f"packages/{candidate.name}/{file}"
        return open_package(
            self._get(path), place=f"{self.place}/{path}", expected=candidate.digest
        )

    def summaries(self) -> list[Object]:
        """WorkflowSummary objects, by name."""
        found: list[Object] = []
        path: str | None = "workflows.json"
        while path:
            page = cast(Object, self._json(path))
            found += cast(list[Object], page["workflows"])
            path = cast(str | None, cast(Object, page["pagination"])["next"])
        return sorted(found, key=lambda item: str(item["name"]))

    def _json(self, path: str) -> Value:
        return parse_json(self._get(path), place=f"{self.place}/{path}")

    def _get(self, path: str) -> bytes:
        if self.place.startswith(("http://", "https://")):
            return _download(f"{self.place.rstrip('/')}/{ROOT}/{quote(path)}")
        try:
            return (Path(self.place) / ROOT / path).read_bytes()
        except OSError as error:
            raise NotFoundError(
                f"can't be read: {error.strerror}", place=f"{self.place}/{ROOT}/{path}"
            ) from None


def _download(address: str) -> bytes:
    try:
        with _opener().open(address, timeout=30.0) as reply:  # only http:// and https:// get here
            data = reply.read(_LARGEST + 1)
            length = reply.headers.get("content-length", "")
    except HTTPError as error:
        if error.code == HTTPStatus.NOT_FOUND:
            raise NotFoundError("there is no such document", place=address) from None
        raise RegistryError(f"the registry answered {error.code}", place=address) from None
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise RegistryError(
            f"the download failed: {reason}",
            place=address,
            way_out="look at the address and the network",
        ) from None
    if len(data) > _LARGEST:
        raise RegistryError(f"more than {_LARGEST} bytes", place=address)
    if length.isdigit() and len(data) != int(length):
        raise RegistryError("the download was cut short", place=address, way_out="try again")
    return bytes(data)


class _SameHost(HTTPRedirectHandler):
    """Follows redirects on the registry's own host only."""

    def redirect_request(  # noqa: PLR0913, PLR0917 - the base class has it so
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """The next request, None for another host."""
        if urlsplit(newurl).netloc != urlsplit(req.full_url).netloc:
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> OpenerDirector:
    return build_opener(_SameHost())


def _verified(files: Mapping[str, bytes], candidate: Candidate, place: str) -> Mapping[str, bytes]:
    found = digest(files)
    if found != candidate.digest:
        raise RegistryError(
            f"the files of {candidate.name}:{candidate.version} have the digest {found}, "
            f"not {candidate.digest}",
            place=place,
        )
    return files


def open_reader(place: str) -> Reader:
    """The reader of a folder (a registry's tree or a built API) or an HTTP(S) address."""
    if place.startswith(("http://", "https://")):
        return ApiReader(place)
    folder = Path(place)
    if (folder / paths.REGISTRY_FILE).is_file():
        return TreeReader(FolderTree(folder), place)
    if (folder / ROOT / "index.json").is_file():
        return ApiReader(place)
    if holds_registry(folder):
        return TreeReader(registry_tree(folder), place)
    raise NotFoundError(
        "there is no registry here",
        place=place,
        way_out="name one with --registry: a clone, a built site, or an https:// address",
    )


def near(name: str, names: Sequence[str]) -> str:
    """`did you mean …`, or nothing."""
    close = get_close_matches(name, names, n=1)
    return f"did you mean {close[0]}?" if close else ""


def _notice(value: Value) -> Notice | None:
    if value is None:
        return None
    item = cast(Object, value)
    replacement = cast(str, item.get("replacement") or "")
    return Notice(str(item["reason"]), Level(str(item["level"])), replacement)
