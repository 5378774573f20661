"""The product's own documentation as pages: docs/*.md, and one page for every rule of docs/rules.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from registry_tool.core.errors import NotFoundError
from registry_tool.site.markdown import TAGS, scrollable

RULES = "rules"
INDEX = "README"
_HERE = Path(__file__)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, **{tag: {"id"} for tag in _HEADINGS}}


@dataclass(frozen=True, slots=True)
class Article:
    """A page of documentation: its name in addresses, its first heading, and its Markdown below that."""

    name: str
    title: str
    text: str


@cache
def docs_folder() -> Path:
    """`docs/` of a source checkout, or its copy in an installed package."""
    for found in (_HERE.parents[2] / "docs", _HERE.parents[1] / "_data/docs"):
        if (found / f"{INDEX}.md").is_file():
            return found
    raise NotFoundError("the documentation is missing", hint="install the tool again")


@cache
def documents() -> Mapping[str, Article]:
    """Every page of docs/ but the rules, by name; `README` is the front."""
    found = (_document(path) for path in sorted(docs_folder().glob("*.md")))
    return {page.name: page for page in found if page.name != RULES}


@cache
def rules() -> Mapping[str, Article]:
    """Every rule's section of docs/rules.md, by the rule's id."""
    text = (docs_folder() / f"{RULES}.md").read_text(encoding="utf-8")
    sections = _sections(text)
    return {name: Article(name, name, body) for name, body in sections.items()}


@cache
def rules_lead() -> str:
    """What docs/rules.md says before the first rule."""
    text = (docs_folder() / f"{RULES}.md").read_text(encoding="utf-8")
    return _without_title(text.partition("\n## ")[0])


def _document(path: Path) -> Article:
    text = path.read_text(encoding="utf-8")
    title = text.partition("\n")[0].lstrip("# ").strip()
    return Article(path.stem, title, _without_title(text))


def _without_title(text: str) -> str:
    return text.partition("\n")[2].strip() if text.startswith("# ") else text


def _sections(text: str) -> dict[str, str]:
    """Text by second-level heading, wherever that is not inside a fence."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    fenced = False
    for line in text.splitlines():
        fenced ^= line.startswith("```")
        if line.startswith("## ") and not fenced:
            lines = found.setdefault(line[3:].strip(), [])
        else:
            lines.append(line)
    return {name: "\n".join(body).strip() for name, body in found.items()}


@cache
def _reader() -> Any:  # MarkdownIt's options are untyped
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def html(document: Article, root: str) -> Markup:
    """The page's HTML: headings have GitHub's anchors, links lead to this site's pages from `root`."""
    tokens = _reader().parse(document.text)
    seen: dict[str, int] = {}
    for position, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", _anchor(tokens[position + 1].content, seen))
        for inner in token.children or ():
            if inner.type == "link_open":
                inner.attrSet("href", _led(str(inner.attrGet("href") or ""), root))
    made = _reader().renderer.render(tokens, _reader().options, {})
    kept = nh3.clean(
        made,
        tags=TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
    plain = kept.replace('<a rel="nofollow noopener noreferrer">', "<a>")
    return Markup(scrollable(plain))  # noqa: S704 - cleaned above


def _anchor(heading: str, seen: dict[str, int]) -> str:
    """GitHub's anchor of a heading."""
    made = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
    seen[made] = seen.get(made, -1) + 1
    return f"{made}-{seen[made]}" if seen[made] else made


def _led(href: str, root: str) -> str:
    """Where a link of docs/ leads on the site; what stands in the repository alone leads nowhere."""
    path, _, anchor = href.partition("#")
    if ":" in path:
        return href
    if not path:
        return f"{root}{RULES}/{anchor}/index.html" if anchor in rules() else href
    name = PurePosixPath(path).stem
    if path == f"{RULES}.md":
        return (
            f"{root}{RULES}/{anchor}/index.html"
            if anchor in rules()
            else f"{root}{RULES}/index.html"
        )
    if path.endswith(".md") and "/" not in path and name in documents():
        target = f"{root}docs/index.html" if name == INDEX else f"{root}docs/{name}/index.html"
        return f"{target}#{anchor}" if anchor else target
    return ""
