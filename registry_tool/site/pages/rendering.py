"""A page in every language: a template, a context and what all pages share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from registry_tool.site import links
from registry_tool.site.contexts import Context, Words
from registry_tool.site.site import Site
from registry_tool.site.templates import LANGUAGES, environment, messages

Files = Iterator[tuple[str, bytes]]


def render(
    page: str, template: str, site: Site, worded: Callable[[Words], Context], about: str = ""
) -> Files:
    """The page in every language. `worded` gives the context, with its `title`, in a language's words."""
    for language in site.languages:
        words = messages(language)
        location = page if language == LANGUAGES[0] else f"{language}/{page}"
        context = worded(words)
        title = str(context.pop("title", site.name))
        context.setdefault("heading", title)
        text = (
            environment()
            .get_template(template)
            .render(
                **_shared(location, page, language, site),
                **context,
                title=title if title == site.name else f"{title} · {site.name}",
                about=about or site.settings.description or words["tagline"],
                t=words,
            )
        )
        yield location, text.encode()


def _shared(location: str, page: str, language: str, site: Site) -> Context:
    base = links.up(location)
    other = LANGUAGES[1] if language == LANGUAGES[0] else LANGUAGES[0]
    return {
        "registry": site.settings,
        "has_feed": True,
        "lang": language,
        "other_lang": other,
        "base": base,
        "home": base if language == LANGUAGES[0] else f"{base}{language}/",
        "other_url": f"{base}{page}" if other == LANGUAGES[0] else f"{base}{other}/{page}",
        "canonical": f"{site.base_url}/{location}" if site.base_url else "",
    }
