"""Where the templates are and how they are filled: everything escaped, an unknown name is an error."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from registry_tool.core.errors import NotFoundError
from registry_tool.core.files import read_json

_MARKS = re.compile(r"[\\`*_\[\]<>#|~!]")
LANGUAGES = ("en", "zh")
_HERE = Path(__file__)


@cache
def folder() -> Path:
    """`site_templates/` of a source checkout, or its copy in an installed package."""
    for found in (_HERE.parents[2] / "site_templates", _HERE.parents[1] / "_data/site_templates"):
        if (found / "base.html").is_file():
            return found
    raise NotFoundError("the templates of the site are missing", hint="install the tool again")


@cache
def environment() -> Environment:
    """The template environment; templates are compiled once."""
    return Environment(
        loader=FileSystemLoader(folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        auto_reload=False,
        keep_trailing_newline=True,
    )


@cache
def plain_environment() -> Environment:
    """The environment of Markdown twins and other plain text: nothing is escaped; `twin` is a page's twin.

    `line` makes a stranger's words one line that is text alone: no link, heading, list or code.
    """
    made = environment().overlay(autoescape=False, lstrip_blocks=True)
    made.filters = {
        **made.filters,
        "twin": lambda page: f"{page.removesuffix('.html')}.md",
        "line": lambda text: _MARKS.sub(r"\\\g<0>", " ".join(text.split())),
    }
    return made


@cache
def messages(language: str) -> dict[str, str]:
    """The words of a language by key."""
    return cast(dict[str, str], read_json(folder() / f"messages.{language}.json"))


def assets() -> list[tuple[str, bytes]]:
    """(path, bytes) of what the browser loads, by path."""
    return [
        (f"assets/{path.name}", path.read_bytes()) for path in sorted(folder().glob("assets/*"))
    ]
