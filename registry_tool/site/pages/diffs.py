"""What changed between two versions: interface, prompts word by word, graph before and after, where data goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise

from registry_tool.catalogue.model import Line, PublishedVersion
from registry_tool.site import links
from registry_tool.site.contexts import Context, Words
from registry_tool.site.diagram import diagram, drawn_of
from registry_tool.site.facts.changes import changes_between
from registry_tool.site.facts.parts import prompts
from registry_tool.site.pages.rendering import Files, Page, render
from registry_tool.site.site import Site

_WORD = re.compile(r"\s+|[\u2e80-\uffef]|\w+|.", re.DOTALL)  # a Han character is a word


def diff_files(before: PublishedVersion, after: PublishedVersion, site: Site) -> Files:
    """The page of what changed from one version to a later one."""
    page = links.diff_page(after.name, before.number, after.number)
    found = _difference(before, after, links.up(page))
    changed = changes_between(before, after)

    def worded(words: Words) -> Context:
        return {
            "title": f"{after.name} {before.number} → {after.number}",
            "d": {**found, **changed.worded(words)},
        }

    yield from render(Page(page, "diff", worded), site)


def compare_files(line: Line, site: Site) -> Files:
    """The page where any two versions of a line are compared in the browser, with links to what is built."""
    numbers = [version.number for version in reversed(line.versions)]
    pairs = [
        (before, after, links.diff_page(line.name, before, after))
        for after, before in pairwise(numbers)
    ]

    def worded(words: Words) -> Context:
        return {
            "title": f"{line.name}: {words['diff_any']}",
            "name": line.name,
            "line_url": links.line_page(line.name),
            "numbers": numbers,
            "pairs": pairs,
        }

    yield from render(Page(links.compare_page(line.name), "compare", worded), site)


def _difference(before: PublishedVersion, after: PublishedVersion, base: str) -> Context:
    sides = _side(before, base, "before"), _side(after, base, "after")
    return {
        "name": after.name,
        "line_url": links.line_page(after.name),
        "before": sides[0],
        "after": sides[1],
        "prompts": list(_prompts(before, after)),
        "same_graph": _shape(before) == _shape(after),
    }


def _side(version: PublishedVersion, base: str, mark: str) -> Context:
    url = links.version_page(version.name, version.number)
    drawn = drawn_of(version.workflow)
    picture = diagram(
        drawn, version.reference, page=f"../../{version.number}/index.html", mark=mark
    )
    return {"number": version.number, "url": url, "diagram": picture}


def _shape(version: PublishedVersion) -> object:
    drawn = drawn_of(version.workflow)
    blocks = [(block.id, block.type, block.label) for block in drawn.workflow.blocks]
    return blocks, [(edge.id, edge.type) for edge in drawn.workflow.edges], drawn.arcs, drawn.ports


def _prompts(before: PublishedVersion, after: PublishedVersion) -> Iterator[Context]:
    old, new = prompts(before.workflow), prompts(after.workflow)
    for where in sorted(old.keys() | new.keys()):
        one, other = old.get(where, ""), new.get(where, "")
        if one != other:
            yield {"where": where, "parts": list(_words(one, other))}


_MOST_PAIRS = 250_000
"""Pairs of words that are compared one by one; longer texts are shown as a whole."""


def _words(one: str, other: str) -> Iterator[tuple[str, str]]:
    """(`same`, `gone` or `new`, text) of two texts, word by word."""
    old, new = _WORD.findall(one), _WORD.findall(other)
    if len(old) * len(new) > _MOST_PAIRS:
        yield "gone", one
        yield "new", other
        return
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", "".join(old[i1:i2])
        else:
            if i1 < i2:
                yield "gone", "".join(old[i1:i2])
            if j1 < j2:
                yield "new", "".join(new[j1:j2])
