"""The version's page as the catalogue will show it, made by the catalogue's own renderer."""

from __future__ import annotations

from registry_tool.catalogue.model import PublishedVersion, RegistrySettings, VersionFile
from registry_tool.commands.author.build import published_files
from registry_tool.manifest.digest import content_hash, digest
from registry_tool.manifest.recorded import recorded_models
from registry_tool.site.links import version_page
from registry_tool.site.render import version_part
from registry_tool.site.site import Site
from registry_tool.site.templates import assets
from registry_tool.sources.program import Program
from registry_tool.store import paths


def preview_path(program: Program) -> str:
    """Where the page stands below the site's root."""
    return version_page(program.workflow.name, program.workflow.version)


def preview_files(program: Program) -> dict[str, bytes]:
    """The version's pages and what they need, by path below the site's root."""
    site = Site(RegistrySettings("preview"))
    return {**dict(version_part(_unpublished(program), site)), **dict(assets())}


class Preview:
    """The files of the newest program, made once for all that a page asks for."""

    def __init__(self) -> None:
        self._made: tuple[Program, dict[str, bytes]] | None = None

    def file(self, program: Program, path: str) -> bytes | None:
        """A file by its path, None for none."""
        made = self._made
        if made is None or made[0] is not program:
            made = self._made = (program, preview_files(program))
        return made[1].get(path)


def _unpublished(program: Program) -> PublishedVersion:
    workflow = program.workflow
    files = published_files(program.files, workflow)
    cassettes = files.get(paths.CASSETTES, b"")
    return PublishedVersion(
        workflow=workflow,
        digest=digest(files),
        files=tuple(VersionFile(p, len(data), content_hash(data)) for p, data in files.items()),
        directory=paths.version_dir(workflow.name, workflow.version),
        readme=files.get(paths.README, b"").decode("utf-8", "replace"),
        recorded=recorded_models(cassettes),
        manifest=files[paths.MANIFEST].decode("utf-8", "replace"),
        cassettes=cassettes,
    )
