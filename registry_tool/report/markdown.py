"""Strangers' text inside Markdown: shown as it is, never obeyed."""

from __future__ import annotations

import re

from registry_tool.report.text import inert

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~@:&$<>])")
_LONGEST = 400


def plain(text: str) -> str:
    """One line that Markdown and HTML show as it is; mentions, links and references do nothing."""
    line = inert(text.replace("\n", " "))
    line = line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
    return _SPECIAL.sub(lambda match: _ENTITIES.get(match[1], f"\\{match[1]}"), line)


_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "@": "&#64;", "#": "&#35;", ":": "&#58;"}


def fenced(text: str, language: str = "") -> str:
    """A code block that its own content can't close."""
    shown = inert(text)
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{shown}\n{fence}"
