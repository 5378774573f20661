"""Catalogues made of values, without any file."""

from __future__ import annotations

from registry_tool.catalogue.model import Catalogue, Line, PublishedVersion, RegistrySettings
from registry_tool.manifest.model import Metadata, Requirement, Workflow
from registry_tool.manifest.notice import Notice
from registry_tool.resolver.latest import latest


def version(
    name: str, number: str, needs: tuple[Requirement, ...] = (), yanked: str = "", **about: object
) -> PublishedVersion:
    """A version without files; `about` is metadata."""
    workflow = Workflow(Metadata(name, number, **about), (), (), requires=needs)  # type: ignore[arg-type]
    notice = Notice(yanked) if yanked else None
    return PublishedVersion(
        workflow, f"sha256:{name}{number}", (), f"w/{name}/{number}", notice=notice
    )


def catalogue(*versions: PublishedVersion, **more: dict[str, int]) -> Catalogue:
    """All versions in lines, lines and versions in the given order; `more` are downloads and ratings."""
    lines = []
    for name in dict.fromkeys(v.name for v in versions):
        own = tuple(v for v in versions if v.name == name)
        best = latest([v.number for v in own], {v.number for v in own if v.yanked})
        lines.append(Line(name, own, next(v for v in own if v.number == best)))
    return Catalogue(RegistrySettings("test"), tuple(lines), **more)  # type: ignore[arg-type]
