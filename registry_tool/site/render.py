"""The catalogue site: every file of it, a pure function of the catalogue.

| page | rebuilt when |
| --- | --- |
| index.html, lists by category, author and tag, search.json, feed.xml | a latest version changes |
| workflows/<name>/index.html, workflows/<name>/<version>/index.html | the line or its dependents change |
| assets/, 404.html | the templates change |

Each page stands at the root in English and below zh/ in Chinese.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from registry_tool.catalogue.model import Catalogue, Line, PublishedVersion
from registry_tool.manifest.dating import at, moment
from registry_tool.site import contexts, links
from registry_tool.site.contexts import Context, Words
from registry_tool.site.templates import LANGUAGES, assets, environment, messages

_FEED_ENTRIES = 50
_FULL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)")


def site_files(catalogue: Catalogue, *, base_url: str = "") -> Iterator[tuple[str, bytes]]:
    """(path from the site's root, bytes) of every file; `base_url` is where the site will be served."""
    site = _Site(catalogue, base_url.rstrip("/"))
    yield from assets()
    yield (
        "search.json",
        json.dumps(
            contexts.search_index(catalogue.lines), ensure_ascii=False, separators=(",", ":")
        ).encode(),
    )
    if site.has_feed:
        yield "feed.xml", _feed(catalogue, site.root)
    if site.root:
        yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {site.root}/sitemap.xml\n".encode()
        yield "sitemap.xml", _sitemap(catalogue, site.root)
    yield from site.pages()


class _Site:
    def __init__(self, catalogue: Catalogue, root: str) -> None:
        self.catalogue = catalogue
        self.root = root
        self.has_feed = any(
            version.released for line in catalogue.lines for version in line.versions
        )

    def pages(self) -> Iterator[tuple[str, bytes]]:
        yield from self._page(
            "index.html", "home.html", self._name(), contexts.home(self.catalogue)
        )
        yield from self._page("404.html", "not_found.html", self._name(), {})
        for kind, group in contexts.KINDS.items():
            context: Context = {"groups": contexts.groups(self.catalogue, kind), "kind": kind}
            yield from self._page(f"{kind}.html", "groups.html", kind, context)
            titles = self.catalogue.settings.categories if kind == "categories" else {}
            for key, lines in group(self.catalogue).items():
                yield from self._listing(
                    kind, key, titles.get(key) or contexts.group_title(kind, key), lines
                )
        for line in self.catalogue.lines:
            yield from self._line(line)

    def _name(self) -> str:
        return self.catalogue.settings.name

    def _listing(
        self, kind: str, key: str, title: str, lines: list[Line]
    ) -> Iterator[tuple[str, bytes]]:
        context: Context = {
            "items": [contexts.card(line) for line in contexts.newest(lines)],
            "heading": title,
            "kind": kind,
            "kind_url": f"{kind}.html",
        }
        yield from self._page(links.group_page(kind, key), "listing.html", title, context)

    def _line(self, line: Line) -> Iterator[tuple[str, bytes]]:
        for version in line.versions:
            context: Context = {"w": contexts.workflow(self.catalogue, line, version)}
            page = links.version_page(line.name, version.number)
            yield from self._version(page, version, context)
            if version is line.latest:
                yield from self._version(links.line_page(line.name), version, context)

    def _version(
        self, page: str, version: PublishedVersion, context: Context
    ) -> Iterator[tuple[str, bytes]]:
        title = f"{version.name} {version.number}"
        yield from self._page(page, "workflow.html", title, context, version)

    def _page(
        self,
        page: str,
        template: str,
        title: str,
        context: Context,
        version: PublishedVersion | None = None,
    ) -> Iterator[tuple[str, bytes]]:
        """The page in every language."""
        for language in LANGUAGES:
            words = messages(language)
            location = page if language == LANGUAGES[0] else f"{language}/{page}"
            shared = self._shared(location, page, language, words)
            filled = {**context, **_worded(context, words, version)}
            heading = words.get(title, title)  # a kind's own name is one of the words
            filled.setdefault("heading", heading)
            name = self._name()
            full = heading if heading == name else f"{heading} · {name}"
            about = version.workflow.metadata.description if version else self._about(words)
            text = (
                environment()
                .get_template(template)
                .render(**shared, **filled, title=full, about=about, t=words)
            )
            yield location, text.encode()

    def _about(self, words: Words) -> str:
        return self.catalogue.settings.description or words["tagline"]

    def _shared(self, location: str, page: str, language: str, words: Words) -> Context:
        base = links.up(location)
        other = LANGUAGES[1] if language == LANGUAGES[0] else LANGUAGES[0]
        return {
            "registry": self.catalogue.settings,
            "has_feed": self.has_feed,
            "lang": language,
            "other_lang": other,
            "base": base,
            "home": base if language == LANGUAGES[0] else f"{base}{language}/",
            "other_url": f"{base}{page}" if other == LANGUAGES[0] else f"{base}{other}/{page}",
            "canonical": f"{self.root}/{location}" if self.root else "",
        }


def _worded(context: Context, words: Words, version: PublishedVersion | None) -> Context:
    """What of a context depends on the language."""
    if version is not None and isinstance(page := context["w"], dict):
        return {
            "w": {
                **page,
                "inputs": [contexts.notes(port, words) for port in page["inputs"]],
                "outputs": [contexts.notes(port, words) for port in page["outputs"]],
                "security": contexts.security(version.workflow, words),
            }
        }
    return {"kind": words[str(context["kind"])]} if "kind" in context else {}


def _feed(catalogue: Catalogue, root: str) -> bytes:
    versions = [v for line in catalogue.lines for v in line.versions if v.released]
    versions.sort(key=lambda version: (version.name, version.number))
    versions.sort(key=lambda version: at(version.released), reverse=True)
    entries = [
        {
            "name": version.name,
            "version": version.number,
            "digest": version.digest,
            "released": _instant(version.released),
            "description": version.workflow.metadata.description,
            "url": links.version_page(version.name, version.number),
        }
        for version in versions[:_FEED_ENTRIES]
    ]
    text = (
        environment()
        .get_template("feed.xml")
        .render(
            registry=catalogue.settings,
            root=root,
            feed_id=f"{root}/feed.xml"
            if root
            else f"urn:registry:{links.segment(catalogue.settings.name)}",
            updated=entries[0]["released"],
            entries=entries,
        )
    )
    return text.encode()


def _instant(written: str) -> str:
    """A full RFC 3339 moment, as Atom wants it, from what a manifest may write."""
    return written if _FULL.fullmatch(written) else moment(at(written))


def _sitemap(catalogue: Catalogue, root: str) -> bytes:
    pages = ["index.html", *(links.line_page(line.name) for line in catalogue.lines)]
    locations = "".join(f"<url><loc>{root}/{page}</loc></url>" for page in pages)
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'{head}<urlset xmlns="{space}">{locations}</urlset>\n'.encode()
