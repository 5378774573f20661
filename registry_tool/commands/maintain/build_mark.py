"""`.registry-build.json`: what an output shows, so that the next build knows its own, and what made it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

import msgspec

import registry_tool
from registry_tool import __version__
from registry_tool.core.files import pretty_json
from registry_tool.core.output_folder import FileCount
from registry_tool.manifest.digest import content_hash, digest
from registry_tool.site.templates import folder

_CODE = (".py", ".json")


@dataclass(frozen=True, slots=True)
class Mark:
    """What an output was made of. `origin` is the commit whose files it shows, empty where they are of none.

    `code` and `templates` are digests of what made it, `settings` of `registry.yaml`, `deployed` of what is shown
    of deployments. `signed` says how its signatures are spread, empty where it has none; `provenance` is the
    commit of the branch with the attestations that it shows. `checked` says that
    every version was judged before, and `indexes` is the digest of the index documents that show the same
    (`publish` does both, `build` neither). Outputs that differ in these (but `signed`) and in `commit`, `origin`
    and what they count alone can be brought from one to the other by a patch.
    """

    registry: str
    commit: str
    origin: str
    base_url: str
    tool: str
    code: str
    templates: str
    settings: str
    checked: bool = False
    indexes: str = ""
    deployed: str = ""
    signed: str = ""
    provenance: str = ""
    files: int = 0
    paths: str = ""
    size: int = 0

    @property
    def count(self) -> FileCount:
        """How many files the output has, and which, without the mark."""
        return FileCount(self.files, self.paths)

    def with_count(self, count: FileCount, size: int) -> Mark:
        """The mark of an output with these files, of so many bytes together."""
        return replace(self, files=count.files, paths=count.paths, size=size)

    def to_bytes(self) -> bytes:
        """The file."""
        return pretty_json(asdict(self)).encode()

    def made_alike(self, other: Mark) -> bool:
        """Whether both were made by the same tool, templates and settings, for the same address."""
        return self._maker == other._maker

    @property
    def _maker(self) -> tuple[str, ...]:
        makers = (self.registry, self.base_url, self.tool, self.code, self.templates)
        return (*makers, self.settings, self.signed)


def new_mark(registry: str, commit: str, origin: str, base_url: str, settings: bytes) -> Mark:
    """The mark of an output by this tool, its files not counted yet; `settings` are those of `registry.yaml`."""
    templates = _templates_digest()
    made = (__version__, code_digest(), templates, content_hash(settings))
    return Mark(registry, commit, origin, base_url, *made)


def read_mark(data: bytes | None) -> Mark | None:
    """The mark in a file; None where there is none, or one of another tool's form: then all is built anew."""
    try:
        return msgspec.json.decode(data, type=Mark) if data is not None else None
    except msgspec.DecodeError:
        return None


@cache
def code_digest() -> str:
    """The digest of the tool's code, and of the tables in it: another one may write other bytes."""
    root = Path(registry_tool.__file__).parent
    found = (path for path in root.rglob("*") if path.suffix in _CODE)
    return digest({path.relative_to(root).as_posix(): path.read_bytes() for path in found})


@cache
def _templates_digest() -> str:
    """The digest of what pages are made from, documentation included, computed as a version's is."""
    root = folder()
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.suffix != ".md"
    }
    files |= {
        f"docs/{path.name}": path.read_bytes() for path in (root.parent / "docs").glob("*.md")
    }
    return digest(files)
