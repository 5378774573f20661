"""URL path → JSON document (SPEC.md §3), each made of what it shows alone.

| path below api/v1/ | made of | changes when |
| --- | --- | --- |
| index.json | counts and groups | anything changes |
| workflows.json | the 100 latest updates | a latest version changes |
| workflows/page/<n>.json | the workflows of 100 slots, in order of first publication | one of them changes |
| categories/, authors/, tags/ | the summaries of a group | one of them changes |
| workflows/<name>.json | the line's latest version | it does |
| workflows/<name>/versions.json, sparse/<xx>/<name> | the line | a version is added or yanked |
| workflows/<name>/downloads.json | its downloads by week, where somebody counts them | they are counted anew |
| dependents/<name>.json | the workflows whose latest version requires it | one of them is published |
| workflows/<name>/<version>.json, packages/ | the version | its owners say something against it |
| sboms/<name>/<name>-<version>.cdx.json | the version | never |
| openapi.json, schemas/ | the tool and the settings | they do |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from registry_tool.api.layout import INDEX, ROOT, sparse_path, summed
from registry_tool.api.openapi.document import openapi
from registry_tool.catalogue.downloads import weekly_growth
from registry_tool.catalogue.model import Line, PublishedVersion, RegistrySettings
from registry_tool.catalogue.sbom.document import sbom
from registry_tool.catalogue.sbom.parts import SbomSubject
from registry_tool.catalogue.score import score
from registry_tool.catalogue.summaries import Summary, public
from registry_tool.core.large_json import pretty
from registry_tool.core.segments import path_segment
from registry_tool.core.values import Object, Value
from registry_tool.manifest.compile import compile_value
from registry_tool.manifest.owners import Owners
from registry_tool.manifest.schemas import SCHEMA_FILES, schema_text
from registry_tool.resolver.bump import needed_after, predecessor
from registry_tool.resolver.differences import differences, required_bump
from registry_tool.resolver.version import Bump, bump_between
from registry_tool.store.paths import package_file, sbom_file

PAGE_SIZE = 100
Files = Iterator[tuple[str, bytes]]
"""(path from the site's root, bytes)."""


def fixed_documents(settings: RegistrySettings) -> Files:
    """What knows no workflow."""
    yield _json("openapi.json", openapi(settings.url))
    for name in SCHEMA_FILES:
        yield f"{ROOT}/schemas/{name}", schema_text(name).encode()


def version_document(owners: Owners, version: PublishedVersion) -> Files:
    """A version's WorkflowResource and bill of materials; the line's own document says which is the latest."""
    yield _json(f"workflows/{version.name}/{version.number}.json", resource(owners, version))
    yield _json(sbom_path(version), sbom(_described(version)))


def _described(version: PublishedVersion) -> SbomSubject:
    return SbomSubject(
        version.workflow, version.digest, version.files, version.recorded, version.released
    )


_DEPENDENT_KEYS = ("name", "version", "author", "description")


def line_documents(line: Line, dependents: Sequence[Summary]) -> Files:
    """What a line says of its versions, and who requires it."""
    latest = resource(line.owners, line.latest)
    latest["status"] = {
        **cast(Object, latest["status"]),
        "latest": True,
        "certified": _certified(line, line.latest.number),
    }
    yield _json(f"workflows/{line.name}.json", latest)
    yield _json(f"workflows/{line.name}/versions.json", versions_document(line))
    yield f"{ROOT}/{sparse_path(line.name)}", sparse_lines(line)
    if line.weeks:
        yield _json(f"workflows/{line.name}/downloads.json", downloads_document(line))
    if dependents:
        requirers = list[Value](
            {key: other[key] for key in _DEPENDENT_KEYS} for other in dependents
        )
        yield _json(f"dependents/{line.name}.json", {"dependents": requirers})


def latest_document(latest: Iterable[Summary], total: int, pages: int) -> Files:
    """The latest updates, newest first; where they are not all, the pages of all come next."""
    shown = [public(summary) for summary in latest]
    pagination: Object = {
        "page": 1,
        "pages": pages,
        "per_page": PAGE_SIZE,
        "total": total,
        "next": "workflows/page/1.json" if total > len(shown) else None,
        "previous": None,
    }
    yield _json("workflows.json", {"workflows": list[Value](shown), "pagination": pagination})


def page_document(page: int, pages: int, entries: Iterable[Summary]) -> Files:
    """A page of all workflows in order of first publication; of `pages` it only tells whether one follows."""
    pagination: Object = {
        "page": page,
        "per_page": PAGE_SIZE,
        "next": f"workflows/page/{page + 1}.json" if page < pages else None,
        "previous": f"workflows/page/{page - 1}.json" if page > 1 else None,
    }
    shown = list[Value](map(public, entries))
    yield _json(f"workflows/page/{page}.json", {"workflows": shown, "pagination": pagination})


def group_path(kind: str, key: str) -> str:
    """Where the document of a category, author or tag is, from the site's root."""
    return f"{ROOT}/{kind}/{path_segment(key)}.json"


def group_document(kind: str, key: str, entries: Iterable[Summary]) -> Files:
    """The summaries of a category, author or tag, by name."""
    shown = sorted(map(public, entries), key=lambda summary: cast(str, summary["name"]))
    yield group_path(kind, key), pretty(list[Value](shown))


def index_document(  # noqa: PLR0913 - what it says, each by name
    settings: RegistrySettings,
    commit: str,
    workflows: int,
    versions: int,
    groups: Mapping[str, Iterable[str]],
    *,
    live: bool = False,
) -> Files:
    """Where everything is; `groups` are the keys of each kind, `live` says whether operations are answered."""
    links: Object = {"workflows": "workflows.json", "openapi": "openapi.json"}
    for kind, keys in groups.items():
        links[kind] = {key: f"{kind}/{path_segment(key)}.json" for key in sorted(keys)}
    yield (
        INDEX,
        pretty(
            {
                "name": settings.name,
                "url": settings.url,
                "description": settings.description,
                "commit": commit,
                "workflows": workflows,
                "versions": versions,
                "live": live,
                "links": links,
            }
        ),
    )


def _json(path: str, document: Value) -> tuple[str, bytes]:
    return f"{ROOT}/{path}", pretty(document)


def resource(owners: Owners, version: PublishedVersion) -> Object:
    """A WorkflowResource: metadata, spec, security and status of one version."""
    compiled = compile_value(version.workflow)
    return {
        **compiled,
        "status": {
            "digest": version.digest,
            "yanked": version.yanked or None,
            "notice": version.notice.to_value() if version.notice else None,
            "deprecated": owners.deprecated.reason if owners.deprecated else None,
            "replacement": version.notice.replacement or None if version.notice else None,
            "released": version.released,
            "score": score(version).to_value(),
            "size": version.size,
            "package": package_path(version),
            "sbom": sbom_path(version),
            "provenance": version.built.to_value() if version.built else None,
            "files": [file.path for file in version.files],
        },
    }


def _certified(line: Line, number: str) -> Value:
    """Who of the registry's maintainers vouches for a version, and since when; None where nobody does."""
    found = line.owners.certified.get(number)
    return {"by": found.by.login, "at": found.at} if found else None


def downloads_document(line: Line) -> Object:
    """Downloads by week, oldest first, quiet ones included; the first that is known only begins the count."""
    weeks: list[Value] = [
        {"week": week, "downloads": count, "total": total}
        for week, count, total in weekly_growth(line.weeks)
    ]
    return {"name": line.name, "total": max(line.weeks.values()), "weeks": weeks}


def package_path(version: PublishedVersion) -> str:
    """Where the package is, below api/v1/."""
    return f"packages/{version.name}/{package_file(version.name, version.number)}"


def sbom_path(version: PublishedVersion) -> str:
    """Where the bill of materials is, below api/v1/."""
    return f"sboms/{version.name}/{sbom_file(version.name, version.number)}"


def versions_document(line: Line) -> Value:
    """VersionInfo[], newest first; `bump` is what the release below was raised by, `required_bump` what the
    changes since then ask for.
    """
    infos: list[Value] = []
    numbers = [version.number for version in line.versions]
    for version in line.versions:
        below = predecessor(version.number, numbers)
        before = line.by_number[below] if below else None
        infos.append(
            {
                "version": version.number,
                "digest": version.digest,
                "released": version.released,
                "yanked": version.yanked or None,
                "notice": version.notice.to_value() if version.notice else None,
                "certified": _certified(line, version.number),
                "bump": bump_between(below, version.number) if below else None,
                "required_bump": _required(before, version) if before else None,
                "size": version.size,
                "package": package_path(version),
            }
        )
    return infos[::-1]


def _required(before: PublishedVersion, version: PublishedVersion) -> Bump:
    """What the changes ask for; a release that changes nothing that counts is a patch."""
    found = required_bump(differences(before.workflow, version.workflow))
    return needed_after(found if found != "none" else "patch", before.number)


def sparse_lines(line: Line) -> bytes:
    """What a resolver needs: one canonical JSON object a line, oldest version first; `sum` guards each line."""
    return b"".join(
        summed(
            {
                "name": version.name,
                "version": version.number,
                "digest": version.digest,
                "yanked": bool(version.yanked),
                **({"notice": version.notice.to_value()} if version.notice else {}),
                "requires": cast(
                    Value,
                    [
                        {"name": need.name, "range": need.range, "registry": need.registry}
                        for need in version.workflow.requires
                    ],
                ),
            }
        )
        + b"\n"
        for version in line.versions
    )
