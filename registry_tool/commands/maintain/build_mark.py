"""`.registry-build.json`: what an output shows, so that the next build knows its own, and what made it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from registry_tool import __version__
from registry_tool.catalogue.model import Catalogue
from registry_tool.core.files import pretty_json
from registry_tool.core.output_folder import count_files
from registry_tool.manifest.digest import content_hash, digest
from registry_tool.site.templates import folder


def mark_bytes(catalogue: Catalogue, settings: bytes, base_url: str, paths: Iterable[str]) -> bytes:
    """The mark of an output with these files: a pure function of the tree, the templates and the tool.

    `settings` are the bytes of the registry's `registry.yaml`.
    """
    value = {
        "registry": catalogue.settings.name,
        "commit": catalogue.commit,
        "base_url": base_url,
        "tool": __version__,
        "templates": _templates_digest(),
        "settings": content_hash(settings),
        **count_files(paths).to_value(),
    }
    return pretty_json(value).encode()


@cache
def _templates_digest() -> str:
    """The digest of what pages are made from, computed as a version's is."""
    root = folder()
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.suffix != ".md"
    }
    return digest(files)
