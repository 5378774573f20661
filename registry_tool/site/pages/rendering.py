"""A page in every language, with its Markdown twin: a template, a context and what all pages share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from registry_tool.core.values import Object
from registry_tool.site import links
from registry_tool.site.contexts import Context, Words
from registry_tool.site.site import Site
from registry_tool.site.templates import LANGUAGES, environment, messages, plain_environment

Files = Iterator[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page: where it stands below a language's root, and the templates `<template>.html` and `<template>.md`.

    `worded` gives the context, with its `title`, in a language's words. `about` is what search engines show;
    `described` is what they read (JSON-LD). A page without a twin has `twin` False.
    """

    path: str
    template: str
    worded: Callable[[Words], Context]
    about: str = ""
    described: Object = field(default_factory=dict)
    twin: bool = True
    root: str = ""


def render(page: Page, site: Site) -> Files:
    """The page and its twin in every language."""
    for language in site.languages:
        words = {**messages(language), **site.own_words(language)}
        context = page.worded(words)
        title = str(context.pop("title", site.name))
        shared: Context = {
            **_shared(page, language, site),
            "heading": title,
            "title": title if title == site.name else f"{title} · {site.name}",
            "about": page.about or words["registry_description"] or words["tagline"],
            "t": words,
            **context,
        }
        template = environment(language).get_template(f"{page.template}.html")
        yield location(page.path, language), template.render(shared).encode()
        if page.twin:
            template = plain_environment(language).get_template(f"{page.template}.md")
            yield links.twin(location(page.path, language)), template.render(shared).encode()


def location(path: str, language: str) -> str:
    """Where a page in a language stands."""
    return path if language == LANGUAGES[0] else f"{language}/{path}"


def _shared(page: Page, language: str, site: Site) -> Context:
    here = location(page.path, language)
    base = page.root or links.up(here)
    known = bool(site.base_url) and not page.root  # a page for every address has none of its own
    other = LANGUAGES[1] if language == LANGUAGES[0] else LANGUAGES[0]
    return {
        "registry": site.settings,
        "deployments_shown": site.deployed is not None,
        "lang": language,
        "other_lang": other,
        "base": base,
        "root": site.base_url,
        "home": base if language == LANGUAGES[0] else f"{base}{language}/",
        "own_search": False,
        "other_url": base + location(page.path, other),
        "twin": links.twin(here) if page.twin else "",
        "canonical": absolute(site, here) if known else "",
        "alternates": _alternates(page.path, site) if known else [],
        "json_ld": _json_ld(page.described) if page.described else "",
    }


def absolute(site: Site, path: str) -> str:
    """A page's address in full: a folder's index is the folder."""
    short = path.removesuffix("index.html") if f"/{path}".endswith("/index.html") else path
    return f"{site.base_url}/{quote(short, safe='/~+.@')}"


def _alternates(path: str, site: Site) -> list[tuple[str, str]]:
    found = [(language, absolute(site, location(path, language))) for language in site.languages]
    return [*found, ("x-default", absolute(site, path))]


def _json_ld(value: Object) -> Markup:
    """JSON that can stand in a `<script>`: nothing in it ends the element."""
    text = json.dumps({"@context": "https://schema.org", **value}, ensure_ascii=False)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - no sign of markup is left


def absolute_root(site: Site) -> str:
    """The site's root on its host, such as `/registry/`; `/` where nobody knows it."""
    return f"{urlsplit(site.base_url).path}/"
