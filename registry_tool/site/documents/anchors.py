"""Anchors of headings. A translation has those of the English page, so that a link holds in both languages."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from registry_tool.site.documents.articles import Article, documents

_FENCED: Final = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_HEADING: Final = re.compile(r"^#{1,6} +(.+?)(?: +#+)? *$", re.MULTILINE)


@cache
def own_anchors(article: Article) -> tuple[str, ...]:
    """GitHub's anchors of an article's headings (lines that begin with `#`, outside of fences), in their order."""
    seen: dict[str, int] = {}
    return tuple(
        _anchor(heading, seen)
        for part in _FENCED.split(article.text)
        for heading in _HEADING.findall(part)
    )


def anchors(article: Article) -> tuple[str, ...]:
    """The anchors that an article's headings have on the site."""
    own, original = own_anchors(article), documents().get(article.name)
    if original is None or original.language == article.language:
        return own
    english = own_anchors(original)
    return english if len(english) == len(own) else own


def anchor_in(article: Article, anchor: str) -> str:
    """What an anchor of an article's own is on the site."""
    own = own_anchors(article)
    return anchors(article)[own.index(anchor)] if anchor in own else anchor


def _anchor(heading: str, seen: dict[str, int]) -> str:
    made = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
    seen[made] = seen.get(made, -1) + 1
    return f"{made}-{seen[made]}" if seen[made] else made
