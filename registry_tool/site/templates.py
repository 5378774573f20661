"""Where the templates are and how they are filled: everything escaped, an unknown name is an error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from markupsafe import Markup, escape

from registry_tool.core.errors import NotFoundError
from registry_tool.core.files import canonical_json, read_json
from registry_tool.core.values import Value
from registry_tool.manifest.digest import content_hash
from registry_tool.site.compiled_templates import compiled_templates
from registry_tool.site.constant_words import ConstantWords
from registry_tool.site.template_code import PageCode, escaped

_MARKS = re.compile(r"[\\`*_\[\]<>#|~!]")
_BACKTICKS = re.compile("`+")
LANGUAGES = ("en", "zh")
_HERE = Path(__file__)


@cache
def folder() -> Path:
    """`site_templates/` of a source checkout, or its copy in an installed package."""
    for found in (_HERE.parents[2] / "site_templates", _HERE.parents[1] / "_data/site_templates"):
        if (found / "base.html").is_file():
            return found
    raise NotFoundError("the templates of the site are missing", hint="install the tool again")


class _Environment(Environment):
    """Looks for a name in a dictionary's items first: Jinja asks for attributes, and ours are items.

    `words` are what templates hold as constants.
    """

    code_generator_class = PageCode
    escaped = staticmethod(escaped)
    words: Mapping[str, str] = MappingProxyType({})

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        found = super()._parse(source, name, filename)
        ConstantWords(self.words).visit(found)
        return found

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`obj.attribute` of a template."""
        if obj.__class__ is dict:
            try:
                return obj[attribute]
            except KeyError:
                pass
        return super().getattr(obj, attribute)


@cache
def environment(language: str = "") -> Environment:
    """The template environment, templates being compiled once; of a language, with its words in them."""
    made = _Environment(
        loader=FileSystemLoader(folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        auto_reload=False,
        keep_trailing_newline=True,
        bytecode_cache=compiled_templates(f"pages{_mark(language)}"),
    )
    made.words = messages(language) if language else {}
    made.filters["number"] = lambda number: f"{number:,}"
    made.filters["coded"] = _coded
    return made


def _mark(language: str) -> str:
    """Tells templates with one state of a language's words from all others."""
    if not language:
        return ""
    return f"-{language}-{content_hash(canonical_json(dict[str, Value](messages(language))))[:16]}"


@cache
def plain_environment(language: str = "") -> Environment:
    """The environment of Markdown twins: nothing is escaped; `twin` is a page's twin.

    `line` makes a stranger's words one line that is text alone: no link, heading, list or code; `code` and
    `fenced` make them code that nothing in them ends.
    """
    made = environment(language).overlay(
        autoescape=False,
        lstrip_blocks=True,
        bytecode_cache=compiled_templates(f"twins{_mark(language)}"),
    )
    made.filters = {
        **made.filters,
        "twin": lambda page: f"{page.removesuffix('.html')}.md",
        "line": lambda text: _MARKS.sub(r"\\\g<0>", " ".join(text.split())),
        "code": _code,
        "fenced": _fenced,
    }
    return made


def _coded(text: str) -> Markup:
    """A text with what stands between backticks as code."""
    parts = text.split("`")
    marked = (
        f"<code>{escape(part)}</code>" if n % 2 else escape(part) for n, part in enumerate(parts)
    )
    return Markup("").join(map(Markup, marked))


def _code(text: str) -> str:
    """A span of code (https://spec.commonmark.org/0.31.2/#code-spans)."""
    line = " ".join(text.split())
    marks = "`" * (_longest_run(line) + 1)
    edge = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{marks}{edge}{line}{edge}{marks}"


def _fenced(text: str, language: str) -> str:
    """A block of code."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _longest_run(text: str) -> int:
    return max(map(len, _BACKTICKS.findall(text)), default=0)


@cache
def messages(language: str) -> dict[str, str]:
    """The words of a language by key."""
    return cast(dict[str, str], read_json(folder() / f"messages.{language}.json"))


def assets() -> list[tuple[str, bytes]]:
    """(path, bytes) of what the browser loads, by path."""
    return [
        (f"assets/{path.name}", path.read_bytes()) for path in sorted(folder().glob("assets/*"))
    ]
