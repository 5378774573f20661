"""URL path → JSON document, computed from the catalogue alone (SPEC.md §3).

| path below api/v1/ | rebuilt when |
| --- | --- |
| index.json | anything changes |
| workflows.json, workflows/page/<n>.json, categories/, authors/, tags/ | a latest version changes |
| workflows/<name>.json | its latest version changes |
| workflows/<name>/versions.json, sparse/<xx>/<name> | a version is added or yanked |
| workflows/<name>/<version>.json, packages/ | never, once written |
| openapi.json, schemas/ | the tool changes |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import cast
from urllib.parse import quote

from registry_tool.api.openapi import openapi
from registry_tool.catalogue.documents import by_author, by_category, by_tag, summary
from registry_tool.catalogue.model import Catalogue, Line, PublishedVersion
from registry_tool.catalogue.score import score
from registry_tool.core.files import canonical_json, pretty_json
from registry_tool.core.values import Object, Value
from registry_tool.manifest.compile import compile_value
from registry_tool.manifest.dating import at
from registry_tool.manifest.digest import content_hash
from registry_tool.manifest.schemas import SCHEMA_FILES, schema_text
from registry_tool.resolver.bump import needed_after, predecessor
from registry_tool.resolver.differences import differences, required_bump
from registry_tool.resolver.version import Bump, bump_between
from registry_tool.store.paths import package_file

ROOT = "api/v1"
PAGE_SIZE = 100


def api_files(catalogue: Catalogue) -> Iterator[tuple[str, bytes]]:
    """(path from the site's root, bytes) of every document but the packages."""
    for path, document in documents(catalogue):
        yield f"{ROOT}/{path}", pretty_json(document).encode()
    for line in catalogue.lines:
        yield f"{ROOT}/{sparse_path(line.name)}", sparse_lines(line)
    for name in SCHEMA_FILES:
        yield f"{ROOT}/schemas/{name}", schema_text(name).encode()


def documents(catalogue: Catalogue) -> Iterator[tuple[str, Value]]:
    """(path below api/v1/, document) of every JSON document."""
    yield "index.json", _index(catalogue)
    yield "openapi.json", openapi(catalogue.settings.url)
    newest = by_update(catalogue.lines)
    pages = _pages(newest)
    for number, page in enumerate(pages, 1):
        document = _page(catalogue, page, number, len(pages), len(newest))
        if number == 1:
            yield "workflows.json", document
        yield f"workflows/page/{number}.json", document
    for kind, groups in (
        ("categories", by_category(catalogue)),
        ("authors", by_author(catalogue)),
        ("tags", by_tag(catalogue)),
    ):
        for key, lines in groups.items():
            yield f"{kind}/{segment(key)}.json", [summary(catalogue, line) for line in lines]
    for line in catalogue.lines:
        yield f"workflows/{line.name}.json", resource(line, line.latest)
        yield f"workflows/{line.name}/versions.json", _versions(line)
        for version in line.versions:
            yield f"workflows/{line.name}/{version.number}.json", resource(line, version)


def segment(key: str) -> str:
    """One path segment for any key: percent-encoded, so that no key leaves its folder."""
    return quote(key, safe="@+ ").replace("%", "~").replace(" ", "+") if key.strip(".") else "~dot"


def by_update(lines: Iterable[Line]) -> list[Line]:
    """Newest update first; of equal ones, by name."""
    return sorted(
        sorted(lines, key=lambda line: line.name),
        key=lambda line: at(line.latest.released),
        reverse=True,
    )


def _pages(lines: Sequence[Line]) -> list[Sequence[Line]]:
    return [lines[start : start + PAGE_SIZE] for start in range(0, len(lines), PAGE_SIZE)] or [()]


def _page(
    catalogue: Catalogue, lines: Iterable[Line], number: int, pages: int, total: int
) -> Object:
    return {
        "workflows": [summary(catalogue, line) for line in lines],
        "pagination": {
            "page": number,
            "pages": pages,
            "per_page": PAGE_SIZE,
            "total": total,
            "next": f"workflows/page/{number + 1}.json" if number < pages else None,
            "previous": f"workflows/page/{number - 1}.json" if number > 1 else None,
        },
    }


def _index(catalogue: Catalogue) -> Object:
    return {
        "name": catalogue.settings.name,
        "url": catalogue.settings.url,
        "description": catalogue.settings.description,
        "commit": catalogue.commit,
        "workflows": len(catalogue.lines),
        "versions": sum(len(line.versions) for line in catalogue.lines),
        "links": {
            "workflows": "workflows.json",
            "openapi": "openapi.json",
            "categories": {
                key: f"categories/{segment(key)}.json" for key in by_category(catalogue)
            },
            "authors": {key: f"authors/{segment(key)}.json" for key in by_author(catalogue)},
            "tags": {key: f"tags/{segment(key)}.json" for key in by_tag(catalogue)},
        },
    }


def resource(line: Line, version: PublishedVersion) -> Object:
    """A WorkflowResource: metadata, spec, security and status of one version."""
    compiled = compile_value(version.workflow)
    return {
        **compiled,
        "status": {
            "digest": version.digest,
            "latest": version is line.latest,
            "yanked": version.yanked or None,
            "notice": version.notice.to_value() if version.notice else None,
            "deprecated": line.owners.deprecated.reason if line.owners.deprecated else None,
            "replacement": version.notice.replacement or None if version.notice else None,
            "released": version.released,
            "score": score(version).to_value(),
            "size": version.size,
            "package": package_path(version),
            "files": [file.path for file in version.files],
        },
    }


def package_path(version: PublishedVersion) -> str:
    """Where the package is, below api/v1/."""
    return f"packages/{version.name}/{package_file(version.name, version.number)}"


def _versions(line: Line) -> Value:
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


def sparse_path(name: str) -> str:
    """`sparse/<xx>/<name>`; xx are the name's first two characters."""
    return f"sparse/{name[:2].ljust(2, '_')}/{name}"


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


def summed(item: Object) -> bytes:
    """Canonical JSON with `sum`, the first 16 hex digits of SHA-256 over the rest: a flipped byte shows."""
    return canonical_json({**item, "sum": content_hash(canonical_json(item))[:16]})
